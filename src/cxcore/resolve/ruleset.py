"""The first rules of who is who: what a shared identifier says about the profiles that show it. Pure.

The probabilistic layer will take this place; the shape stays: groups of profiles in, judgements with reasons out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cxcore.model.identifier import Scheme
from cxcore.resolve.compare import one_name

MODEL_VERSION = "rules-1"
GROUP_LIMIT = 200
"""A value shown by more profiles than this is retired: it tells nobody apart."""

_OWN = frozenset({Scheme.ACCOUNT, Scheme.LOYALTY})
_STRENGTH = {"loyalty": 5, "account": 4, "email": 3, "handle": 2, "phone": 1}


@dataclass(frozen=True, slots=True)
class Member:
    """A profile as a rule sees it: its id and its comparable name ("" when it shows none)."""

    profile_id: UUID
    name_key: str


@dataclass(frozen=True, slots=True)
class Group:
    """All profiles that show one identifier value; ``retired`` when there are too many to mean anything."""

    scheme: Scheme
    issuer: str
    value: str
    members: tuple[Member, ...]
    retired: bool = False

    @property
    def basis(self) -> str:
        return basis(self.scheme, self.issuer, self.value)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A positive judgement of a rule on a pair, in the order of their ids."""

    left: UUID
    right: UUID
    rule: str
    basis: str
    score: float
    names: tuple[str, ...]


def basis(scheme: Scheme, issuer: str, value: str) -> str:
    """One text for an identifier, to find the judgements that rest on it."""
    return f"{scheme.value}:{issuer}:{value}"


def strength(rule: str) -> int:
    """How early a rule's judgements are heeded when not all can be: account before e-mail before phone."""
    return _STRENGTH.get(rule.removeprefix("same_").split("_", 1)[0], 0)


def judge(group: Group) -> list[Verdict]:
    """What a shared value says.

    A loyalty or account number is its owner's alone: all who show it are one. An e-mail address, a handle or a phone
    is shared as soon as two profiles show it under names that do not fit together: then only equal names are one, and
    a profile that shows it without a name stays by itself. Each set of equals is tied to its least id, so the answer
    depends on the group alone, not on who came first.
    """
    if group.retired or len(group.members) < 2:  # noqa: PLR2004 - a pair
        return []
    if group.scheme in _OWN or one_name(m.name_key for m in group.members):
        return _star(group, group.members, rule=f"same_{group.scheme.value}", score=1.0)
    verdicts: list[Verdict] = []
    for name in sorted({m.name_key for m in group.members} - {""}):
        equals = [m for m in group.members if m.name_key == name]
        verdicts += _star(group, equals, rule=f"same_{group.scheme.value}_and_name", score=0.95)
    return verdicts


def _star(group: Group, members: Sequence[Member], *, rule: str, score: float) -> list[Verdict]:
    anchor = min(members, key=lambda m: m.profile_id)
    return [
        Verdict(
            left=anchor.profile_id,
            right=m.profile_id,
            rule=rule,
            basis=group.basis,
            score=score,
            names=tuple(sorted({anchor.name_key, m.name_key} - {""})),
        )
        for m in members
        if m.profile_id != anchor.profile_id
    ]
