"""Who is meant: a customer from any identifiers, with a word for how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.model.identifier import Identifier as Given
from cxcore.model.identifier import Scheme
from cxcore.normalise import names
from cxcore.normalise.codes import SCHEMES
from cxcore.normalise.identifiers import normalise
from cxcore.normalise.tables import Identifier, Profile
from cxcore.resolve.compare import one_name
from cxcore.resolve.tables import Link

_LIMIT = 2000
_CANDIDATES = 5


class Confidence(StrEnum):
    """How sure the answer is, in words a person at a desk understands."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    UNSURE = "unsure"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer that shows some of what was asked for."""

    customer_id: UUID
    matched_on: tuple[Scheme, ...]
    name_fits: bool | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The customer meant (None when that cannot be said), how sure, and who else it could be."""

    confidence: Confidence
    customer_id: UUID | None
    candidates: tuple[Candidate, ...]
    ignored: tuple[Scheme, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """That a customer shows one of the values asked for, under a comparable name ("" without one)."""

    customer_id: UUID
    scheme: Scheme
    value: str
    name_key: str


async def lookup(session: AsyncSession, given: Sequence[Given], *, name: str | None, region: str) -> Answer:
    """Find the customer that identifiers and perhaps a name point to. Writes nothing.

    Values that are malformed or placeholders are ignored, and the answer says so.
    """
    found = [(i.scheme, normalise(i, region=region)) for i in given]
    values = {(SCHEMES.code(n.scheme), n.issuer, n.value) for _, n in found if n is not None}
    ignored = tuple(sorted({scheme for scheme, n in found if n is None}))
    if not values:
        return Answer(Confidence.NONE, None, (), ignored)
    rows = await session.execute(
        select(Link.customer_id, Identifier.scheme, Identifier.value, Profile.name_key)
        .join(Profile, Profile.id == Identifier.profile_id)
        .join(Link, Link.profile_id == Profile.id)
        .where(tuple_(Identifier.scheme, Identifier.issuer, Identifier.value).in_(values))
        .limit(_LIMIT)
    )
    shown = [Shown(customer, SCHEMES.word(scheme), value, key) for customer, scheme, value, key in rows]
    return decide(shown, name_key=names.name_key(name) if name else "", ignored=ignored)


def decide(shown: Sequence[Shown], *, name_key: str, ignored: tuple[Scheme, ...] = ()) -> Answer:
    """Weigh what was found. Pure.

    ``certain``: one customer alone shows all that was found, by more than a lone phone number, and the name, where one
    was given, does not speak against it. ``probable``: one customer fits best. ``unsure``: several fit equally, or the
    name speaks against the only one.
    """
    if not shown:
        return Answer(Confidence.NONE, None, (), ignored)
    by_customer: dict[UUID, list[Shown]] = {}
    for s in shown:
        by_customer.setdefault(s.customer_id, []).append(s)
    candidates = sorted(
        (
            Candidate(c, tuple(sorted({s.scheme for s in rows})), _fits(name_key, {s.name_key for s in rows}))
            for c, rows in by_customer.items()
        ),
        key=lambda c: (c.name_fits is False, -len(c.matched_on), c.name_fits is not True, c.customer_id),
    )
    best = candidates[0]
    rivals = [c for c in candidates[1:] if _rank(c) == _rank(best)]
    if best.name_fits is False or rivals:
        return Answer(Confidence.UNSURE, None, tuple(candidates[:_CANDIDATES]), ignored)
    alone = len(candidates) == 1
    strong = best.matched_on != (Scheme.PHONE,) or best.name_fits is True
    sure = Confidence.CERTAIN if alone and strong else Confidence.PROBABLE
    return Answer(sure, best.customer_id, tuple(candidates[:_CANDIDATES]), ignored)


def _rank(candidate: Candidate) -> tuple[bool, int, bool]:
    return (candidate.name_fits is False, -len(candidate.matched_on), candidate.name_fits is not True)


def _fits(name_key: str, shown: set[str]) -> bool | None:
    """Whether a name fits those a customer shows: None when there is nothing to compare."""
    keys = shown - {""}
    if not name_key or not keys:
        return None
    return any(one_name((name_key, key)) for key in keys)
