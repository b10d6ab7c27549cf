"""Contacts that could be a customer's, and customers that a contact could be of, as the page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from cxcore.resolve import survivorship
from cxcore.resolve.candidates import Candidate
from cxcore.resolve.fields import Field
from cxcore.resolve.linked import LinkedProfile
from cxcore.resolve.rules import Chains
from cxcore.web.grounds import speaks_for
from cxcore.web.reach import contacts
from cxcore.web.times import Clock

_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Maybe:
    """One of them: what it shows, why it could be, the score in bits, how many interactions and when the newest was."""

    id: UUID
    shows: str | None
    grounds: str
    bits: str
    records: int
    newest: str | None


@dataclass(frozen=True, slots=True)
class Perhaps:
    """The most likely ones and how many there are. ``word``: which heading; a contact without name and date of birth asks
    who it could be, a customer which contacts could be theirs."""

    word: str
    those: tuple[Maybe, ...]
    total: int


def perhaps(
    own: Sequence[LinkedProfile],
    found: Sequence[Candidate],
    profiles: Mapping[UUID, Sequence[LinkedProfile]],
    clock: Clock,
    chains: Chains,
) -> Perhaps | None:
    """The candidates of a customer in words; None when there are none."""
    if not found:
        return None
    return Perhaps(
        word="perhaps_also" if known(own, chains) else "could_be",
        those=tuple(_maybe(c, profiles[c.customer], clock, chains) for c in found),
        total=found[0].total,
    )


def known(profiles: Sequence[LinkedProfile], chains: Chains) -> bool:
    """Whether a name or a date of birth is shown."""
    shown = survivorship.choose_all(profiles, chains)
    return Field.NAME in shown or Field.BIRTH_DATE in shown


def _maybe(c: Candidate, profiles: Sequence[LinkedProfile], clock: Clock, chains: Chains) -> Maybe:
    shown = survivorship.choose_all(profiles, chains)
    name = shown.get(Field.NAME)
    reach = [contact.value for contact in contacts(profiles, shown)[:_SHOWN]]
    return Maybe(
        id=c.customer,
        shows=name.value if name else ", ".join(reach) or None,
        grounds=", ".join(speaks_for(c.evidence, clock.language, values=True)),
        bits=f"{c.score:+.1f}",
        records=c.records,
        newest=clock.day(c.newest) if c.newest else None,
    )
