"""How well the service told people apart, by the answer sheet: what `cxcore demo` prints at its end. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
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


@dataclass(frozen=True, slots=True)
class Report:
    """Pairs of profiles: ``precision`` and ``recall`` among all, ``distinct`` the precision among people whose names no
    one shares. Customers that glue: members of a household, colleagues of a firm, both owners of a recycled number."""

    precision: float
    recall: float
    distinct: float
    households: int
    firms: int
    recycled: int
    wrong: tuple[tuple[str, str], ...]


def report(found: Iterable[tuple[str, str, str, str]], truth: Mapping[str, Any]) -> Report:
    """Compare with the truth. ``found``: source, record key, profile and customer of each interaction."""
    person_of = _people(found_list := list(found), truth)
    customer_of = {profile: customer for _, _, profile, customer in found_list}
    names = Counter(p["name"].casefold() for p in truth["people"])
    named = {p["id"]: p["name"].casefold() for p in truth["people"]}
    inside: dict[str, Counter[str]] = defaultdict(Counter)
    for profile, person in person_of.items():
        inside[customer_of[profile]][person] += 1
    said = right = distinct = distinct_right = 0
    wrong: Counter[tuple[str, str]] = Counter()
    for people in inside.values():
        total = sum(people.values())
        said += total * (total - 1) // 2
        right += sum(n * (n - 1) // 2 for n in people.values())
        alone = [n for p, n in people.items() if names[named[p]] == 1]
        distinct += sum(alone) * (sum(alone) - 1) // 2
        distinct_right += sum(n * (n - 1) // 2 for n in alone)
        wrong.update((min(a, b), max(a, b)) for a, b in combinations(people, 2))
    true = sum(n * (n - 1) // 2 for n in Counter(person_of.values()).values())
    return Report(
        precision=right / said if said else 1.0,
        recall=right / true if true else 1.0,
        distinct=distinct_right / distinct if distinct else 1.0,
        households=_glued(wrong, (h["people"] for h in truth["households"])),
        firms=_glued(wrong, (f["people"] for f in truth["switchboards"])),
        recycled=_glued(wrong, ((h["first"], h["second"]) for h in truth["recycled_numbers"])),
        wrong=tuple(sorted(wrong)),
    )


def _people(found: list[tuple[str, str, str, str]], truth: Mapping[str, Any]) -> dict[str, str]:
    """Whose each profile is: the person behind most of its records."""
    records = {system: dict(keys) for system, keys in truth["records"].items()}
    records["mail"] = {key.partition("<")[2].rstrip(">"): who for key, who in records["mail"].items()}
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for source, key, profile, _ in found:
        system = _SYSTEM_OF[source]
        person = records[system].get(key.rpartition("#")[0] if system == "mail" else key)
        if person is not None:
            counted[profile][person] += 1
    return {profile: min(people, key=lambda p: (-people[p], p)) for profile, people in counted.items()}


def _glued(wrong: Iterable[tuple[str, str]], groups: Iterable[Iterable[str]]) -> int:
    together = {(min(a, b), max(a, b)) for group in groups for a, b in combinations(group, 2)}
    return len(together & set(wrong))
