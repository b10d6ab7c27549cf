"""Tables of resolve: who is who (customer, link, judgement), the base it rests on, and which value is shown."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, Integer, LargeBinary, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY
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
        Index(
            "ix_judgement_person_left",
            "left_id",
            postgresql_where=text("revoked_at is null and origin = 'person'"),
        ),
        Index(
            "ix_judgement_person_right",
            "right_id",
            postgresql_where=text("revoked_at is null and origin = 'person'"),
        ),
        Index("ix_judgement_decision", "decision_id", postgresql_where=text("decision_id is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    left_id: Mapped[UUID]
    right_id: Mapped[UUID]
    verdict: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(Text, comment="which rule, or merge / separate / skip for a person")
    basis: Mapped[str] = mapped_column(Text, info=PERSONAL, comment="the rule again, or the person's decision")
    score: Mapped[float | None]
    evidence: Mapped[dict[str, Any]] = mapped_column(info=PERSONAL)
    model_version: Mapped[str] = mapped_column(Text)
    decision_id: Mapped[UUID | None] = mapped_column(comment="ties the pairs that one act of a person decided")
    actor: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    decided_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(Text)


class IdentityModel(Base):
    """A model, immutable once stored; one is active."""

    __tablename__ = "identity_model"
    __table_args__ = (Index("uq_identity_model_active", "active", unique=True, postgresql_where=text("active")),)

    version: Mapped[str] = mapped_column(Text, primary_key=True, comment="of the artefact's hash")
    artefact: Mapped[str] = mapped_column(Text, comment="canonical JSON")
    active: Mapped[bool]
    stored_at: Mapped[datetime] = mapped_column(server_default=func.now())
    activated_at: Mapped[datetime | None] = mapped_column(comment="the last time; null: never, it was tried at most")
    activated_by: Mapped[str | None] = mapped_column(Text)
    previous: Mapped[str | None] = mapped_column(Text, comment="the version that was active before")


class ModelSwitch(Base):
    """A change of the active model, and how far the customers are derived by the new one. One is open at most."""

    __tablename__ = "model_switch"
    __table_args__ = (
        CheckConstraint("open = (finished_at is null)", name="open_until_finished"),
        Index("uq_model_switch_open", "open", unique=True, postgresql_where=text("open")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(Text)
    undoes: Mapped[UUID | None] = mapped_column(comment="the switch that it takes back")
    actor: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    node_id: Mapped[int] = mapped_column(
        BigInteger, server_default="0", comment="components up to this node are derived"
    )
    open: Mapped[bool]
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]


class FormerLink(Base):
    """The links as a switch of models found them: what taking it back restores ids from. Of the last switch only."""

    __tablename__ = "former_link"

    switch_id: Mapped[UUID] = mapped_column(primary_key=True)
    profile_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID]


class Node(Base):
    """A distinct payload: what several profiles may show alike is compared once."""

    __tablename__ = "node"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    payload: Mapped[str] = mapped_column(Text, info=PERSONAL)


class Member(Base):
    """Which node a profile's payload is."""

    __tablename__ = "member"
    __table_args__ = (Index("ix_member_node", "node_id"),)

    profile_id: Mapped[UUID] = mapped_column(primary_key=True)
    node_id: Mapped[int] = mapped_column(BigInteger)


class NodeKey(Base):
    """The posting lists: which nodes a blocking key brings together. A key of more than 60 is retired, its rows stay."""

    __tablename__ = "node_key"
    __table_args__ = (Index("ix_node_key_node", "node_id"),)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    node_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class ValueName(Base):
    """Under which names the nodes show an identifier's value: so many people seem to use it."""

    __tablename__ = "value_name"

    key: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, comment="the value's blocking key"
    )
    name: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True, info=PERSONAL)
    nodes: Mapped[int] = mapped_column(Integer)


class Edge(Base):
    """Two nodes that share a live key and could be one person: the level code of each comparison."""

    __tablename__ = "edge"
    __table_args__ = (
        CheckConstraint("left_id < right_id", name="pair_in_order"),
        Index("ix_edge_right", "right_id"),
    )

    left_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    right_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    codes: Mapped[bytes] = mapped_column(LargeBinary)


class SurvivorshipChain(Base):
    """Which rules choose the value of a field that is shown: the newest row of a field holds, none means the default."""

    __tablename__ = "survivorship_chain"
    __table_args__ = (
        CheckConstraint("field in ('name', 'email', 'phone', 'language', 'birth_date', 'address')", name="field"),
    )

    version: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    field: Mapped[str] = mapped_column(Text)
    rules: Mapped[list[str] | None] = mapped_column(
        ARRAY(Text), comment="in their order; null leads back to the default"
    )
    sources: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}", comment="keys, best first")
    actor: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Correction(Base):
    """A value that a person put above what the sources say. It sits on a profile, so it follows every merge and split.

    Revoked, never deleted. No foreign key: a profile whose records are gone may come back, and finds it again.
    """

    __tablename__ = "correction"
    __table_args__ = (
        CheckConstraint("field in ('name', 'email', 'phone', 'language', 'birth_date', 'address')", name="field"),
        CheckConstraint("(revoked_at is null) = (revoked_by is null)", name="revoked_by_someone"),
        Index("ix_correction_profile", "profile_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    profile_id: Mapped[UUID]
    field: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(Text, info=PERSONAL)
    actor: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, info=PERSONAL)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(Text)
