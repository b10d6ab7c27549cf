"""Tables of events: outbox, feed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, SmallInteger, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from cxcore.db.base import Base


class Outbox(Base):
    """Events in CloudEvents' terms (id, source, type, subject, time), thin: ids, no personal data.

    ``position`` is given when an event is written, ``sequence``, its place in the feed, once it is committed. By
    ``transaction`` those are found that a snapshot did not hold.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("sequence"),
        Index("ix_outbox_unnumbered", "position", postgresql_where=text("sequence is null")),
        Index("ix_outbox_transaction", "transaction"),
    )

    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    sequence: Mapped[int | None] = mapped_column(BigInteger, comment="null: not in the feed yet")
    id: Mapped[UUID]
    type: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]]
    occurred_at: Mapped[datetime] = mapped_column(server_default=func.now())
    transaction: Mapped[int | None] = mapped_column(
        BigInteger,
        server_default=text("(pg_current_xact_id())::text::bigint"),
        comment="that wrote it; null: before this was kept",
    )


class Feed(Base):
    """How far the feed goes: one row, whose lock makes those who number events take turns."""

    __tablename__ = "feed"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(BigInteger, comment="the last sequence given")
    forgotten: Mapped[int] = mapped_column(BigInteger, comment="the last sequence that is no longer kept")
