"""What a decision would change: customers before and after, counted and compared. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from cxcore.model.identifier import Scheme
from cxcore.model.interaction import Channel, Kind
from cxcore.resolve import survivorship
from cxcore.resolve.fields import Field
from cxcore.resolve.linked import LinkedProfile
from cxcore.resolve.rules import Chains

Pair = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Held:
    """What a customer's timeline holds: each interaction is counted once, of however many profiles it is."""

    interactions: int = 0
    conversations: int = 0
    channels: tuple[tuple[Channel, int], ...] = ()
    kinds: tuple[tuple[Kind, int], ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """Customers at one moment: their profiles, what their timelines hold, and the reviews that wait, as pairs of
    customers."""

    profiles: Mapping[UUID, Sequence[LinkedProfile]]
    held: Mapping[UUID, Held]
    asked: Collection[Pair]


class Doubt(StrEnum):
    """Of what a person has one, and a customer shows several."""

    BIRTH_DATE = "birth_date"
    LOYALTY = "loyalty"
    VERIFIED_ACCOUNT = "verified_account"
    VERIFIED_EMAIL = "verified_email"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Values that one person hardly has all; ``issuer`` of loyalty numbers and accounts. ``known``: one customer shows them all today."""

    doubt: Doubt
    issuer: str
    values: tuple[str, ...]
    known: bool


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A shown value: of each customer today that has one, and afterwards."""

    field: Field
    before: tuple[tuple[UUID, str], ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Sum:
    """A customer in numbers, and what it shows."""

    id: UUID
    profiles: tuple[UUID, ...]
    held: Held
    identifiers: tuple[tuple[Scheme, str, str], ...]
    values: Mapping[Field, str]


@dataclass(frozen=True, slots=True)
class Becomes:
    """A customer as it would be, and ``of`` which of today's its profiles are."""

    customer: Sum
    of: tuple[UUID, ...]
    changes: tuple[ValueChange, ...]
    contradictions: tuple[Contradiction, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement of the rules that would be made, or would hold no more."""

    left: UUID
    right: UUID
    rule: str
    made: bool
    score: float | None


@dataclass(frozen=True, slots=True)
class Effects:
    """What a decision would change. ``before`` and ``after``: the customers concerned, largest first. ``leading``: ids
    that would lead to another customer; ``returning``: retired ids that would live again; ``new``: ids there were never.
    ``others``: customers that would change though nobody named them. ``ended`` and ``opened``: reviews, as pairs of
    customers of today and of afterwards."""

    before: tuple[Sum, ...]
    after: tuple[Becomes, ...]
    leading: tuple[Pair, ...]
    returning: tuple[UUID, ...]
    new: tuple[UUID, ...]
    others: tuple[UUID, ...]
    judged: tuple[Judged, ...]
    ended: tuple[Pair, ...]
    opened: tuple[Pair, ...]


def concerned(found: Effects) -> set[UUID]:
    """All customers of today that effects name, and those that would live again."""
    pairs = (*found.leading, *found.ended, *found.opened)
    named = {c for pair in pairs for c in pair} | {s.id for s in found.before} | {*found.returning, *found.others}
    return named - set(found.new)


def sums(state: State, chains: Chains) -> tuple[Sum, ...]:
    """The customers of a state that have profiles, the one with the most interactions first."""
    found = [
        Sum(
            id=customer,
            profiles=tuple(sorted(p.id for p in profiles)),
            held=state.held.get(customer, Held()),
            identifiers=tuple(sorted({(i.scheme, i.issuer, i.value) for p in profiles for i in p.identifiers})),
            values={f: c.value for f, c in survivorship.choose_all(profiles, chains).items()},
        )
        for customer, profiles in state.profiles.items()
        if profiles
    ]
    return tuple(sorted(found, key=lambda s: (-s.held.interactions, -len(s.profiles), s.id)))


def becomes(before: Sequence[Sum], after: Sequence[Sum], old: State, new: State) -> tuple[Becomes, ...]:
    """Each customer afterwards with where it comes from, what it would show otherwise, and what contradicts itself."""
    of_profile = {p: s for s in before for p in s.profiles}
    result = []
    for s in after:
        those = {of_profile[p].id: of_profile[p] for p in s.profiles if p in of_profile}
        today = [b for b in before if b.id in those]
        known = {c[:3] for b in today for c in _doubts(old.profiles[b.id])}
        result.append(
            Becomes(
                customer=s,
                of=tuple(b.id for b in today),
                changes=tuple(_changes(today, s)),
                contradictions=tuple(Contradiction(*c, known=c in known) for c in _doubts(new.profiles[s.id])),
            )
        )
    return tuple(result)


def _changes(before: Sequence[Sum], after: Sum) -> Iterable[ValueChange]:
    for field in Field:
        shown = tuple((b.id, b.values[field]) for b in before if field in b.values)
        now = after.values.get(field)
        if any(value != now for _, value in shown) or (now is not None and len(shown) < len(before)):
            yield ValueChange(field, shown, now)


def _doubts(profiles: Sequence[LinkedProfile]) -> list[tuple[Doubt, str, tuple[str, ...]]]:
    born = {p.birth_date.isoformat() for p in profiles if p.birth_date}
    found = [(Doubt.BIRTH_DATE, "", born)]
    numbers: dict[tuple[Doubt, str], set[str]] = {}
    for i in (i for p in profiles for i in p.identifiers):
        if i.scheme is Scheme.LOYALTY:
            numbers.setdefault((Doubt.LOYALTY, i.issuer), set()).add(i.value)
        elif i.scheme is Scheme.ACCOUNT and i.verified:
            numbers.setdefault((Doubt.VERIFIED_ACCOUNT, i.issuer), set()).add(i.value)
    found += [(*key, numbers[key]) for key in sorted(numbers)]
    verified = {i.value for p in profiles for i in p.identifiers if i.scheme is Scheme.EMAIL and i.verified}
    found.append((Doubt.VERIFIED_EMAIL, "", verified))
    return [(doubt, issuer, tuple(sorted(values))) for doubt, issuer, values in found if len(values) > 1]


def reviews(
    before: Collection[Pair], after: Collection[Pair], leading: Mapping[UUID, UUID]
) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """The reviews that would end, and those that would be opened. One whose customer's id would lead to another goes on
    as that one's."""
    called = {(a, b): (leading.get(a, a), leading.get(b, b)) for a, b in before}
    then = {pair: (min(new), max(new)) for pair, new in called.items()}
    ended = {pair for pair, new in then.items() if new not in after}
    return tuple(sorted(ended)), tuple(sorted({*after} - {*then.values()}))


def effects(
    old: State,
    new: State,
    chains: Chains,
    *,
    leads: Mapping[UUID, UUID | None],
    known: Collection[UUID],
    named: Collection[UUID],
    judged: Iterable[Judged],
) -> Effects:
    """Two states of the same profiles compared. ``leads``: where ids lead afterwards; ``known``: ids that there are
    today; ``named``: the living customers that the decision is about."""
    before, after = sums(old, chains), sums(new, chains)
    ids, kept = {s.id for s in before}, {s.id for s in after}
    same = {(s.id, s.profiles) for s in after}
    leading = {c: into for c in ids - kept if (into := leads.get(c)) is not None}
    ended, opened = reviews(old.asked, new.asked, leading)
    return Effects(
        before=before,
        after=becomes(before, after, old, new),
        leading=tuple(sorted(leading.items())),
        returning=tuple(sorted((kept - ids) & {*known})),
        new=tuple(sorted(kept - ids - {*known})),
        others=tuple(sorted(s.id for s in before if (s.id, s.profiles) not in same and s.id not in named)),
        judged=tuple(judged),
        ended=ended,
        opened=opened,
    )
