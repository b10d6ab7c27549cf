"""A review as its page shows it: the two customers side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from cxcore.resolve import survivorship
from cxcore.resolve.effects import Effects
from cxcore.resolve.fields import Field
from cxcore.resolve.linked import LinkedProfile
from cxcore.resolve.reviews import COUNTED, Review
from cxcore.resolve.rules import Chains
from cxcore.web.grounds import speaks_against, speaks_for
from cxcore.web.reach import MAIN, Contact, contacts
from cxcore.web.together import Together, together


@dataclass(frozen=True, slots=True)
class Side:
    """One of two customers who may be one."""

    id: UUID
    name: str | None
    birth_date: str | None
    address: str | None
    contacts: tuple[Contact, ...]
    systems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A review: the two side by side, what speaks for one person and against, and what would come together."""

    sides: tuple[Side, ...]
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    records: str
    together: Together | None


def review(
    r: Review,
    profiles: Mapping[UUID, Sequence[LinkedProfile]],
    language: str,
    chains: Chains,
    effects: Effects | None = None,
) -> Asked:
    """A review in words; with ``effects`` also what a merge would bring together."""
    return Asked(
        sides=tuple(_side(c, profiles[c], chains) for c in (r.left, r.right)),
        speaks_for=speaks_for(r.evidence, language, values=True),
        speaks_against=speaks_against(r.evidence, language),
        records=f"{r.records}" if r.records < COUNTED else f"{COUNTED}+",
        together=together(effects, (r.left, r.right), language) if effects else None,
    )


def _side(customer: UUID, profiles: Sequence[LinkedProfile], chains: Chains) -> Side:
    shown = survivorship.choose_all(profiles, chains)
    values = {field: chosen.value for field, chosen in shown.items()}
    return Side(
        id=customer,
        name=values.get(Field.NAME),
        birth_date=values.get(Field.BIRTH_DATE),
        address=values.get(Field.ADDRESS),
        contacts=contacts(profiles, shown)[:MAIN],
        systems=tuple(sorted({p.source_name for p in profiles})),
    )
