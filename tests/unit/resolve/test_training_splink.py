"""Training by Splink: it counts our own levels, on pairs that identifiers anchor, and gives a model that resolves."""

import random
import sys
from collections import Counter
from dataclasses import replace
from functools import lru_cache

import pytest

from cxcore.errors import InvalidInput, OperatorError
from cxcore.model.identifier import Scheme
from cxcore.resolve import anchors, base, training, training_splink
from cxcore.resolve.comparisons import comparisons
from cxcore.resolve.evaluation import measure
from cxcore.resolve.model import Model, dump, parse
from cxcore.resolve.payload import Payload, payload

LETTERS = "abcdefghijklmnopqrst"
PEOPLE = 130
TRAITS = ("work",)


def of(name: str = "", mail: str = "", phone: str = "") -> Payload:
    shown = [(Scheme.EMAIL, "", mail)] * bool(mail) + [(Scheme.PHONE, "", phone)] * bool(phone)
    return payload(name=name, identifiers=shown)


@lru_cache(maxsize=1)
def people() -> tuple[list[Payload], list[int]]:
    """Payloads of 130 people in couples with a landline in common, and whose they are."""
    rng = random.Random(11)

    def word() -> str:
        return "".join(rng.choices(LETTERS, k=8))

    records, whose = [], []
    for n in range(PEOPLE):
        home = n // 2
        given, family = word(), f"q{home:03}{LETTERS[home % 20]}".translate(str.maketrans("0123456789", "aeiouklmnr"))
        mail, mobile = (Scheme.EMAIL, "", f"{word()}@x.example"), (Scheme.PHONE, "", f"+35840{1_000_000 + 7919 * n}")
        line = (Scheme.PHONE, "", f"+3589{1_000_000 + 7919 * home}")
        street, born = f"{family} lane {home}", f"19{n % 90 + 10}-0{n % 9 + 1}-{n % 20 + 10}"
        name = {"given_name": given, "family_name": family, "traits": {"work": f"{word()}ing"}}
        records += [
            payload(**name, birth_date=born, street=street, identifiers=[mail]),
            payload(**name | {"given_name": f"{given[:-1]}z"}, birth_date=born, identifiers=[mail, mobile]),
            payload(**name | {"given_name": given[:1]}, street=street, identifiers=[mobile]),
            payload(given_name=given, family_name=family, street=street, identifiers=[mail, line]),
        ]
        whose += [n] * 4
    collected = base.collect(records)
    by_node = dict(zip(collected.node_of, whose, strict=True))
    return collected.payloads, [by_node[n] for n in range(len(collected.payloads))]


@lru_cache(maxsize=1)
def learnt() -> Model:
    return training_splink.train(people()[0], traits=TRAITS, trained_on="people.csv")


def test_an_identifier_of_one_person_ties_and_one_of_several_does_not() -> None:
    payloads = [
        of("Anna Salo", "anna@x.example"),
        of("Anni Salo", "anna@x.example", "+358401111111"),
        of("", "", "+358401111111"),
        of("Anna Salo", "perhe@x.example"),
        of("Pekka Salo", "perhe@x.example"),
        of("Anna Salo", "", "+35891234567"),
        of("Anna Virta", "", "+35891234567"),
    ]
    assert anchors.entities(payloads) == [[0, 1, 2], [3], [4], [5], [6]]
    assert anchors.inside([[0, 1, 2], [3]]) == [(0, 1), (0, 2), (1, 2)]
    assert anchors.entities(payloads, without={Scheme.EMAIL})[:2] == [[0], [1, 2]]
    assert anchors.representative([2, 0, 1], payloads) == 1


def test_what_is_shown_by_too_many_ties_nobody() -> None:
    many = [
        payload(given_name="Anna", city=f"town {n}", identifiers=[(Scheme.EMAIL, "", "a@x.example")]) for n in range(61)
    ]
    assert len(anchors.entities(many)) == 61
    assert len(anchors.entities(many[1:])) == 1
    assert anchors.inside([list(range(61))]) == []


def test_splink_counts_the_levels_that_our_comparisons_give() -> None:
    payloads, compared = people()[0], comparisons(TRAITS)
    splink = training_splink._Splink(payloads, TRAITS)
    inside = anchors.inside(anchors.entities(payloads))
    some = [n for n in range(len(payloads)) if n % 3 == 0]
    strangers = [(a, b) for i, a in enumerate(some) for b in some[i + 1 :]]
    for pairs, found in (
        (inside, splink.of_labels(compared, inside)),
        (strangers, splink.of_strangers(compared, some, 1)),
    ):
        assert len(pairs) > 100
        for c in compared:
            counted = Counter(c.compare(payloads[a], payloads[b]) for a, b in pairs)
            both = counted.total() - counted[0]
            expected = [counted[code] / both if both else 0.0 for code in range(1, len(c.levels) + 1)]
            assert found[c.name] == pytest.approx(expected, abs=1e-9), c.name


def test_the_model_tells_people_apart_that_share_a_landline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "_SAMPLE", 20_000)
    payloads, whose = people()
    made = learnt()
    assert (made.population, made.traits, made.trained_on) == (len(payloads), TRAITS, "people.csv")
    assert parse(dump(made)) == made
    clusters = base.partition(payloads, made).clusters
    found = measure([next(k for k, c in enumerate(clusters) if n in c) for n in range(len(payloads))], whose)
    assert found.precision == 1.0
    assert found.recall > 0.95
    assert abs(made.prior - training.train(payloads, traits=TRAITS).prior) < 1


def test_the_same_payloads_give_the_same_model(monkeypatch: pytest.MonkeyPatch) -> None:
    assert training_splink.train(people()[0], traits=TRAITS, trained_on="people.csv") == learnt()
    monkeypatch.setattr(training_splink, "_SAMPLE", 3000)
    drawn = [training_splink.train(people()[0], traits=TRAITS, seed=seed) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1]
    assert drawn[0].attributes != drawn[2].attributes


def test_what_the_anchors_rest_on_is_not_learnt_from_them() -> None:
    """How often one person's e-mail addresses differ, where nothing else anchors them."""
    payloads = [p if p.shown(Scheme.EMAIL) else replace(p, identifiers=()) for p in people()[0]]
    payloads = [replace(p, identifiers=tuple(i for i in p.identifiers if i[0] is Scheme.EMAIL)) for p in payloads]
    made = training_splink.train(base.collect(payloads).payloads)
    assert made.attributes["email"].m == pytest.approx(training.START["email"])
    assert made.attributes["given"].m != pytest.approx(training.START["given"], abs=0.01)
    assert sum(made.attributes["given"].m) == pytest.approx(1, abs=1e-6)


def test_too_little_to_learn_from_is_refused() -> None:
    payloads = people()[0]
    with pytest.raises(InvalidInput, match="too few to learn from"):
        training_splink.train(payloads[: training.LEAST - 1])
    with pytest.raises(InvalidInput, match=r"Only 0 pairs .* share an identifier"):
        training_splink.train([replace(p, identifiers=()) for p in payloads])


def test_without_splink_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "splink", None)
    with pytest.raises(OperatorError, match="needs Splink 5") as refused:
        training_splink.train(people()[0])
    assert "cxcore[train]" in str(refused.value)
