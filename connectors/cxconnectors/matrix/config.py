"""What a Matrix source is told."""

import re

from pydantic import BaseModel, Field, SecretStr, field_validator

_USER = re.compile(r"@[^:\s]{0,255}:[^\s]{1,255}")


class MatrixConfig(BaseModel, extra="forbid"):
    """One account on a homeserver, which sees the rooms that it has joined."""

    url: str = Field(max_length=500, description="Address of the homeserver's client API.")
    token: SecretStr = Field(description="Access token of an account that is in the rooms.")
    own_users: tuple[str, ...] = Field(
        min_length=1,
        max_length=1000,
        description="Who writes for the company: Matrix ids, or @*:server for everybody of a server.",
    )
    admin_token: SecretStr | None = Field(
        default=None, description="Token of a server administrator (Synapse): brings people's e-mail and phone."
    )
    hs_token: SecretStr | None = Field(
        default=None, description="The homeserver's token of the application service: what it pushes with is believed."
    )
    page: int = Field(default=100, ge=1, le=1000, description="Events asked for at a time.")

    @field_validator("url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("begins with http:// or https://")
        return value.rstrip("/")

    @field_validator("own_users")
    @classmethod
    def _users(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for user in value:
            if not _USER.fullmatch(user):
                raise ValueError("each is a Matrix id such as @desk:example.org, or @*:example.org")
        return value

    def own(self, user: str) -> bool:
        """Whether a Matrix id is the company's."""
        return user in self.own_users or f"@*:{user.partition(':')[2]}" in self.own_users
