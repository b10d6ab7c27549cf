"""What a pretix source is told."""

import hashlib

from pydantic import BaseModel, Field, SecretStr, field_validator


class PretixConfig(BaseModel, extra="forbid"):
    """One organizer on one pretix, as an API token of one of its teams sees it."""

    url: str = Field(max_length=500, description="Address of the installation, without /api.")
    organizer: str = Field(
        pattern=r"^[a-zA-Z0-9.\-]{1,50}$", description="The organizer's short form, as in the shop's address."
    )
    token: SecretStr = Field(description="API token of a team that may view orders (and customer accounts).")
    customers: bool = Field(default=True, description="Whether customer accounts are read, too.")
    customers_every: int = Field(
        default=60, ge=0, le=10_080, description="Minutes between two readings of all customer accounts."
    )
    test_orders: bool = Field(default=False, description="Whether orders made in test mode are taken, too.")
    reread_days: int = Field(default=7, ge=1, le=365, description="Days between two readings of all orders.")
    questions: tuple[str, ...] = Field(
        default=(), max_length=50, description="Identifiers of the questions whose answers are taken."
    )
    page: int = Field(default=50, ge=1, le=50, description="Objects asked for at a time.")
    calls: int = Field(default=300, ge=1, le=100_000, description="Calls a minute; pretix.eu allows 360 an organizer.")
    private_network: bool = Field(
        default=False, description="Whether the address's name may lead to a private address."
    )

    @field_validator("url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("begins with http:// or https://")
        return value.rstrip("/").removesuffix("/api/v1").removesuffix("/api")

    @property
    def issuer(self) -> str:
        """Who gave out the numbers of customer accounts."""
        host = self.url.partition("://")[2]
        return f"pretix:{host}/{self.organizer}"[:100]

    @property
    def reading(self) -> str:
        """A digest of what decides which orders are read, and in which pages."""
        asked = f"{self.page} {self.test_orders} {sorted(self.questions)}"
        return hashlib.sha256(asked.encode()).hexdigest()[:12]
