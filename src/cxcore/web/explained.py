"""Why a value is shown, in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from cxcore.model.identifier import Scheme
from cxcore.resolve.fields import Field
from cxcore.resolve.survivorship import Chosen, Loser
from cxcore.web.reach import readable
from cxcore.web.times import Clock
from cxcore.web.words import word


@dataclass(frozen=True, slots=True)
class Lost:
    """A value that is not shown: where it stands and since when, and what decided against it."""

    value: str
    where: str
    rule: str


@dataclass(frozen=True, slots=True)
class Why:
    """What decided, the rules there are, where the value stands, and the values that lost.

    ``correction`` is the id by which a person's word can be taken back.
    """

    rule: str
    chain: str
    where: str
    correction: UUID | None
    losers: tuple[Lost, ...]


def why(shown: Mapping[Field, Chosen], names: Mapping[str, str], clock: Clock) -> dict[str, Why]:
    """The reason of each value shown, by field; ``names`` are those of the sources by their keys."""
    return {field.value: _why(chosen, names, clock) for field, chosen in shown.items()}


def _why(chosen: Chosen, names: Mapping[str, str], clock: Clock) -> Why:
    rules = chosen.chain.rules if chosen.losers and chosen.correction is None else ()
    return Why(
        rule=word(f"by_{chosen.rule}", clock.language),
        chain=" → ".join(word(f"by_{rule}", clock.language) for rule in rules),
        where=_where(chosen, names, clock),
        correction=chosen.correction.id if chosen.correction else None,
        losers=tuple(
            Lost(
                value=readable(Scheme.PHONE, loser.value) if chosen.field is Field.PHONE else loser.value,
                where=_where(loser, names, clock),
                rule=word(f"by_{loser.rule}", clock.language),
            )
            for loser in chosen.losers
        ),
    )


def _where(found: Chosen | Loser, names: Mapping[str, str], clock: Clock) -> str:
    """Who says so, in how many profiles, and when; of a correction also why."""
    parts = []
    if (made := found.correction) is not None:
        parts.append(f"{made.reason} ({made.actor}, {clock.stamp(made.made_at)})")
    if found.sources:
        parts.append(", ".join(sorted({names[source] for source in found.sources})))
    if found.count > 1:
        parts.append(f"{found.count} {word('profiles_many', clock.language)}")
    if found.observed_at is not None:
        parts.append(f"{word('seen', clock.language)} {clock.stamp(found.observed_at)}")
    elif found.received_at is not None:
        parts.append(f"{word('here_since', clock.language)} {clock.stamp(found.received_at)}")
    return " · ".join(parts)
