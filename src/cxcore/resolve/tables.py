"""Tables of resolve: customer, judgement, link."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from cxcore.db.base import PERSONAL, Base


class Customer(Base):
    """A resolved person or organisation. Its id survives merges and splits; every id ever issued stays here."""

    __tablename__ = "customer"
    __table_args__ = (
        CheckConstraint("(merged_into is null) = (retired_at is null)", name="retired_with_successor"),
        CheckConstraint("merged_into <> id", name="not_merged_into_itself"),
        Index("ix_customer_merged_into", "merged_into", postgresql_where=text("merged_into is not null")),
        Index("ix_customer_founder", "founder_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    founder_id: Mapped[UUID] = mapped_column(comment="the profile it began with; finds its id again after an unmerge")
    merged_into: Mapped[UUID | None] = mapped_column(comment="the living customer its id leads to, always in one hop")
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer, server_default="1", comment="counts changes of its links")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Link(Base):
    """Membership of a profile in a customer: derived, so a merge or unmerge never rewrites an interaction."""

    __tablename__ = "link"
    __table_args__ = (Index("ix_link_customer", "customer_id", "profile_id"),)

    profile_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID]
    since: Mapped[datetime] = mapped_column(server_default=func.now())


class Judgement(Base):
    """A decision on a pair of profiles: by a rule or by a person, with its evidence. Revoked, never deleted."""

    __tablename__ = "judgement"
    __table_args__ = (
        CheckConstraint("left_id < right_id", name="pair_in_order"),
        CheckConstraint("verdict in ('positive', 'negative', 'unsure')", name="verdict"),
        CheckConstraint("origin in ('rule', 'person')", name="origin"),
        Index("ix_judgement_live_left", "left_id", postgresql_where=text("revoked_at is null")),
        Index("ix_judgement_live_right", "right_id", postgresql_where=text("revoked_at is null")),
        Index(
            "uq_judgement_live_rule",
            "left_id",
            "right_id",
            "basis",
            unique=True,
            postgresql_where=text("revoked_at is null and origin = 'rule'"),
        ),
        Index(
            "ix_judgement_live_basis",
            "basis",
            postgresql_where=text("revoked_at is null and origin = 'rule'"),
        ),
        Index("ix_judgement_decision", "decision_id", postgresql_where=text("decision_id is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    left_id: Mapped[UUID]
    right_id: Mapped[UUID]
    verdict: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(Text, comment="which rule, or merge / separate for a person")
    basis: Mapped[str] = mapped_column(Text, info=PERSONAL, comment="what it rests on: the shared identifier")
    score: Mapped[float | None]
    evidence: Mapped[dict[str, Any]] = mapped_column(info=PERSONAL)
    model_version: Mapped[str] = mapped_column(Text)
    decision_id: Mapped[UUID | None] = mapped_column(comment="ties the pairs that one act of a person decided")
    actor: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    decided_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(Text)
