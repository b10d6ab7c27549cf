"""What a Cloudbeds source is told."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator


class CloudbedsConfig(BaseModel):
    """One property."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    property_id: str = Field(pattern=r"^[0-9A-Za-z-]{1,40}$", description="The property's id.")
    api_key: SecretStr = Field(description="An API key of the property that reads guests, reservations and hotels.")
    since: date = Field(default=date(2000, 1, 1), description="First day of modification to read.")
    reread: float = Field(default=1, gt=0, le=60, description="Days of modifications that are read again once an hour.")
    page: int = Field(default=100, ge=1, le=100, description="Records asked for at a time.")
    calls: int = Field(default=5, ge=1, le=1000, description="Calls a second that Cloudbeds allows the key.")
    url: str = Field(
        default="https://api.cloudbeds.com/api/v1.3", pattern=r"^https?://[^?#\s]+$", description="Address of the API."
    )

    @field_validator("url")
    @classmethod
    def _bare(cls, value: str) -> str:
        return value.rstrip("/")
