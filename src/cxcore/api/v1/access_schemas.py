"""What the API takes and gives of access: keys, staff, and the audit."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from cxcore.api.v1.inputs import Input, Reason, Sound
from cxcore.auth.policy import AccessRole
from cxcore.auth.scopes import Scope
from cxcore.resolve.fields import Field as ShownField

_DAY, _MONTH = 24 * 3600, 30 * 24 * 3600
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Sound]


class KeyIn(Input):
    """A key to make."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "booking engine", "scopes": ["customers:read"]}]}
    )

    name: Short = Field(description="Whose key it is.")
    scopes: list[Scope] = Field(
        min_length=1, max_length=50, description="What it may do; no more than whoever makes it."
    )
    role: AccessRole = Field(
        default=AccessRole.SERVICE, description="Whose view it has: what the role does not see, it does not give."
    )
    expires_at: AwareDatetime | None = Field(default=None, description="When it ends; null: when it is revoked.")


class RotateIn(Input):
    """How a key's secret is to be changed."""

    overlap_seconds: int = Field(
        default=_DAY, ge=0, le=_MONTH, description="For how long the secret before works beside the new one."
    )


class KeyOut(BaseModel):
    """A key without its secret."""

    id: str = Field(description="Its id, which is also the second part of the key.")
    name: str = Field(description="Whose key it is.")
    scopes: list[str] = Field(description="What it may do.")
    role: AccessRole = Field(description="Whose view it has.")
    made_by: str | None = Field(description="Who made it; null where nobody noted it.")
    created_at: datetime = Field(description="When it was made.")
    rotated_at: datetime | None = Field(description="When its secret was last changed.")
    previous_until: datetime | None = Field(description="Until when the secret before that works, too.")
    expires_at: datetime | None = Field(description="When it ends by itself.")
    revoked_at: datetime | None = Field(description="When it was revoked.")
    last_used_at: datetime | None = Field(description="When it was last used, to the minute.")


class MadeKeyOut(BaseModel):
    """A key with its secret, which is shown this once."""

    key: KeyOut = Field(description="The key.")
    secret: str = Field(description="The whole key, to be sent as `Authorization: Bearer`.")


class KeysOut(BaseModel):
    """A page of keys."""

    keys: list[KeyOut] = Field(description="Keys by their ids.")
    next: str | None = Field(description="What to give as `after` for the next page; null at the end.")


class StaffIn(Input):
    """Somebody to take on."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"issuer": "https://id.example", "subject": "248289761001", "name": "Kaisa", "role": "agent"}]
        },
    )

    issuer: Short = Field(description="The sign-in provider that knows them, by its issuer; local: none does.")
    subject: Short = Field(description="Their id there, the claim `sub`; of local: the name they sign in with.")
    name: Short = Field(description="What they are called here.")
    role: AccessRole = Field(description="What they are here; not service.")


class StaffChangeIn(Input):
    """What is to change; what is not named stays."""

    role: AccessRole | None = Field(default=None, description="Another role; not service.")
    active: bool | None = Field(default=None, description="false: their access and all their sessions end.")


class StaffOut(BaseModel):
    """One of the staff."""

    id: UUID = Field(description="Their id.")
    issuer: str = Field(description="The provider that knows them.")
    subject: str = Field(description="Their id there.")
    name: str = Field(description="What they are called.")
    email: str | None = Field(description="Their address, as the provider says; nobody is known by it.")
    role: AccessRole = Field(description="What they are here.")
    active: bool = Field(description="Whether they may sign in.")
    has_password: bool = Field(description="Whether they may sign in without the provider.")
    created_at: datetime = Field(description="When they were added.")
    last_sign_in_at: datetime | None = Field(description="When they last signed in.")


class EverybodyOut(BaseModel):
    """A page of the staff."""

    staff: list[StaffOut] = Field(description="By their ids.")
    next: UUID | None = Field(description="What to give as `after` for the next page; null at the end.")


class RevealIn(Input):
    """A value to be read that the role does not show."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"field": "birth_date", "reason": "asked for at check-in"}]}
    )

    field: ShownField = Field(description="Which field.")
    reason: Reason = Field(description="Why; kept with who read it and when.")


class RevealedOut(BaseModel):
    """A value as it is."""

    field: ShownField = Field(description="Which field.")
    value: str | None = Field(description="The value shown of it; null where none is known.")
    others: list[str] = Field(description="The values it was chosen over.")


class AuditedOut(BaseModel):
    """Something that was done."""

    id: int = Field(description="Counts up.")
    at: datetime = Field(description="When.")
    actor: str = Field(
        description="Who: `staff:<id>`, `key:<id>`, `operator` at the command line, or `provider`: its claim."
    )
    act: str = Field(description="What.")
    customer_id: UUID | None = Field(description="Of which customer, by the id it had then.")
    about: str | None = Field(description="Of what: a field's name, a key's or a person's id, what was read.")
    reason: str | None = Field(description="Why, where a reason is asked for.")


class AuditOut(BaseModel):
    """A page of the audit, newest first."""

    audit: list[AuditedOut] = Field(description="What was done.")
    next: int | None = Field(description="What to give as `before` for the next page; null at the end.")
