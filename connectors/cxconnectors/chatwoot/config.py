"""What a Chatwoot source is told."""

from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator


class ChatwootConfig(BaseModel):
    """One account of an installation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(
        default="https://app.chatwoot.com",
        pattern=r"^https?://[^?#\s]+$",
        max_length=500,
        description="Address of the installation.",
    )
    account: int = Field(ge=1, description="The account's number, as in the address of its dashboard.")
    token: SecretStr = Field(description="Access token of an administrator of the account.")
    secret: SecretStr | None = Field(default=None, description="The webhook's secret; proves deliveries.")
    former_secret: SecretStr | None = Field(default=None, description="Holds too, while the secret changes over.")
    identifier_issuer: str | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="Whose ids the contacts' identifiers are, such as shop; left out: the installation's own.",
    )
    reread: float = Field(default=1, gt=0, le=14, description="Days whose conversations are read again once an hour.")

    @field_validator("url")
    @classmethod
    def _bare(cls, value: str) -> str:
        return value.rstrip("/")

    @property
    def issuer(self) -> str:
        """Who gave out the contacts' identifiers."""
        return self.identifier_issuer or str(urlsplit(self.url).hostname)[:100]
