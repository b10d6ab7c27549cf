"""Tables of normalise: profile, observation, identifier, interaction, participant, conversation, normalisation.

No unique constraint on profile, identifier, interaction or participant without the profile's id, no trigger: so the
same schema distributes by profile (docs/decisions/0002-data-model.md).
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Text,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from cxcore.db.base import PERSONAL, Base


class Profile(Base):
    """A person as one source knows them, with the values of the newest observation."""

    __tablename__ = "profile"

    id: Mapped[UUID] = mapped_column(primary_key=True, comment="uuid5(source, key)")
    source_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("source.id"))
    key: Mapped[str] = mapped_column(Text, info=PERSONAL)
    name: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    given_name: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    family_name: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    birth_date: Mapped[date | None] = mapped_column(info=PERSONAL)
    language: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    address: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    attributes: Mapped[dict[str, Any]] = mapped_column(info=PERSONAL)
    name_key: Mapped[str] = mapped_column(Text, info=PERSONAL, comment="the name made comparable; empty without one")
    observed_at: Mapped[datetime] = mapped_column(comment="event time of the values shown")
    revision: Mapped[bytes] = mapped_column(LargeBinary, comment="decides between values of equal age")
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Observation(Base):
    """What a source said of a person it has an id for, each distinct state with the first and last time it was seen."""

    __tablename__ = "observation"

    profile_id: Mapped[UUID] = mapped_column(ForeignKey("profile.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    state: Mapped[dict[str, Any]] = mapped_column(info=PERSONAL)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class Identifier(Base):
    """An identifier that a profile shows or once showed, normalised, beside the source's own writing."""

    __tablename__ = "identifier"
    __table_args__ = (Index("ix_identifier_value", "scheme", "value", "issuer"),)

    profile_id: Mapped[UUID] = mapped_column(ForeignKey("profile.id", ondelete="CASCADE"), primary_key=True)
    scheme: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    issuer: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text, primary_key=True, info=PERSONAL)
    raw: Mapped[str] = mapped_column(Text, info=PERSONAL)
    verified: Mapped[bool]


class Interaction(Base):
    """One exchange of one profile. Its id begins with its record's: a range of ids finds what a record became."""

    __tablename__ = "interaction"
    __table_args__ = (
        # what a filtered page looks at stands in the key itself: it need not fetch rows to skip them
        PrimaryKeyConstraint("profile_id", "occurred_at", "id", postgresql_include=["channel", "direction", "kind"]),
        Index("ix_interaction_id", "id", "profile_id", unique=True),
        Index(
            "ix_interaction_conversation",
            "conversation_id",
            "occurred_at",
            "id",
            postgresql_where=text("conversation_id is not null"),
        ),
        {
            # keeps the key's visibility map fresh, so that the timeline's index-only scans stay index-only
            "postgresql_with": {
                "autovacuum_vacuum_insert_scale_factor": "0.02",
                "autovacuum_analyze_scale_factor": "0.02",
            }
        },
    )

    profile_id: Mapped[UUID] = mapped_column(ForeignKey("profile.id"))
    occurred_at: Mapped[datetime] = mapped_column(comment="event time")
    id: Mapped[UUID]
    source_id: Mapped[int] = mapped_column(SmallInteger)
    channel: Mapped[int] = mapped_column(SmallInteger)
    direction: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[int] = mapped_column(SmallInteger)
    role: Mapped[int] = mapped_column(SmallInteger)
    sequence: Mapped[int] = mapped_column(BigInteger, comment="of the source record it was made from")
    conversation_id: Mapped[UUID | None]
    subject: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    text: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    quoted: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    duration: Mapped[int | None] = mapped_column(Integer, comment="seconds")
    attributes: Mapped[dict[str, Any]] = mapped_column(info=PERSONAL, comment="flags, attachments and the source's own")
    received_at: Mapped[datetime] = mapped_column(server_default=func.now(), comment="receive time")


class Participant(Base):
    """Who else took part: agents, own mailboxes, third persons."""

    __tablename__ = "participant"

    profile_id: Mapped[UUID] = mapped_column(primary_key=True)
    interaction_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    role: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    address: Mapped[str | None] = mapped_column(Text, info=PERSONAL)


class Conversation(Base):
    """A thread of a source. Threads that turn out to be one share a root, the least of their ids."""

    __tablename__ = "conversation"
    __table_args__ = (
        Index("ix_conversation_joined", "id", postgresql_include=["root_id"], postgresql_where=text("root_id <> id")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, comment="uuid5(source, thread key)")
    root_id: Mapped[UUID] = mapped_column(index=True)
    source_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("source.id"))
    started_at: Mapped[datetime] = mapped_column(comment="event time of its first interaction")
    subject: Mapped[str | None] = mapped_column(Text, info=PERSONAL)


class Normalisation(Base):
    """How far each source's records have been normalised; its row lock is the claim of a worker."""

    __tablename__ = "normalisation"

    source_id: Mapped[int] = mapped_column(SmallInteger, ForeignKey("source.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, server_default="0", comment="all up to this one are done")
    reached: Mapped[int] = mapped_column(BigInteger, server_default="0", comment="the furthest it ever was")
