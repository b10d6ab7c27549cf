"""Others that tell who is who, on the records that cxcore resolves: what they are given, and what they give back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from cxcore.resolve import evaluation
from cxcore.resolve.payload import SCHEMES, Payload

Row = dict[str, str | int | None]
Edge = tuple[float, int, int]
"""How sure, and two records."""
NAMES = ("splink", "dedupe", "recordlinkage")
LEAST_FILLED = 0.02
MOST_PAIRS = 60
"""A blocking rule that brings more pairs a row is left out."""
INSTALL = "pip install 'cxcore[bench]'"


@dataclass(frozen=True, slots=True)
class Found:
    """One way of asking a peer: each record's cluster, and the seconds from records to clusters, where they are its own.

    Without clusters ``label`` says why there are none.
    """

    label: str
    clusters: list[int] | None = None
    seconds: float | None = None


def installed(name: str) -> bool:
    """Whether a peer can be driven here."""
    return find_spec(name) is not None


def rows(payloads: Sequence[Payload], traits: Sequence[str]) -> list[Row]:
    """A row for each record, of the very values that cxcore compares; null where nothing is shown."""
    return [row(n, p, traits) for n, p in enumerate(payloads)]


def row(number: int, p: Payload, traits: Sequence[str]) -> Row:
    values = {
        "given": p.given,
        "family": p.family,
        "both_names": f"{p.given} {p.family}" if p.given and p.family else "",
        "birth_date": p.birth_date,
        "street": p.street,
        "postcode": p.postcode,
        "city": p.city,
        **{s.value: shown[0][1] if (shown := p.shown(s)) else "" for s in SCHEMES},
        **{f"trait_{n}": p.trait(name) for n, name in enumerate(traits)},
    }
    return {"unique_id": number, **{k: v or None for k, v in values.items()}}


def filled(table: Sequence[Row]) -> set[str]:
    """The columns that are shown now and then, and not always alike."""
    found = set()
    for column in table[0]:
        values = {r[column] for r in table}
        shown = sum(r[column] is not None for r in table)
        if shown >= LEAST_FILLED * len(table) and len(values - {None}) > 1:
            found.add(column)
    return found


def closed(count: int, edges: Sequence[Edge], floors: Sequence[float]) -> Iterator[tuple[float, list[int]]]:
    """The connected components of the edges at or above each floor, each record by its component's; floors fall."""
    parent = list(range(count))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    waiting = sorted(edges)
    for floor in floors:
        while waiting and waiting[-1][0] >= floor:
            _, a, b = waiting.pop()
            parent[root(a)] = root(b)
        yield floor, [root(n) for n in range(count)]


def best_of(tried: Iterable[tuple[float, list[int]]], entities: Sequence[str | None]) -> tuple[float, list[int]]:
    """The floor and clusters of the best pairwise F1 against the truth, which flatters whoever is asked so."""
    known = [n for n, e in enumerate(entities) if e is not None]
    truth = [entities[n] or "" for n in known]
    return max(tried, key=lambda t: evaluation.measure([t[1][n] for n in known], truth).f1)
