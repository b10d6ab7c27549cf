"""Customers of one household or company, or on a shared line, as the page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from cxcore.model.identifier import Scheme
from cxcore.resolve import survivorship
from cxcore.resolve.exclusivity import MOST as EVERYBODY
from cxcore.resolve.linked import LinkedProfile
from cxcore.resolve.relations import Relation, Relations
from cxcore.resolve.rules import Chains
from cxcore.resolve.ties import Tie
from cxcore.web.reach import readable
from cxcore.web.words import word

MOST = 20
"""So many are on the page at most."""
_OPEN = 3


@dataclass(frozen=True, slots=True)
class Relative:
    """One of them: the name, the kind in a word, and each thing they share, with how many people use it."""

    id: UUID
    name: str | None
    kind: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """The closest ones, those behind a fold, how many there are on and off the page ("1000+": at least so many)."""

    those: tuple[Relative, ...]
    folded: tuple[Relative, ...]
    shown: int
    total: str


def related(
    found: Relations, profiles: Mapping[UUID, Sequence[LinkedProfile]], chains: Chains, language: str
) -> Related | None:
    """The relations of a customer in words; None when there are none."""
    if not found.page:
        return None
    those = tuple(_relative(r, profiles[r.customer], chains, language) for r in found.page)
    cut = _OPEN if len(those) > _OPEN + 1 else len(those)
    return Related(
        those=those[:cut],
        folded=those[cut:],
        shown=len(those),
        total=f"{found.total}{'+' if found.more else ''}",
    )


def _relative(r: Relation, profiles: Sequence[LinkedProfile], chains: Chains, language: str) -> Relative:
    name = survivorship.display_name(profiles, chains)
    return Relative(
        r.customer, name.value if name else None, r.kind.value, tuple(_because(t, language) for t in r.ties)
    )


def _because(tie: Tie, language: str) -> str:
    value = readable(tie.attribute, tie.value) if isinstance(tie.attribute, Scheme) else tie.value
    users = word("live_there" if tie.attribute == "address" else "used_by", language)
    return f"{word(f'same_{tie.attribute}', language)} {value}, {users} {tie.people}{'+' if tie.people >= EVERYBODY else ''}"
