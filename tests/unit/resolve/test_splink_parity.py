"""The same pairs and weights as batch Splink 5: another engine, another language, each pair of a base of hard cases."""

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations
from typing import Any

import pytest

from cxcore.model.identifier import Scheme
from cxcore.resolve import base, reference
from cxcore.resolve.model import BITS, Attribute, Model, default
from cxcore.resolve.payload import Payload, payload
from cxcore.resolve.score import Owners, Scorer

COUNT, SOME = 300, 120
NAMES = [
    ("Päivi", "Mäkinen"),
    ("Pa\u0308ivi", "Ma\u0308kinen"),  # the same, decomposed
    ("Robert", "Virtanen-Berg"),
    ("Bob", "Berg Virtanen"),
    ("Bobby", "Berg"),
    ("Katherine", "O'Brien"),
    ("Kate", "Brien"),
    ("Наталия", "Петрова"),
    ("Наталья", "Петров"),
    ("Γιώργος", "Παπαδόπουλος"),
    ("Γεώργιος", "Παπαδοπούλου"),
    ("Søren", "Łukasiewicz"),
    ("Sören", "Lukasiewics"),
    ("伟", "王"),
    ("Anna", "Virtanen"),
    ("Jonathan", "Dickson"),
    ("Yrjö", "von der Heide"),
    ("J", "Dixon"),
    ("", "Virtanen"),
    ("Anna", ""),
    ("", ""),
]
BORN = ["19800210", "19801002", "19750531", "19991231", "20000229"]
BESIDE = [
    *("19800211", "19810210", "19800120", "19800310", "19800321", "19800322", "19800323", "19810316", "19810317"),
    *("19810318", "19800230", "19801302", "00000210", "00010210", "1980", "198002", "198002101", "19810503", ""),
]
STREETS = ["Mannerheimintie 12 A", "Mannerheimintie 12 B", "Kauppakatu 3", "Kauppakatu 33", "улица Ленина 5", ""]
POSTCODES = ["00100", "33100", "190000", ""]
CITIES = ["Helsinki", "Helsingfors", "Helsinkki", "Санкт-Петербург", "Tampere", "Åbo", ""]
MAILS = [
    *("paivi@x.example", "paivi@y.example", "paivi.makinen@x.example", "paivi.makinem@x.example", "info@x.example"),
    *("paivi.makinen77@x.example", "paivi_makinen1977@x.example", "paivi-makine-7@x.example"),
]
PHONES = ["+358401111111", "+358401111112", "+358401111121", "+358402222222"]
WORK = ["kirvesmies", "kirvesmis", "kirvesmiehet", "opettaja", "opettajatar", "it", "is", ""]


def _slip(rng: random.Random, text: str) -> str:
    """A letter lost, doubled, changed, or changed places with its neighbour."""
    if len(text) < 2:
        return text
    n = rng.randrange(len(text) - 1)
    return rng.choice(
        [
            text[:n] + text[n + 1 :],
            text[:n] + text[n] + text[n:],
            text[:n] + rng.choice("aeirst") + text[n + 1 :],
            text[:n] + text[n + 1] + text[n] + text[n + 2 :],
        ]
    )


def _person(rng: random.Random) -> Payload:
    given, family = rng.choice(NAMES)
    if rng.random() < 0.1:
        given = given[:1]
    for _ in range(rng.choice((0, 0, 0, 1, 2))):
        given, family = _slip(rng, given), _slip(rng, family)
    if rng.random() < 0.15:
        given, family = family, given
    identifiers = [
        (scheme, issuer, _slip(rng, value) if rng.random() < 0.1 else value)
        for scheme, issuer, value, share in (
            (Scheme.EMAIL, "", rng.choice(MAILS), 0.5),
            (Scheme.PHONE, "", rng.choice(PHONES), 0.5),
            (Scheme.HANDLE, rng.choice(("x", "y")), rng.choice(("paivi", "paivi1", "bob_berg")), 0.3),
            (Scheme.LOYALTY, "shop", f"LOY{rng.randrange(100, 140)}", 0.3),
            (Scheme.ACCOUNT, rng.choice(("crm", "erp")), str(rng.randrange(1000, 1030)), 0.3),
        )
        if rng.random() < share
    ]
    return payload(
        given_name=given,
        family_name=family,
        birth_date=rng.choice((*BORN, *BESIDE)),
        street=rng.choice(STREETS),
        postcode=rng.choice(POSTCODES),
        city=rng.choice(CITIES),
        identifiers=identifiers,
        traits={"work of one's own": rng.choice(WORK)},
    )


@lru_cache(maxsize=1)
def people() -> list[Payload]:
    rng = random.Random(5)
    return base.collect([_person(rng) for _ in range(COUNT)]).payloads


@lru_cache(maxsize=1)
def learnt() -> Model:
    """A model that compares a trait, and knows how frequent some of the names and cities are."""
    frequencies: dict[str, dict[str, float]] = {"given": {}, "family": {}, "city": {}}
    for n, p in enumerate(people()):
        for name, value in (("given", p.given), ("family", p.family), ("city", p.city)):
            if value and n % 3:
                frequencies[name][value] = frequencies[name].get(value, 0.0) + 1 / COUNT
    frequencies["city"]["abo"] = 1e-9  # rarer than counts
    work = Attribute((0.7, 0.1, 0.2), (0.05, 0.01, 0.94), (0.06, 0.02, 0.92))
    one = default()
    return replace(
        one,
        attributes={**one.attributes, "trait:work of one's own": work},
        traits=("work of one's own",),
        frequencies=frequencies,
    )


