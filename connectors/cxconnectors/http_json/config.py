"""What an operator sets for a REST system: one file that says where, with what right, what, and what it means."""

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from cxconnectors.http_json.language import Expression
from cxconnectors.http_json.stream_config import StreamEntry
from cxcore.sdk.manifest import Rate

MIB = 1024 * 1024
MOST_BETWEEN = 60.0


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("write a whole address: https://shop.example/api")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("leave out user, password, ? and #; credentials stand under auth, parameters in the stream")
    return url.rstrip("/")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError) as exc:  # unknown; a folder; a path
        raise ValueError("there is no such time zone; write it as Europe/Helsinki") from exc
    return name


TimeZone = Annotated[str, AfterValidator(_zone)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$")]


class Bearer(_Entry):
    """``Authorization: Bearer SECRET``."""

    kind: Literal["bearer"]


class Header(_Entry):
    """A header of another name, or with another word before the secret."""

    kind: Literal["header"]
    name: HeaderName
    prefix: str = Field(default="", max_length=100, pattern=r"^[\x20-\x7e]*$")


class Basic(_Entry):
    """User and secret (RFC 7617)."""

    kind: Literal["basic"]
    user: str = Field(max_length=500)


class Query(_Entry):
    """The secret as a query parameter, where it shows in the logs of every machine on the way."""

    kind: Literal["query"]
    parameter: str = Field(min_length=1, max_length=100)
    insist: bool = False

    @model_validator(mode="after")
    def _insisted_on(self) -> Self:
        if not self.insist:
            raise ValueError(
                "a secret in the address shows in logs; use bearer, header or basic, or write insist = true if the "
                "source takes nothing else"
            )
        return self


class OAuth2(_Entry):
    """Client credentials (RFC 6749, 4.4)."""

    kind: Literal["oauth2"]
    token_url: WebAddress
    client_id: str = Field(max_length=500)
    scope: str | None = Field(default=None, max_length=2000)
    client_in: Literal["header", "body"] = "header"


Auth = Annotated[Bearer | Header | Basic | Query | OAuth2, Field(discriminator="kind")]


class Check(_Entry):
    """What ``check`` asks for, and which value names the account."""

    path: str = Field(pattern=r"^/")
    account: Expression


class Walls(_Entry):
    """Limits of one request and one pull."""

    body_bytes: int = Field(default=20 * MIB, ge=1024, le=100 * MIB)
    request_seconds: float = Field(default=120, ge=0.1, le=120)
    pages: int = Field(default=2000, ge=1, le=100_000, description="of a stream in one pull; the next goes on there")


class HttpJsonConfig(BaseModel):
    """Settings of the connector ``http_json``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: WebAddress = Field(description="what all paths are relative to")
    auth: Auth | None = None
    secret: SecretStr | None = Field(default=None, description="token, key, password or client secret")
    headers: dict[HeaderName, str] = Field(default_factory=dict, description="sent with each request; no secrets")
    private_network: bool = Field(default=False, description="the source may be at, and lead to, private addresses")
    rate: Rate | None = Field(default=None, description="calls allowed per seconds")
    timezone: TimeZone | None = Field(default=None, description="IANA name, for times that do not say their zone")
    check: Check | None = None
    limits: Walls = Walls()
    stream: tuple[StreamEntry, ...] = Field(min_length=1, max_length=50)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.rate and self.rate.per.total_seconds() / self.rate.calls > MOST_BETWEEN:
            raise ValueError("a rate of less than a call a minute is too slow to pull by")
        if (self.auth is None) != (self.secret is None):
            raise ValueError("auth and secret belong together: give both or neither")
        names = [stream.name for stream in self.stream]
        if len(set(names)) != len(names):
            raise ValueError("two streams have one name")
        return self
