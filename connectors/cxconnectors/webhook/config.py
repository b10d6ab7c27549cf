"""What an operator sets for a system that delivers."""

from functools import cached_property
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from cxcore.sdk.mapping import Mapping
from cxcore.sdk.mapping.language import Expression, Value
from cxcore.sdk.signature import (
    PRESETS,
    BasicAuth,
    BodyToken,
    Handshake,
    HeaderSecret,
    Hmac,
    Scheme,
    Secrets,
    StandardWebhooks,
)

STREAM = "items"


def _by_name(value: Any) -> Any:
    """A preset by its name; a table that names no kind is an HMAC."""
    if isinstance(value, str):
        signing = [name for name in PRESETS if name != "none"]  # there is nothing to pull, so a sign to pull is no use
        if value not in signing:
            raise ValueError(f"there is no scheme {value!r}; there are {', '.join(signing)}, or a table of your own")
        return PRESETS[value]
    return {"kind": "hmac", **value} if isinstance(value, dict) else value


def _stream(value: Any) -> Any:
    """A plain text is the stream itself; a table leads to it."""
    return {"const": value} if isinstance(value, str) else value


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError) as exc:
        raise ValueError("there is no such time zone; write it as Europe/Helsinki") from exc
    return name


Proving = Annotated[StandardWebhooks | Hmac | HeaderSecret | BodyToken | BasicAuth, Field(discriminator="kind")]


class WebhookConfig(BaseModel):
    """Settings of the connector ``webhook``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scheme: Annotated[Proving, BeforeValidator(_by_name)] = Field(description="a preset's name, or a table")
    secret: SecretStr = Field(description="what the sender signs with; of Basic user:password")
    former_secret: SecretStr | None = Field(default=None, description="holds too, while the sender changes over")
    verify_token: SecretStr | None = Field(default=None, description="what Meta asks with when it is set up")
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^?#\s]+$",
        description="where the sender sends to, without a query; for schemes that sign it",
    )
    tolerance: int | None = Field(
        default=None, ge=1, le=86_400, description="seconds by which the time of signing may be off; 300"
    )
    items: Expression | None = Field(
        default=None, description="where the objects stand in a body; left out: the body itself, or each of its list"
    )
    stream: Annotated[Value, BeforeValidator(_stream)] = Field(
        default=Value(const=STREAM), description="the stream of a delivery: a name, or a value of the body"
    )
    event: Expression | None = Field(default=None, description="where the type of event stands in a body")
    ignore: tuple[str, ...] = Field(default=(), description="types of event that mean nothing")
    deletes: tuple[str, ...] = Field(default=(), description="types of event that remove their object")
    event_id: Expression | None = Field(default=None, description="where the id of the delivery stands in a body")
    timezone: Annotated[str, AfterValidator(_zone)] | None = Field(
        default=None, description="IANA name, for times that do not say their zone"
    )
    mapping: Mapping = Field(description="what an object means")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if isinstance(self.scheme, Hmac):
            if "url" in self.scheme.parts and self.public_url is None:
                raise ValueError("this scheme signs the address that the sender sends to: set public_url")
            if self.scheme.handshake is Handshake.META and self.verify_token is None:
                raise ValueError("Meta asks with a token of your choice when the webhook is set up: set verify_token")
        if self.tolerance is not None and not isinstance(self.believed_by, StandardWebhooks | Hmac):
            raise ValueError("this scheme does not sign the time, so tolerance has no meaning")
        if (self.ignore or self.deletes) and self.event is None:
            raise ValueError("ignore and deletes go by the type of event: set event")
        return self

    @cached_property
    def believed_by(self) -> Scheme:
        """The scheme with the operator's tolerance."""
        if self.tolerance is None or not isinstance(self.scheme, StandardWebhooks | Hmac):
            return self.scheme
        return self.scheme.model_copy(update={"tolerance": self.tolerance})

    @cached_property
    def scheme_name(self) -> str:
        return next((name for name, scheme in PRESETS.items() if scheme == self.scheme), "a scheme of its own")

    @cached_property
    def zone(self) -> ZoneInfo | None:
        return ZoneInfo(self.timezone) if self.timezone else None

    @property
    def secrets(self) -> Secrets:
        live = (self.secret, self.former_secret) if self.former_secret else (self.secret,)
        token = self.verify_token
        return Secrets(
            tuple(secret.get_secret_value() for secret in live),
            verify_token=token.get_secret_value() if token else None,
        )
