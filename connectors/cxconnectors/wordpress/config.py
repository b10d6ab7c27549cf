"""What a WordPress source is told."""

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from cxcore.sdk.mail import own_address


class WordPressConfig(BaseModel):
    """One site. Without credentials only what everybody sees is read: approved comments, no addresses."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(max_length=500, description="address of the site")
    user: str | None = Field(default=None, max_length=200, description="a user who may moderate comments")
    app_password: SecretStr | None = Field(default=None, description="an application password")
    own_users: tuple[int, ...] = Field(
        default=(), max_length=1000, description="ids of the site's users who write for the company"
    )
    own_addresses: tuple[Annotated[str, AfterValidator(own_address)], ...] = Field(
        default=(), max_length=1000, description="the company's own addresses, or whole domains as @shop.example"
    )
    recheck_minutes: int = Field(
        default=60, ge=0, le=10_080, description="how often edits and deletions are looked for"
    )
    recheck_days: int = Field(default=30, ge=1, le=3650, description="how old comments are that are looked at again")
    page: int = Field(default=100, ge=2, le=100, description="comments asked for at a time")
    private_network: bool = Field(default=False, description="whether the site may be at private addresses")

    @field_validator("url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("begins with http:// or https://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.user is None) != (self.app_password is None):
            raise ValueError("give both user and app_password, or neither")
        return self
