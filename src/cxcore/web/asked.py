"""A review as its page shows it: the two customers side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from cxcore.resolve import survivorship
from cxcore.resolve.linked import LinkedProfile
from cxcore.resolve.reviews import COUNTED, Review
from cxcore.web.grounds import speaks_against, speaks_for
from cxcore.web.reach import MAIN, Contact, contacts


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
    """A review: the two side by side, what speaks for one person and against, and the records that would come together."""

    sides: tuple[Side, ...]
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    records: str


def review(r: Review, profiles: Mapping[UUID, Sequence[LinkedProfile]], language: str) -> Asked:
    """A review in words."""
    return Asked(
        sides=tuple(_side(c, profiles[c]) for c in (r.left, r.right)),
        speaks_for=speaks_for(r.evidence, language, values=True),
        speaks_against=speaks_against(r.evidence, language),
        records=f"{r.records}" if r.records < COUNTED else f"{COUNTED}+",
    )


def _side(customer: UUID, profiles: Sequence[LinkedProfile]) -> Side:
    name, born, lives = (
        f(profiles) for f in (survivorship.display_name, survivorship.birth_date, survivorship.address)
    )
    return Side(
        id=customer,
        name=name.value if name else None,
        birth_date=born.value if born else None,
        address=lives.value if lives else None,
        contacts=contacts(profiles)[:MAIN],
        systems=tuple(sorted({p.source_name for p in profiles})),
    )
