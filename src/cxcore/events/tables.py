"""Tables of events: outbox, feed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, SmallInteger, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from cxcore.db.base import Base


class Outbox(Base):
    """Events in CloudEvents' terms (id, source, type, subject, time), thin: ids, no personal data.

    ``position`` is given when an event is written, ``sequence``, its place in the feed, once it is committed.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("sequence"),
        Index("ix_outbox_unnumbered", "position", postgresql_where=text("sequence is null")),
    )

    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    sequence: Mapped[int | None] = mapped_column(BigInteger, comment="null: not in the feed yet")
    id: Mapped[UUID]
    type: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]]
    occurred_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Feed(Base):
    """How far the feed goes: one row, whose lock makes those who number events take turns."""

    __tablename__ = "feed"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(BigInteger, comment="the last sequence given")
    forgotten: Mapped[int] = mapped_column(BigInteger, comment="the last sequence that is no longer kept")
