"""Rules of survivorship: what they are called, the chain of each field, and whether a chain makes sense. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cxcore.errors import InvalidInput
from cxcore.resolve.fields import Field


class Rule(StrEnum):
    """What a chain is made of; docs/identity.md says what each keeps."""

    VERIFIED = "verified"
    DECLARED = "declared"
    NEWEST = "newest"
    MOST_FREQUENT = "most_frequent"
    SOURCE_PRIORITY = "source_priority"


class Ground(StrEnum):
    """What decided: a person; a rule; how well a name is written; the order of the values, where nothing else told them
    apart; or nothing, where there is one value only."""

    CORRECTION = "correction"
    VERIFIED = "verified"
    DECLARED = "declared"
    NEWEST = "newest"
    MOST_FREQUENT = "most_frequent"
    BEST_WRITTEN = "best_written"
    SOURCE_PRIORITY = "source_priority"
    CONTENT = "content"
    ONLY = "only"


@dataclass(frozen=True, slots=True)
class Chain:
    """Rules that narrow the values of a field one after the other; ``sources`` are the keys, best first, that
    ``source_priority`` goes by."""

    rules: tuple[Rule, ...]
    sources: tuple[str, ...] = ()


Chains = Mapping[Field, Chain]

DEFAULTS: Final[Chains] = {
    Field.NAME: Chain((Rule.MOST_FREQUENT,)),
    Field.EMAIL: Chain((Rule.VERIFIED, Rule.MOST_FREQUENT, Rule.NEWEST)),
    Field.PHONE: Chain((Rule.VERIFIED, Rule.MOST_FREQUENT, Rule.NEWEST)),
    Field.LANGUAGE: Chain((Rule.MOST_FREQUENT,)),
    Field.BIRTH_DATE: Chain((Rule.MOST_FREQUENT,)),
    Field.ADDRESS: Chain((Rule.NEWEST,)),
}
"""The chains where nobody has set others."""


def chain(rules: Sequence[Rule], sources: Sequence[str], *, known: Collection[str]) -> Chain:
    """A chain that makes sense.

    Raises:
        InvalidInput: no rule or one twice; sources without ``source_priority`` or the other way round; a source twice, or
            one that is not ``known``.
    """
    if not rules or len(set(rules)) != len(rules):
        raise InvalidInput("A chain needs one rule or more, each once.", hint=f"Choose among {', '.join(Rule)}.")
    if (Rule.SOURCE_PRIORITY in rules) != bool(sources):
        raise InvalidInput(
            "The rule source_priority and a list of sources go together.", hint="Give both, or neither of them."
        )
    if len(set(sources)) != len(sources) or not set(sources) <= set(known):
        raise InvalidInput(
            "A source is named twice or is not there.", hint="Name keys of sources, as `cxcore source list` shows them."
        )
    return Chain(tuple(rules), tuple(sources))
