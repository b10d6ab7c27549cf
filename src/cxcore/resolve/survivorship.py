"""Survivorship: which of several values is shown, and why. Pure, computed at each read from the profiles as they are."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cxcore.model.identifier import Scheme
from cxcore.resolve import writings
from cxcore.resolve.fields import Field
from cxcore.resolve.linked import Correction, LinkedProfile
from cxcore.resolve.rules import DEFAULTS, Chain, Chains, Ground, Rule

_SCHEMES = {Field.EMAIL: Scheme.EMAIL, Field.PHONE: Scheme.PHONE}


@dataclass(frozen=True, slots=True)
class Loser:
    """A value that is not shown: the profiles that state it, their sources, and what decided against it.

    ``observed_at`` is the newest time a source dates it by, None where none does; ``received_at`` when it first came
    here. A value that only a correction states has no profiles, no sources and neither time.
    """

    value: str
    rule: Ground
    count: int
    sources: tuple[str, ...]
    observed_at: datetime | None
    received_at: datetime | None
    correction: Correction | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A value that is shown, what decided for it, where and when it was seen, and what it was chosen over.

    ``source``, ``source_name``, ``profile_id`` and the times are those of one profile that states it; of a correction
    only the profile it sits on is there. ``count`` and ``sources`` tell of all profiles that state it.
    """

    field: Field
    value: str
    rule: Ground
    chain: Chain
    source: str | None
    source_name: str | None
    profile_id: UUID
    observed_at: datetime | None
    received_at: datetime | None
    count: int
    sources: tuple[str, ...]
    correction: Correction | None
    losers: tuple[Loser, ...]

    @property
    def others(self) -> tuple[str, ...]:
        """The values it was chosen over."""
        return tuple(loser.value for loser in self.losers)


@dataclass(frozen=True, slots=True)
class Statement:
    """That a profile states a value."""

    value: str
    verified: bool
    profile: LinkedProfile


def choose(field: Field, profiles: Sequence[LinkedProfile], chains: Chains) -> Chosen | None:
    """The value of a field that is shown; None where neither a source nor a person says any.

    A correction comes first, the newest of several. Else the field's chain narrows what the profiles state, rule by
    rule; what is left is decided by the newest and then by content, so the order of the profiles does not matter.
    """
    chain = chains[field]
    stated = _statements(field, profiles)
    corrections = sorted(
        (c for p in profiles for c in p.corrections if c.field is field), key=lambda c: (c.made_at, c.id), reverse=True
    )
    if corrections:
        return _corrected(field, chain, corrections, stated)
    if not stated:
        return None
    lost: dict[str, Ground] = {}
    left = stated
    for rule in chain.rules:
        left = _narrowed(left, _kept(rule, field, left, chain), Ground(rule), lost)
        if rule is Rule.MOST_FREQUENT and field is Field.NAME:
            left = _narrowed(left, _best_written(left), Ground.BEST_WRITTEN, lost)
    left = _narrowed(left, _newest(left), Ground.NEWEST, lost)
    pick = min if field in _SCHEMES else max
    value = pick(s.value for s in left)
    left = _narrowed(left, [s for s in left if s.value == value], Ground.CONTENT, lost)
    winner = max(left, key=lambda s: (s.profile.observed_at, s.profile.id)).profile
    those = [s.profile for s in stated if s.value == value]
    return Chosen(
        field=field,
        value=value,
        rule=_decisive(lost),
        chain=chain,
        source=winner.source,
        source_name=winner.source_name,
        profile_id=winner.id,
        observed_at=winner.observed_at if winner.keyed else None,
        received_at=winner.received_at,
        count=len(those),
        sources=_sources(those),
        correction=None,
        losers=_losers(stated, lost),
    )


def choose_all(profiles: Sequence[LinkedProfile], chains: Chains) -> dict[Field, Chosen]:
    """All that is shown of a customer, in the order of the fields; fields without a value are left out."""
    found = {field: choose(field, profiles, chains) for field in Field}
    return {field: chosen for field, chosen in found.items() if chosen is not None}


def display_name(profiles: Sequence[LinkedProfile], chains: Chains = DEFAULTS) -> Chosen | None:
    """The name that is shown."""
    return choose(Field.NAME, profiles, chains)


def language(profiles: Sequence[LinkedProfile], chains: Chains = DEFAULTS) -> Chosen | None:
    """The language that is shown."""
    return choose(Field.LANGUAGE, profiles, chains)


def address(profiles: Sequence[LinkedProfile], chains: Chains = DEFAULTS) -> Chosen | None:
    """The postal address that is shown."""
    return choose(Field.ADDRESS, profiles, chains)


def birth_date(profiles: Sequence[LinkedProfile], chains: Chains = DEFAULTS) -> Chosen | None:
    """The date of birth that is shown."""
    return choose(Field.BIRTH_DATE, profiles, chains)


def other_names(chosen: Chosen) -> tuple[str, ...]:
    """The names that are not just other writings of the chosen one, one writing each."""
    return writings.others(chosen.value, [(loser.value, loser.count) for loser in chosen.losers])


