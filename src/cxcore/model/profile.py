"""SourceProfile: a person as one source knows them, the unit of matching."""

from datetime import date

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from cxcore.model.identifier import Identifier


class SourceProfile(BaseModel):
    """A person as one record shows them, in the source's own writing.

    ``key`` is the source's own id of the person and never changes. Where the source has none (a mail, a call) leave it
    out: the profile is then keyed by the normalised identity it shows, so that a role mailbox used under three names is
    three profiles. ``observed_at`` says when the source saw this; inside an interaction it may be left out. One with a key
    and nothing else but identifiers is, inside an interaction, only mentioned: what is known of the person stays. Alone,
    it says that there is nothing more.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str | None = Field(default=None, min_length=1, max_length=500)
    name: str | None = Field(default=None, max_length=1000)
    given_name: str | None = Field(default=None, max_length=500)
    family_name: str | None = Field(default=None, max_length=500)
    birth_date: date | None = None
    language: str | None = Field(default=None, max_length=35)
    address: str | None = Field(default=None, max_length=1000)
    identifiers: tuple[Identifier, ...] = ()
    attributes: dict[str, str] = Field(default_factory=dict)
    observed_at: AwareDatetime | None = None
