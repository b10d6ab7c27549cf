"""How well the service told people apart, by the answer sheet: what `cxcore demo` prints at its end. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

_SYSTEM_OF = {
    "stays": "stays",
    "arrivals": "arrivals",
    "till": "orders",
    "chat": "chat",
    "calls": "calls",
    "mail": "mail",
    "comments": "social",
    "mentions": "social",
    "blogs": "social",
    "loyalty": "loyalty",
}


Found = tuple[str, str, str, str, bool]
"""Source, record key, profile and customer of an interaction, and whether the profile shows a name."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """Profiles that show a number, a mailbox, a browser or an account, and no name: how many were given to a customer who
    has a name, how many of these rightly, and how many wait."""

    given: int
    rightly: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Kin:
    """Pairs of people who are said to be of one household: how many, and how many of these truly are (a person who is two
    customers is nobody's relative). Of the pairs who are: how many are customers with a name, how many of these show a value
    in common under their names, and how many of those are said to be."""

    said: int
    rightly: int
    known: int
    tied: int
    found: int


@dataclass(frozen=True, slots=True)
class Report:
    """Pairs of profiles: ``precision`` and ``recall`` among all, ``distinct`` the precision among people whose names no
    one shares, ``named`` the same among their profiles that show a name.

    Pairs of people who share a customer (``wrong``), and how many of them are relatives, colleagues, or both owners of a
    recycled number: first all, then those whose names were joined.
    """

    precision: float
    recall: float
    distinct: float
    named: float
    contacts: Contacts
    households: tuple[int, int]
    firms: tuple[int, int]
    recycled: tuple[int, int]
    wrong: tuple[tuple[str, str], ...]


def report(found: Iterable[Found], truth: Mapping[str, Any]) -> Report:
    """Compare what was found with the truth."""
    person_of = _people(found_list := list(found), truth)
    customer_of = {profile: customer for _, _, profile, customer, _ in found_list}
    with_name = {profile for *_, profile, _, named in found_list if named}
    names = Counter(p["name"].casefold() for p in truth["people"])
    alone = {p["id"] for p in truth["people"] if names[p["name"].casefold()] == 1}
    everyone, known = _inside(person_of, customer_of), _inside(person_of, customer_of, with_name)
    said, right = _pairs(everyone.values())
    wrong, wrong_names = _sharing(everyone), _sharing(known)
    groups = (
        [h["people"] for h in truth["households"]],
        [f["people"] for f in truth["switchboards"]],
        [(h["first"], h["second"]) for h in truth["recycled_numbers"]],
    )
    households, firms, recycled = ((_glued(wrong, g), _glued(wrong_names, g)) for g in groups)
    return Report(
        precision=_share(right, said),
        recall=_share(right, _pairs([Counter(person_of.values())])[1]),
        distinct=_precision(everyone, alone),
        named=_precision(known, alone),
        contacts=_contacts(person_of, customer_of, with_name, known),
        households=households,
        firms=firms,
        recycled=recycled,
        wrong=tuple(sorted(wrong)),
    )


def kin(
    related: Iterable[tuple[str, str]],
    shown: Iterable[tuple[str, str]],
    found: Iterable[Found],
    truth: Mapping[str, Any],
) -> Kin:
    """Compare households with the truth. ``related``: pairs of customers said to be of one; ``shown``: values and the
    profiles that show them."""
    person_of = _people(found_list := list(found), truth)
    named = {profile for *_, profile, _, with_name in found_list if with_name}
    inside = _inside(person_of, {profile: customer for _, _, profile, customer, _ in found_list}, named)
    who = {customer: max(people, key=lambda p: (people[p], p)) for customer, people in inside.items()}
    homes = [{p for p in h["people"] if p in who.values()} for h in truth["households"]]
    true = {pair for home in homes for pair in combinations(sorted(home), 2)}
    said = {(min(a, b), max(a, b)) for c, d in related if (a := who.get(c)) and (b := who.get(d))}
    users: dict[str, set[str]] = defaultdict(set)
    for value, profile in shown:
        if profile in named and profile in person_of:
            users[value].add(person_of[profile])
    tied = true & {pair for people in users.values() for pair in combinations(sorted(people), 2)}
    return Kin(len(said), len(said & true), len(true), len(tied), len(said & tied))


_Inside = dict[str, Counter[str]]
"""Of each customer, the people and how many profiles of theirs it holds."""


def _inside(
    person_of: Mapping[str, str], customer_of: Mapping[str, str], only: Collection[str] | None = None
) -> _Inside:
    inside: _Inside = defaultdict(Counter)
    for profile, person in person_of.items():
        if only is None or profile in only:
            inside[customer_of[profile]][person] += 1
    return inside


def _pairs(counted: Iterable[Mapping[str, int]]) -> tuple[int, int]:
    """Pairs of profiles in the same place, and those of one person among them."""
    said = right = 0
    for people in counted:
        total = sum(people.values())
        said += total * (total - 1) // 2
        right += sum(n * (n - 1) // 2 for n in people.values())
    return said, right


def _precision(inside: _Inside, people: Collection[str]) -> float:
    said, right = _pairs({p: n for p, n in held.items() if p in people} for held in inside.values())
    return _share(right, said)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _sharing(inside: _Inside) -> set[tuple[str, str]]:
    return {(min(a, b), max(a, b)) for people in inside.values() for a, b in combinations(people, 2)}


def _contacts(
    person_of: Mapping[str, str], customer_of: Mapping[str, str], with_name: Collection[str], known: _Inside
) -> Contacts:
    given = rightly = waiting = 0
    for profile, person in person_of.items():
        if profile in with_name:
            continue
        if holders := known.get(customer_of[profile]):
            given += 1
            rightly += person == max(holders, key=lambda p: (holders[p], p))
        else:
            waiting += 1
    return Contacts(given, rightly, waiting)


def _people(found: list[Found], truth: Mapping[str, Any]) -> dict[str, str]:
    """Whose each profile is: the person behind most of its records."""
    records = {system: dict(keys) for system, keys in truth["records"].items()}
    records["mail"] = {key.partition("<")[2].rstrip(">"): who for key, who in records["mail"].items()}
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for source, key, profile, *_ in found:
        system = _SYSTEM_OF[source]
        person = records[system].get(key.rpartition("#")[0] if system == "mail" else key)
        if person is not None:
            counted[profile][person] += 1
    return {profile: min(people, key=lambda p: (-people[p], p)) for profile, people in counted.items()}


def _glued(wrong: Collection[tuple[str, str]], groups: Iterable[Iterable[str]]) -> int:
    together = {(min(a, b), max(a, b)) for group in groups for a, b in combinations(group, 2)}
    return len(together & set(wrong))
