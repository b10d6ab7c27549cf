"""The policy against what docs/access.md says, and against each mutant of itself: a right more or less is always noticed."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from cxcore.auth import masks, policy
from cxcore.auth.scopes import Scope
from cxcore.errors import PermissionDenied
from support.allowed import EVERYTHING, MAY, NOT_SEEN
from support.mutants import mutants

DOCUMENT = (Path(__file__).parents[3] / "docs" / "access.md").read_text(encoding="utf-8")
LABELS = {
    "e-mail addresses": "email",
    "phone numbers": "phone",
    "date of birth": "birth_date",
    "postal address": "address",
    "what colleagues said": "internal",
}
ONE_BY_ONE = [frozenset({s}) for s in Scope]
ALL_BUT_ONE = [frozenset(Scope) - {s} for s in Scope]


def departures(found: ModuleType) -> Iterator[str]:
    """Where a policy, this one or a mutant, does not do what the tables say."""
    if {role.value for role in found.AccessRole} != set(MAY):
        yield "roles"
    for role, table in MAY.items():
        if {s.value for s in found.SCOPES[role]} != table:
            yield f"{role}: what it may"
    yield from _judged(found)
    yield from _given(found)
    yield from _named(found)


def _judged(found: ModuleType) -> Iterator[str]:
    for role in found.AccessRole:
        for held in (frozenset(Scope), *ONE_BY_ONE, *ALL_BUT_ONE):
            who = found.Principal("x", "x", held, role)
            for scope in Scope:
                wanted = scope in held and scope.value in MAY[role.value]
                if who.may(scope) is not wanted or _refused(who, scope) is wanted:
                    yield f"{role} with {sorted(held)}: {scope}"


def _refused(who: policy.Principal, scope: Scope) -> bool:
    try:
        who.require(scope)
    except PermissionDenied as exc:
        return scope.value in exc.message
    return False


def _given(found: ModuleType) -> Iterator[str]:
    """Whether somebody may give rights: only those they have, as far as the role that gets them can use them."""
    makers = [(role, frozenset(Scope)) for role in found.AccessRole]
    makers += [(found.AccessRole.SERVICE, held) for held in (*ONE_BY_ONE, *ALL_BUT_ONE)]
    for maker, held in makers:
        own = {s for s in held if s.value in MAY[maker.value]}
        for role in found.AccessRole:
            for scopes in (frozenset(Scope), *ONE_BY_ONE):
                beyond = {s for s in scopes if s.value in MAY[role.value]} - own
                if _beyond(found.Principal("x", "x", held, maker), scopes, role) != {s.value for s in beyond}:
                    yield f"{maker} with {sorted(held)} gives {role} {sorted(scopes)}"


def _beyond(maker: policy.Principal, scopes: frozenset[Scope], role: policy.AccessRole) -> set[str]:
    try:
        maker.require_cover(scopes, role)
    except PermissionDenied as exc:
        return set(re.findall(r"[a-z]+:[a-z]+", exc.message)) or {"nothing named"}
    return set()


def _named(found: ModuleType) -> Iterator[str]:
    nothing, agent = frozenset[Scope](), found.AccessRole.AGENT
    actors = {
        "key:k": found.Principal("k", "x", nothing),
        "staff:s": found.Principal("", "x", nothing, agent, "s"),
        "operator": found.operator(),
    }
    yield from (actor for actor, who in actors.items() if who.actor != actor)
    if not all(found.operator().may(s) for s in Scope) or found.Principal("k", "x", nothing).role != "service":
        yield "what is taken for granted"


def is_noticed(found: ModuleType) -> bool:
    """Whether a mutant departs from the tables, or cannot even be asked."""
    try:
        return next(departures(found), None) is not None
    except (AssertionError, AttributeError, KeyError, TypeError):
        return True


def test_the_policy_does_what_the_tables_say() -> None:
    assert list(departures(policy)) == []
    assert {s.value for s in Scope} == EVERYTHING


def test_masks_hide_what_the_tables_say() -> None:
    assert {role.value: {m.value for m in hidden} for role, hidden in masks.MASKS.items()} == NOT_SEEN


def test_the_tables_are_those_of_the_document() -> None:
    cells = dict(re.findall(r"^\| `(\w+)` \| .+ \| (.+) \|$", DOCUMENT, re.MULTILINE))
    may: dict[str, set[str]] = {}
    for role, words in cells.items():
        may[role] = set(re.findall(r"`([a-z]+:[a-z]+)`", words))
        may[role] |= {s for other in re.findall(r"`([a-z_]+)`", words) for s in may[other]}
        may[role] |= EVERYTHING if re.search("everything|scopes say", words) else set()
    assert may == MAY


def test_the_masks_are_those_of_the_document() -> None:
    hidden: dict[str, set[str]] = {role: set() for role in MAY}
    for label, masked in LABELS.items():
        (cells,) = re.findall(rf"^\| {label}.*? \| (.+) \| (.+) \| shown \|$", DOCUMENT, re.MULTILINE)
        for role, cell in zip(("front_desk", "agent"), cells, strict=True):
            hidden[role] |= {masked} - ({masked} if cell == "shown" else set())
    assert "| | `front_desk` | `agent` | others |" in DOCUMENT
    assert hidden == NOT_SEEN


def test_each_mutant_of_the_policy_is_noticed() -> None:
    source = inspect.getsource(policy)
    same = ModuleType(policy.__name__)
    exec(source, same.__dict__)  # noqa: S102 - our own source
    assert not is_noticed(same)
    found = list(mutants(policy, source))
    assert len(found) > 40
    assert [name for name, mutant in found if not is_noticed(mutant)] == []


@pytest.mark.parametrize("role", policy.AccessRole)
def test_a_scope_more_or_less_for_any_role_is_noticed(role: policy.AccessRole, monkeypatch: pytest.MonkeyPatch) -> None:
    unnoticed = []
    for scope in Scope:
        with monkeypatch.context() as changed:
            changed.setattr(policy, "SCOPES", {**policy.SCOPES, role: policy.SCOPES[role] ^ {scope}})
            if not is_noticed(policy):
                unnoticed.append(scope)
    assert unnoticed == []
