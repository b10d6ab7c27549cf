"""Schemes: how a sender proves that a delivery is its own, as data that an operator can write."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from cxcore.sdk.mapping.language import Expression

TOLERANCE = 300
LONGEST_TOLERANCE = 86_400
PART = re.compile(r"\{([a-z]*)\}")
PARTS = frozenset({"id", "timestamp", "body", "url", "method", "form"})

HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,100}$"), AfterValidator(str.lower)]
Tolerance = Annotated[int, Field(ge=1, le=LONGEST_TOLERANCE)]


class Handshake(StrEnum):
    """The question that a vendor asks when a webhook is set up."""

    META = "meta"
    X = "x"
    SLACK = "slack"
    ZOOM = "zoom"


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StandardWebhooks(_Entry):
    """https://www.standardwebhooks.com: ``v1`` HMAC-SHA256, ``v1a`` ed25519 where the package cryptography is there.

    A secret is base64 with or without ``whsec_``, or a public key with ``whpk_``. ``tolerance`` in seconds.
    """

    kind: Literal["standard"] = "standard"
    tolerance: Tolerance = TOLERANCE


class Hmac(_Entry):
    """A keyed hash in a header.

    ``header``: where the signature stands; of several names the first that is there. ``prefix``: what stands before
    it. ``field``: its name where the header is a list such as ``t=…,v1=…`` (it may stand there several times).
    ``signs``: what is signed, with ``{id}``, ``{timestamp}``, ``{body}``, ``{url}`` (as the sender sees it),
    ``{method}`` and ``{form}`` (form fields sorted by name, names and values without anything between).
    ``timestamp_header`` or ``timestamp_field``: the time of signing, in ``timestamp_unit``, at most ``tolerance``
    seconds off. ``id_header``: the delivery's id. ``body_digest``: the query parameter with the body's SHA-256 in hex,
    where the URL is signed and the body is no form.
    """

    kind: Literal["hmac"] = "hmac"
    header: HeaderName | tuple[HeaderName, ...]
    digest: Literal["sha1", "sha256"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = Field(default="", max_length=50)
    field: str | None = Field(default=None, pattern=r"^[a-z0-9_]{1,20}$")
    signs: str = Field(default="{body}", max_length=200)
    timestamp_header: HeaderName | None = None
    timestamp_field: str | None = Field(default=None, pattern=r"^[a-z0-9_]{1,20}$")
    timestamp_unit: Literal["s", "ms", "iso"] = "s"
    tolerance: Tolerance = TOLERANCE
    id_header: HeaderName | None = None
    body_digest: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_]{1,50}$")
    handshake: Handshake | None = None

    @property
    def parts(self) -> frozenset[str]:
        return frozenset(PART.findall(self.signs))

    @property
    def stamped(self) -> bool:
        return "timestamp" in self.parts

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if unknown := self.parts - PARTS:
            raise ValueError(f"signs knows no {{{min(unknown)}}}; it knows {', '.join(sorted(PARTS))}")
        if not self.header:
            raise ValueError("header names no header")
        if self.timestamp_field and not self.field:
            raise ValueError("timestamp_field needs field: both stand in one header")
        if self.stamped != bool(self.timestamp_header or self.timestamp_field):
            raise ValueError("a timestamp must be signed, and a signed one needs timestamp_header or timestamp_field")
        if "id" in self.parts and not self.id_header:
            raise ValueError("a signed id needs id_header")
        if self.body_digest and "url" not in self.parts:
            raise ValueError("body_digest needs a signed url")
        if "body" not in self.parts and not ("form" in self.parts and self.body_digest):
            raise ValueError("the body must be signed")
        return self


class HeaderSecret(_Entry):
    """The secret itself in a header, after ``prefix``: authenticated, not signed."""

    kind: Literal["header"] = "header"
    header: HeaderName
    prefix: str = Field(default="", max_length=50)
    id_header: HeaderName | None = None


class BodyToken(_Entry):
    """The secret itself in the JSON body, where ``path`` (JMESPath) leads; of a list each: authenticated, not signed."""

    kind: Literal["token"] = "token"
    path: Expression


class BasicAuth(_Entry):
    """HTTP Basic (RFC 7617); the secret is ``user:password``: authenticated, not signed."""

    kind: Literal["basic"] = "basic"


class Unsigned(_Entry):
    """Nothing proves the sender, so nothing of the body is believed: a sign to pull."""

    kind: Literal["none"] = "none"


Scheme: TypeAlias = StandardWebhooks | Hmac | HeaderSecret | BodyToken | BasicAuth | Unsigned


@dataclass(frozen=True, slots=True)
class Secrets:
    """``live``: the present secret and, while senders change over, the former. ``verify_token``: what Meta asks with."""

    live: tuple[str, ...] = field(default=(), repr=False)
    verify_token: str | None = field(default=None, repr=False)
