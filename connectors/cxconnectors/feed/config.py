"""What a feed source is told."""

from typing import Literal

from pydantic import BaseModel, Field, field_validator


class FeedConfig(BaseModel, extra="forbid"):
    """One source may follow many feeds of one kind, such as the blogs that guests write."""

    urls: tuple[str, ...] = Field(min_length=1, max_length=500, description="Addresses of the feeds.")
    kind: Literal["post", "comment"] = Field(default="post", description="What an entry is.")
    own_authors: tuple[str, ...] = Field(
        default=(), description="Authors who write for the company; theirs is left out."
    )
    network: str | None = Field(
        default=None, max_length=100, description="Name of the network that handles belong to; else the author's host."
    )
    private_network: bool = Field(default=False, description="Whether feeds may be at, or lead to, private addresses.")

    @field_validator("urls")
    @classmethod
    def _web_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for url in value:
            if not url.startswith(("http://", "https://")):
                raise ValueError("every url begins with http:// or https://")
        return value