def _statements(field: Field, profiles: Iterable[LinkedProfile]) -> list[Statement]:
    if (scheme := _SCHEMES.get(field)) is not None:
        return [Statement(i.value, i.verified, p) for p in profiles for i in p.identifiers if i.scheme is scheme]
    return [
        Statement(value, any(i.verified for i in p.identifiers), p) for p in profiles if (value := _stated(field, p))
    ]


def _stated(field: Field, profile: LinkedProfile) -> str | None:
    match field:
        case Field.NAME:
            return profile.name
        case Field.LANGUAGE:
            return profile.language
        case Field.ADDRESS:
            return profile.address
        case _:
            return profile.birth_date.isoformat() if profile.birth_date else None


def _kept(rule: Rule, field: Field, left: list[Statement], chain: Chain) -> list[Statement]:
    """What a rule would keep; nothing where it has nothing to say."""
    match rule:
        case Rule.VERIFIED:
            return [s for s in left if s.verified]
        case Rule.DECLARED:
            return [s for s in left if s.profile.keyed]
        case Rule.NEWEST:
            return _newest(left)
        case Rule.MOST_FREQUENT:
            return _most_frequent(field, left)
        case Rule.SOURCE_PRIORITY:
            rank = {source: n for n, source in enumerate(chain.sources)}
            best = min(rank.get(s.profile.source, len(rank)) for s in left)
            return [s for s in left if rank.get(s.profile.source, len(rank)) == best]


def _narrowed(left: list[Statement], kept: list[Statement], ground: Ground, lost: dict[str, Ground]) -> list[Statement]:
    """What is left after a rule; notes the values that fell by it."""
    if not kept:
        return left
    values = {s.value for s in kept}
    lost.update({s.value: ground for s in left if s.value not in values})
    return kept


def _decisive(lost: Mapping[str, Ground]) -> Ground:
    """What felled the last of the others; how a name is best written is part of which one is most frequent."""
    if not lost:
        return Ground.ONLY
    last = [*lost.values()][-1]
    return Ground.MOST_FREQUENT if last is Ground.BEST_WRITTEN else last


def _newest(left: list[Statement]) -> list[Statement]:
    newest = max(s.profile.observed_at for s in left)
    return [s for s in left if s.profile.observed_at == newest]


def _most_frequent(field: Field, left: list[Statement]) -> list[Statement]:
    if field is Field.NAME:
        names = writings.most_frequent([s.value for s in left])
        return [s for s in left if s.value in names]
    counted = Counter(s.value for s in left)
    most = max(counted.values())
    return [s for s in left if counted[s.value] == most]


def _best_written(left: list[Statement]) -> list[Statement]:
    value = writings.best([(s.value, s.profile.observed_at) for s in left])
    return [s for s in left if s.value == value]


def _corrected(field: Field, chain: Chain, corrections: list[Correction], stated: list[Statement]) -> Chosen:
    first, *older = corrections
    lost = {s.value: Ground.CORRECTION for s in stated if s.value != first.value}
    those = [s.profile for s in stated if s.value == first.value]
    return Chosen(
        field=field,
        value=first.value,
        rule=Ground.CORRECTION,
        chain=chain,
        source=None,
        source_name=None,
        profile_id=first.profile_id,
        observed_at=None,
        received_at=None,
        count=len(those),
        sources=_sources(those),
        correction=first,
        losers=_losers(stated, lost, [c for c in older if c.value != first.value]),
    )


def _losers(
    stated: list[Statement], lost: Mapping[str, Ground], corrections: Iterable[Correction] = ()
) -> tuple[Loser, ...]:
    """The values that lost: those that people said first, then those that most profiles state, then the newest."""
    newest: dict[str, Correction] = {}
    for c in corrections:
        newest.setdefault(c.value, c)
    states: dict[str, list[LinkedProfile]] = {value: [] for value in newest}
    for s in stated:
        if s.value in lost:
            states.setdefault(s.value, []).append(s.profile)
    found = [_loser(v, lost.get(v, Ground.CORRECTION), states[v], newest.get(v)) for v in sorted(states)]
    seen = {v: max(((p.observed_at.timestamp(), p.id.int) for p in those), default=None) for v, those in states.items()}
    return tuple(
        sorted(
            found,
            key=lambda x: (
                x.correction.made_at.timestamp() if x.correction else 0.0,
                x.count,
                seen[x.value] or (0.0, 0),
            ),
            reverse=True,
        )
    )


def _loser(value: str, rule: Ground, profiles: Sequence[LinkedProfile], correction: Correction | None) -> Loser:
    return Loser(
        value=value,
        rule=rule,
        count=len(profiles),
        sources=_sources(profiles),
        observed_at=max((p.observed_at for p in profiles if p.keyed), default=None),
        received_at=min((p.received_at for p in profiles), default=None),
        correction=correction,
    )


def _sources(profiles: Collection[LinkedProfile]) -> tuple[str, ...]:
    return tuple(sorted({p.source for p in profiles}))
