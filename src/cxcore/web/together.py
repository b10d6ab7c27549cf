"""What would come together, as the pages say it before somebody decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from cxcore.model.identifier import Scheme
from cxcore.model.interaction import Kind
from cxcore.resolve.effects import Becomes, Contradiction, Effects, ValueChange
from cxcore.resolve.fields import Field
from cxcore.web.reach import readable
from cxcore.web.words import word

_TOLD = frozenset({Kind.STAY, Kind.BOOKING, Kind.ORDER, Kind.APPOINTMENT})
"""Kinds that say more than their channel does."""


@dataclass(frozen=True, slots=True)
class Instead:
    """A shown value that would change: those of today, and the one of then."""

    field: str
    before: tuple[str, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Together:
    """``lives``: the id that lives on, ``leading``: those that would lead to it; ``apart``: they would not become one.
    ``doubts``: what one person hardly has all; ``others``: customers that would change though nobody asked about them;
    ``ended`` and ``opened``: how many reviews."""

    interactions: int
    conversations: int
    profiles: int
    identifiers: int
    channels: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]
    instead: tuple[Instead, ...]
    doubts: tuple[tuple[str, str], ...]
    lives: UUID
    leading: tuple[UUID, ...]
    apart: bool
    others: tuple[UUID, ...]
    ended: int
    opened: int


def together(found: Effects, asked: tuple[UUID, UUID], language: str) -> Together | None:
    """What a merge of two customers would bring; None of customers without profiles."""
    concerned = [b for b in found.after if set(asked) & {b.customer.id, *b.of}]
    if not concerned:
        return None
    main = max(concerned, key=lambda b: len(set(asked) & set(b.of)))
    held = main.customer.held
    return Together(
        interactions=held.interactions,
        conversations=held.conversations,
        profiles=len(main.customer.profiles),
        identifiers=len(main.customer.identifiers),
        channels=tuple((c.value, n) for c, n in held.channels),
        kinds=tuple((word(k.value, language), n) for k, n in held.kinds if k in _TOLD),
        instead=tuple(_instead(c) for c in main.changes if any(value != c.after for _, value in c.before)),
        doubts=tuple(_doubts(main, language)),
        lives=main.customer.id,
        leading=tuple(c for c, into in found.leading if into == main.customer.id),
        apart=not set(asked) <= set(main.of),
        others=found.others,
        ended=len(found.ended),
        opened=len(found.opened),
    )


def _instead(change: ValueChange) -> Instead:
    before = dict.fromkeys(_shown(change.field, value) for _, value in change.before)
    return Instead(change.field.value, tuple(before), _shown(change.field, change.after) if change.after else None)


def _shown(field: Field, value: str) -> str:
    return readable(Scheme.PHONE, value) if field is Field.PHONE else value


def _doubts(main: Becomes, language: str) -> Iterable[tuple[str, str]]:
    for found in sorted(main.contradictions, key=lambda c: c.known):
        yield word(f"two_{found.doubt.value}", language), _values(found)


def _values(found: Contradiction) -> str:
    return ", ".join(found.values) + (f" ({found.issuer})" if found.issuer else "")
