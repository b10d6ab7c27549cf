"""Tables of pull: source, cursor, run, delivery."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from cxcore.db.base import Base


class Source(Base):
    """A configured account of a connector. Secrets stand in ``config`` as references (env:NAME, file:/path)."""

    __tablename__ = "source"
    __table_args__ = (
        CheckConstraint("key ~ '^[a-z][a-z0-9_-]{0,62}$'", name="key_form"),
        CheckConstraint("state in ('active', 'paused', 'stopped', 'leaving')", name="state"),
    )

    id: Mapped[int] = mapped_column(SmallInteger, Identity(always=True), primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    connector: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    config: Mapped[dict[str, Any]]
    region: Mapped[str] = mapped_column(Text, server_default="FI", comment="ISO 3166 country of phones without prefix")
    state: Mapped[str] = mapped_column(Text, server_default="active")
    problem: Mapped[str | None] = mapped_column(Text, comment="why it is stopped, for a person to put right")
    every: Mapped[int | None] = mapped_column(Integer, comment="seconds between pulls; null: as the worker is set")
    next_pull_at: Mapped[datetime] = mapped_column(server_default=func.now())
    wake_from: Mapped[datetime | None] = mapped_column(
        server_default=func.now(),
        comment="from when on a delivery can make it due; null while it is pulled, or waits because it failed",
    )
    woken: Mapped[bool] = mapped_column(server_default="false", comment="a delivery came while wake_from was null")
    failures: Mapped[int] = mapped_column(SmallInteger, server_default="0", comment="in a row")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Credential(Base):
    """A secret of a source, sealed by a key of its own, which a key outside the database seals."""

    __tablename__ = "credential"

    source_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("source.id", ondelete="CASCADE"), primary_key=True)
    field: Mapped[str] = mapped_column(Text, primary_key=True, comment="the setting that it is")
    key_id: Mapped[str] = mapped_column(Text, comment="the name of the key that seals the data key")
    wrapped: Mapped[bytes] = mapped_column(LargeBinary, comment="the data key: nonce and AES-256-GCM")
    sealed: Mapped[bytes] = mapped_column(LargeBinary, comment="the secret: nonce and AES-256-GCM")
    set_by: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Cursor(Base):
    """Where to go on in a stream; saved in the transaction that lands the page."""

    __tablename__ = "cursor"

    source_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("source.id", ondelete="CASCADE"), primary_key=True)
    stream: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[dict[str, Any]]
    complete_to: Mapped[datetime | None] = mapped_column(comment="by the source's clock, all before has been pulled")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Gap(Base):
    """A time of a stream that the source cannot give any more."""

    __tablename__ = "gap"

    source_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("source.id", ondelete="CASCADE"), primary_key=True)
    stream: Mapped[str] = mapped_column(Text, primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    until: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text, comment="free of personal data")
    noticed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Run(Base):
    """One pull of one stream: what it brought and how it ended."""

    __tablename__ = "run"
    __table_args__ = (
        CheckConstraint("state in ('running', 'done', 'left', 'failed', 'interrupted')", name="state"),
        Index("ix_run_source", "source_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    source_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("source.id", ondelete="CASCADE"))
    stream: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="running")
    pages: Mapped[int] = mapped_column(BigInteger, server_default="0")
    records: Mapped[int] = mapped_column(BigInteger, server_default="0", comment="handed over by the connector")
    landed: Mapped[int] = mapped_column(BigInteger, server_default="0", comment="of these, new or changed")
    done: Mapped[int | None] = mapped_column(BigInteger, comment="how far the source is read, in the connector's unit")
    total: Mapped[int | None] = mapped_column(BigInteger)
    error_code: Mapped[str | None] = mapped_column(Text)
    error: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ended_at: Mapped[datetime | None]


class SeenDelivery(Base):
    """What a delivery is known again by, so that none is taken twice; written with the records that it brought."""

    __tablename__ = "delivery"
    __table_args__ = (Index("ix_delivery_expires_at", "expires_at", postgresql_where=text("expires_at is not null")),)

    source_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("source.id", ondelete="CASCADE"), primary_key=True)
    mark: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True, comment="sha-256 of what was signed, or of an id"
    )
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime | None] = mapped_column(comment="null: never, since nothing dates what was signed")
