"""The report of a training: it stands alone, holds no value of anybody, and its figures are those of the product."""

import random
import re
from html.parser import HTMLParser

import pytest

from cxcore.model.identifier import Scheme
from cxcore.resolve import base, training, training_figures, training_report
from cxcore.resolve.base import Base
from cxcore.resolve.model import Model
from cxcore.resolve.payload import payload
from cxcore.resolve.training_figures import Figures

LETTERS = "abcdefghijklmnopqrst"
PEOPLE = 240


@pytest.fixture(scope="module")
def collected() -> Base:
    """Three records each: one whole, one with a slip and no e-mail, one of a name and the household's landline."""
    rng = random.Random(3)
    records = []
    for n in range(PEOPLE):
        given, family = "".join(rng.choices(LETTERS, k=8)), f"q{''.join(rng.choices(LETTERS, k=8))}"
        mail = (Scheme.EMAIL, "", f"{given}.{family}@mail.example")
        born, street = f"19{n % 90 + 10}-0{n % 9 + 1}-11", f"{family} lane {n}"
        line = (Scheme.PHONE, "", f"+3589{1_000_000 + n // 2}")
        whole = {"given_name": given, "family_name": family, "traits": {"work": f"{family}ing"}}
        records += [
            payload(**whole, birth_date=born, street=street, identifiers=[mail, line]),
            payload(**whole | {"given_name": f"{given[:-1]}z"}, birth_date=born, street=street),
            payload(given_name=given, family_name=family, city="qtown", identifiers=[line]),
        ]
    return base.collect(records)


@pytest.fixture(scope="module")
def model(collected: Base) -> Model:
    return training.train(collected.payloads, traits=("work",), trained_on="people.csv")


@pytest.fixture(scope="module")
def figures(collected: Base, model: Model) -> Figures:
    entities = [str(n // 3) if n % 10 else None for n in range(3 * PEOPLE)]
    return training_figures.figures(collected, model, entities=entities)


@pytest.fixture(scope="module")
def page(figures: Figures, model: Model) -> str:
    return training_report.page(figures, model, made="2026-05-01")


def test_at_the_model_s_own_threshold_it_says_what_resolving_gives(
    collected: Base, model: Model, figures: Figures
) -> None:
    found = base.partition(collected.payloads, model)
    own = next(t for t in figures.thresholds if t.bits == model.automatic)
    assert (own.customers, own.joins, own.reviews) == (len(found.clusters), len(found.joined), len(found.refused))
    assert own.quality
    assert own.quality.records == figures.labelled == 3 * PEOPLE * 9 // 10


def test_a_higher_threshold_joins_no_more(figures: Figures) -> None:
    joins = [t.joins for t in figures.thresholds]
    assert joins == sorted(joins, reverse=True)
    assert joins[0] > joins[-1]


def test_every_candidate_pair_is_counted_once_at_each_attribute(figures: Figures) -> None:
    assert {sum(counted.values()) for counted in figures.levels} == {figures.pairs}
    assert sum(figures.scores.values()) == figures.pairs
    assert 0 < figures.joined <= figures.pairs


def test_an_example_adds_up_to_its_score_unless_it_was_held(model: Model, figures: Figures) -> None:
    assert {e.kind for e in figures.examples} <= training_report.KINDS.keys()
    assert figures.examples[0].kind == "joined"
    for e in figures.examples:
        if e.kind == "held":
            assert e.score < e.total
        elif e.kind in {"joined", "just joined"}:
            assert e.score == pytest.approx(e.total)
            assert e.score >= model.automatic


def test_retired_keys_are_counted(figures: Figures) -> None:
    city = next(r for r in figures.recipes if r.name == "city")
    assert (city.keys, city.retired, city.largest) == (1, 1, PEOPLE)


def test_no_value_of_anybody_is_in_the_report(page: str, collected: Base) -> None:
    values = set()
    for p in collected.payloads:
        values |= {p.given, p.family, p.birth_date, p.street, p.postcode, p.city, *(v for _, v in p.traits)}
        values |= {v for _, shown in p.identifiers for _, v in shown}
    assert [v for v in values if v and v in page] == []


def test_it_stands_alone(page: str) -> None:
    assert not re.search(r"<script|https?:|//|url\(|@import|<link|<img|\son\w+=", page)
    assert "default-src 'none'" in page


def test_its_elements_are_closed(page: str) -> None:
    class Checking(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.stack: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert all(re.fullmatch(r"[a-zA-Z-]+", name) for name, _ in attrs), attrs
            if tag != "meta":
                self.stack.append(tag)

        def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            return None

        def handle_endtag(self, tag: str) -> None:
            assert self.stack.pop() == tag

    checking = Checking()
    checking.feed(page)
    assert checking.stack == []


def test_it_names_levels_and_thresholds(page: str, model: Model) -> None:
    for said in (model.version, "slip of the pen", "part of a double name", "Precision of pairs", "work"):
        assert said in page, said


def test_without_labels_there_is_no_precision(collected: Base, model: Model) -> None:
    plain = training_report.page(training_figures.figures(collected, model), model, made="2026-05-01")
    assert "Precision" not in plain
    assert "If the threshold were another" in plain


@pytest.mark.parametrize(("value", "said"), [(0.5, "50.0%"), (0.0123, "1.23%"), (0.0001, "1 in 10,000")])
def test_a_probability_reads_well(value: float, said: str) -> None:
    assert training_report._chance(value) == said


@pytest.mark.parametrize(("value", "said"), [(0.01, "0"), (-3.44, "\N{MINUS SIGN}3.4"), (2.0, "+2.0")])
def test_bits_read_well(value: float, said: str) -> None:
    assert training_report._bits(value) == said
