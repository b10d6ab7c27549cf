"""Tables of auth: api_key, staff, sign_in, oidc_login, logout_token, audit, rate_bucket."""

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
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from cxcore.db.base import PERSONAL, Base

_ROLES = "'agent', 'front_desk', 'steward', 'admin'"


class ApiKey(Base):
    """A key that a service or a person uses. Only its digest is kept; it is shown once, when made or rotated."""

    __tablename__ = "api_key"
    __table_args__ = (CheckConstraint(f"role in ({_ROLES}, 'service')", name="role"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    previous: Mapped[bytes | None] = mapped_column(LargeBinary, comment="the digest before the last rotation")
    previous_until: Mapped[datetime | None]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    role: Mapped[str] = mapped_column(Text, server_default="service")
    made_by: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    rotated_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class Staff(Base):
    """Somebody who works here: known by the provider's issuer and subject, never by an address that may change hands.

    ``password``: argon2id, of those who may sign in when the provider does not answer; ``failures`` since the last
    success, and until when no further attempt is looked at.
    """

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("issuer", "subject"), CheckConstraint(f"role in ({_ROLES})", name="role"))

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    issuer: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text, comment="shown, never asked for")
    role: Mapped[str] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(server_default="true")
    password: Mapped[str | None] = mapped_column(Text)
    failures: Mapped[int] = mapped_column(server_default="0")
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_sign_in_at: Mapped[datetime | None]


class SignIn(Base):
    """A browser's session, or the one-time ticket that opens one; it acts with the rights of a key or of staff."""

    __tablename__ = "sign_in"
    __table_args__ = (
        CheckConstraint("kind in ('session', 'ticket')", name="kind"),
        CheckConstraint("method in ('key', 'ticket', 'oidc', 'password')", name="method"),
        CheckConstraint("num_nonnulls(api_key_id, staff_id) = 1", name="whose"),
    )

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    id: Mapped[UUID] = mapped_column(server_default=func.gen_random_uuid(), comment="by which it is listed and ended")
    kind: Mapped[str] = mapped_column(Text)
    api_key_id: Mapped[str | None] = mapped_column(ForeignKey("api_key.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    method: Mapped[str] = mapped_column(Text, server_default="key")
    provider_sid: Mapped[str | None] = mapped_column(Text, comment="the session at the provider that it came from")
    opened_at: Mapped[datetime] = mapped_column(server_default=func.now())
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]


class OidcLogin(Base):
    """A sign-in at the provider that has begun: what its answer must fit, for the one browser that began it."""

    __tablename__ = "oidc_login"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, comment="of the browser's secret")
    state: Mapped[str] = mapped_column(Text)
    nonce: Mapped[str] = mapped_column(Text)
    verifier: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime]


class LogoutToken(Base):
    """A logout token of the provider's that has had its effect, so that it has none again."""

    __tablename__ = "logout_token"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, comment="of the provider's name and its own")
    sid: Mapped[bytes | None] = mapped_column(LargeBinary, comment="digest of the session that it ended there")
    expires_at: Mapped[datetime]


class Audit(Base):
    """Who did what, of whom, when and why. Rows are added only: a trigger refuses changes."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_customer_id", "customer_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor: Mapped[str] = mapped_column(Text)
    act: Mapped[str] = mapped_column(Text)
    customer_id: Mapped[UUID | None]
    about: Mapped[str | None] = mapped_column(Text, comment="a field's name, a key's or a person's id")
    reason: Mapped[str | None] = mapped_column(Text, info=PERSONAL)


class RateBucket(Base):
    """How much a caller may still ask for; not worth a disk flush, since a crash only fills the buckets."""

    __tablename__ = "rate_bucket"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    actor: Mapped[str] = mapped_column(Text, primary_key=True)
    left: Mapped[float] = mapped_column(Double)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