def some() -> list[Payload]:
    """As many as show what a change does."""
    return people()[:SOME]


MODELS = pytest.mark.parametrize("model", [default, learnt], ids=["the model that ships", "one learnt"])


def by_splink(rows: list[dict[str, Any]], settings: dict[str, Any]) -> dict[tuple[int, int], float]:
    """Each pair that Splink finds, and its match weight."""
    from splink import DuckDBAPI, Linker

    table = DuckDBAPI().register(rows)
    found = Linker(table, settings, log_level=None).inference.predict(warning_mode="never").as_dict()
    pairs = zip(found["unique_id_l"], found["unique_id_r"], strict=True)
    return {tuple(sorted(pair)): weight for pair, weight in zip(pairs, found["match_weight"], strict=True)}


def written(
    payloads: Sequence[Payload], model: Model, owners: Owners | None = None
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The table and the settings for Splink. ``owners``: of the table alone, where they shall differ."""
    known = base.owners_of(payloads)
    return reference.rows(payloads, model, known if owners is None else owners), reference.settings(model, known)


def by_cxcore(payloads: Sequence[Payload], model: Model) -> dict[tuple[int, int], float]:
    """Each pair's prior and main weights, in bits."""
    scorer, owners = Scorer(model), base.owners_of(payloads)
    pairs = {}
    for a, b in combinations(range(len(payloads)), 2):
        x, y = payloads[a], payloads[b]
        weights = scorer.weights(scorer.codes(x, y), x, y, owners)
        pairs[a, b] = (scorer.prior + sum(w[0] for w in weights if w is not None)) / BITS
    return pairs


def differing(ours: dict[tuple[int, int], float], theirs: dict[tuple[int, int], float]) -> list[tuple[int, int]]:
    """The pairs that one alone has, or that weigh more than a billionth of a bit apart."""
    assert ours
    return sorted(p for p in ours.keys() | theirs if not abs(ours.get(p, 1e9) - theirs.get(p, -1e9)) <= 1e-9)


@MODELS
def test_every_pair_weighs_the_same_in_splink(model: Any) -> None:
    chosen = model()
    theirs = by_splink(*written(people(), chosen))
    assert len(theirs) == len(people()) * (len(people()) - 1) / 2 > 40_000
    found = differing(by_cxcore(people(), chosen), theirs)
    assert found == []


def test_the_people_show_every_level_of_every_comparison() -> None:
    scorer, expected = Scorer(learnt()), learnt().comparisons
    seen: list[set[int]] = [set() for _ in expected]
    for x, y in combinations(people(), 2):
        for codes, code in zip(seen, scorer.codes(x, y), strict=True):
            codes.add(code)
    assert seen == [set(range(len(c.levels) + 1)) for c in expected]
    assert {scheme for scheme, *_ in base.owners_of(people())} == {s for c in expected if (s := c.scheme) is not None}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("0.919999", "0.93"),
        ("0.799999", "0.81"),
        ("0.949999", "0.96"),
        ("0.849999", "0.97"),
        ('<= 40"', '<= 39"'),
        ('<= 400"', '<= 399"'),
        (" >= 4 ", " >= 2 "),
        ("list_has_any(given_heads_l, given_heads_r)", "false"),
        ("list_has_all", "list_has_any"),
    ],
)
def test_a_level_that_means_something_else_is_noticed(right: str, wrong: str) -> None:
    rows, settings = written(some(), learnt())
    text = json.dumps(settings)
    assert text.count(right)
    theirs = by_splink(rows, json.loads(text.replace(right, wrong)))
    found = differing(by_cxcore(some(), learnt()), theirs)
    assert found


@pytest.mark.parametrize("name", ["given", "address", "email", "trait:work of one's own"])
def test_a_weight_that_is_a_trifle_off_is_noticed(name: str) -> None:
    held = learnt().attributes[name]
    trifle = replace(held, m=(*held.m[:-1], held.m[-1] * 1.00001))
    other = replace(learnt(), attributes={**learnt().attributes, name: trifle})
    found = differing(by_cxcore(some(), learnt()), by_splink(*written(some(), other)))
    assert found


def test_owners_that_are_miscounted_are_noticed() -> None:
    found = differing(by_cxcore(some(), learnt()), by_splink(*written(some(), learnt(), owners={})))
    assert found


@pytest.mark.parametrize(
    "refused",
    [
        payload(identifiers=[(Scheme.EMAIL, "", "a@x.example"), (Scheme.EMAIL, "", "b@x.example")]),
        Payload(given="päivi"),
    ],
    ids=["two of a scheme", "beyond ASCII"],
)
def test_what_splink_cannot_compare_alike_is_refused(refused: Payload) -> None:
    with pytest.raises(ValueError, match="payload 0"):
        reference.rows([refused], default(), {})
