"""Tables of webhooks: webhook, webhook_secret, webhook_delivery, webhook_attempt."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from cxcore.db.base import Base


class Webhook(Base):
    """A place that events are sent to."""

    __tablename__ = "webhook"
    __table_args__ = (CheckConstraint("state in ('active', 'disabled', 'paused')", name="state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    types: Mapped[list[str] | None] = mapped_column(ARRAY(Text), comment="null: all")
    state: Mapped[str] = mapped_column(Text, server_default="active")
    problem: Mapped[str | None] = mapped_column(Text, comment="why it is paused; free of personal data")
    reached: Mapped[int] = mapped_column(BigInteger, comment="position of the feed up to which deliveries were queued")
    failures: Mapped[int] = mapped_column(SmallInteger, server_default="0", comment="attempts in a row that failed")
    failing_since: Mapped[datetime | None]
    rests_until: Mapped[datetime | None] = mapped_column(comment="nothing is sent before; null: it does well")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_by: Mapped[str] = mapped_column(Text)


class WebhookSecret(Base):
    """A secret that signs; two live while one replaces the other."""

    __tablename__ = "webhook_secret"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"), index=True)
    key_id: Mapped[str] = mapped_column(Text, comment="the name of the key that seals the data key")
    wrapped: Mapped[bytes] = mapped_column(LargeBinary, comment="the data key: nonce and AES-256-GCM")
    sealed: Mapped[bytes] = mapped_column(LargeBinary, comment="the secret: nonce and AES-256-GCM")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime | None] = mapped_column(comment="null: it is the present one")


class WebhookDelivery(Base):
    """An event on its way to a webhook. It goes with its event, when that is no longer kept."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'delivered', 'failed')", name="state"),
        UniqueConstraint("sequence", "webhook_id"),
        Index("ix_webhook_delivery_due", "webhook_id", "due_at", postgresql_where=text("state = 'waiting'")),
        Index("ix_webhook_delivery_newest", "webhook_id", "sequence"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    sequence: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("outbox.sequence", ondelete="CASCADE"), comment="of the event"
    )
    state: Mapped[str] = mapped_column(Text, server_default="waiting")
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0", comment="since it was queued or sent anew")
    due_at: Mapped[datetime] = mapped_column(
        comment="when it is tried next; while it is under way, when it is free again"
    )


class WebhookAttempt(Base):
    """One attempt at a delivery, as its log shows it; what was answered is not kept."""

    __tablename__ = "webhook_attempt"
    __table_args__ = (Index("ix_webhook_attempt_delivery", "delivery_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_delivery.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    seconds: Mapped[float] = mapped_column(Double, comment="until it was answered, or given up")
    status: Mapped[int | None] = mapped_column(SmallInteger, comment="of the answer; null: there was none")
    problem: Mapped[str | None] = mapped_column(Text, comment="what went wrong without an answer, in our words")
