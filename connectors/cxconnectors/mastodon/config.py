"""What a Mastodon source is told."""

from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, field_validator


class MastodonConfig(BaseModel, extra="forbid"):
    """One account of the company on one server."""

    url: str = Field(max_length=500, description="Address of the server.")
    token: SecretStr = Field(
        description="Access token of the account, with read:accounts, read:notifications and read:statuses."
    )
    domain: str | None = Field(
        default=None,
        pattern=r"^[a-zA-Z0-9.\-]{1,253}(:[0-9]{1,5})?$",
        description="What the handles of the server's own people end in, where that is not the address's host.",
    )
    reread_every: int = Field(
        default=10,
        ge=0,
        le=10_080,
        description="Minutes between two readings of the newest posts, for edits and deletions.",
    )
    page: int = Field(default=40, ge=1, le=40, description="Posts asked for at a time.")
    calls: int = Field(default=300, ge=1, le=100_000, description="Calls in five minutes; Mastodon allows 300.")
    private_network: bool = Field(
        default=False, description="Whether the address's name may lead to a private address."
    )

    @field_validator("url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("begins with http:// or https://")
        return value.rstrip("/")

    @property
    def home(self) -> str:
        """The domain of the server's own people."""
        return (self.domain or urlsplit(self.url).netloc.rpartition("@")[2]).lower()
