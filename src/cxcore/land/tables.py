"""Tables of land: source_record, place, landing, quarantine."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from cxcore.db.base import PERSONAL, Base


class SourceRecord(Base):
    """One version of one object as the source gave it. Never changed, only added to.

    The current version of an object is the one with the newest ``changed_at``, and without one the last landed.
    """

    __tablename__ = "source_record"
    __table_args__ = (Index("ix_source_record_id", "id", "sequence", unique=True),)

    source_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("source.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, comment="order of landing within the source")
    id: Mapped[UUID] = mapped_column(comment="uuid5(source, stream, key): the same for all versions")
    stream: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text, info=PERSONAL)
    digest: Mapped[bytes] = mapped_column(LargeBinary, comment="sha-256 of content, media type and changed_at")
    changed_at: Mapped[datetime | None] = mapped_column(comment="event time: the source's time of this version")
    received_at: Mapped[datetime] = mapped_column(server_default=func.now(), comment="receive time")
    deleted: Mapped[bool]
    media_type: Mapped[str] = mapped_column(Text)
    origin: Mapped[str | None] = mapped_column(Text, comment="where to look, e.g. a file and row")
    body: Mapped[bytes] = mapped_column(LargeBinary, info=PERSONAL)


class Place(Base):
    """Where a copy of a landed object lies at its source: an object with places lives until the last is gone."""

    __tablename__ = "place"
    __table_args__ = (Index("ix_place_record", "source_id", "record_id"),)

    source_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("source.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(Text, primary_key=True, comment="a numbering of the source, e.g. a folder")
    epoch: Mapped[int] = mapped_column(BigInteger, primary_key=True, comment="another when numbered anew")
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    record_id: Mapped[UUID] = mapped_column(comment="source_record.id, whatever its version")


class Landing(Base):
    """The last sequence given out per source; its row lock orders concurrent landings."""

    __tablename__ = "landing"

    source_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("source.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, server_default="0")


class Quarantine(Base):
    """A landed record that could not be understood, and why; replayed by hand or when the mapping improves."""

    __tablename__ = "quarantine"
    __table_args__ = (
        ForeignKeyConstraint(["source_id", "sequence"], ["source_record.source_id", "source_record.sequence"]),
    )

    source_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, comment="free of personal data")
    origin: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(Integer, server_default="1")
    quarantined_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_attempt_at: Mapped[datetime] = mapped_column(server_default=func.now())
