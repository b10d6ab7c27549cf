"""Calibration: the prior follows the size of the base, and nothing else of the model does."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxcore.errors import InvalidInput
from cxcore.model.identifier import Scheme
from cxcore.resolve import base, calibration, training
from cxcore.resolve.calibration import LEAST, calibrated, fits, fitted, known, outgrown
from cxcore.resolve.model import Attribute, Model, default, dump, parse
from cxcore.resolve.payload import payload

SIZES = st.integers(LEAST, 10**9)
BEFORE = Model(
    attributes={"given": Attribute((0.9,), (0.1,), (0.5,))},
    prior=-12.0,
    household_prior=0.5,
    frequencies={},
    keys=("name",),
)


def made_for(population: int) -> Model:
    return replace(default(), population=population)


def test_a_model_that_says_no_population_keeps_the_version_of_before_there_was_one() -> None:
    assert BEFORE.version == "987bfe74aec4"
    assert "population" not in dump(BEFORE)
    assert replace(BEFORE, population=7).version != BEFORE.version


def test_the_population_is_written_and_read() -> None:
    for population in (0, 18_000):
        made = made_for(population)
        assert parse(dump(made)) == made
    with pytest.raises(InvalidInput, match="not a model"):
        parse(dump(made_for(7)).replace('"population": 7', '"population": "many"'))


def test_twice_the_base_is_a_bit_less_and_all_else_stays() -> None:
    one = made_for(10_000)
    other = calibrated(one, 20_000)
    assert other.prior == pytest.approx(one.prior - 1, abs=1e-6)
    assert other.population == 20_000
    assert other.version != one.version
    assert replace(other, prior=one.prior, population=one.population) == one


@given(SIZES, SIZES, SIZES)
def test_in_steps_or_at_once_it_comes_to_the_same(first: int, second: int, third: int) -> None:
    one = made_for(first)
    stepped, at_once = calibrated(calibrated(one, second), third), calibrated(one, third)
    assert stepped.prior == pytest.approx(at_once.prior, abs=2e-6)
    assert stepped.population == at_once.population == third
    assert fits(at_once, third)


@given(SIZES, SIZES)
def test_fitted_is_the_model_itself_while_its_prior_is_less_than_a_bit_off(first: int, second: int) -> None:
    one = made_for(first)
    found = fitted(one, second)
    assert (found is one) == (first < 2 * second and second < 2 * first)
    assert abs(calibrated(found, second).prior - found.prior) < 1


def test_a_small_base_counts_as_one_of_two_hundred() -> None:
    few = calibrated(made_for(10_000), 3)
    assert few == calibrated(made_for(10_000), LEAST)
    assert fits(few, 0)
    assert not outgrown(few, 2 * LEAST - 1)
    assert outgrown(few, 2 * LEAST)


def test_what_a_model_was_made_for_is_said_known_or_asked_for() -> None:
    assert known("89e894361a4c", 0) == 18_263
    assert known("89e894361a4c", 5) == 5
    assert not fits(BEFORE, 10_000)
    assert not outgrown(BEFORE, 10_000)
    with pytest.raises(InvalidInput, match="does not say for how many"):
        calibrated(BEFORE, 10_000)


def test_training_finds_the_same_on_twice_as_many_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """What calibration rests on: of a base of twice as many people, three profiles each, the prior learnt is a bit lower
    and the household's the same."""
    monkeypatch.setattr(training, "_SAMPLE", 20_000)
    rng = random.Random(8)

    def word() -> str:
        return "".join(rng.choices("abcdefghijklmnopqrst", k=9))

    records = []
    for n in range(400):
        name, mail = {"given_name": word(), "family_name": word()}, (Scheme.EMAIL, "", f"{word()}@x.example")
        born = f"19{n % 90 + 10}-0{n % 9 + 1}-{n % 20 + 10}"
        records += [
            payload(**name, birth_date=born, identifiers=[mail]),
            payload(**name, birth_date=born),
            payload(**name, identifiers=[mail]),
        ]
    half, whole = (training.train(base.collect(records[:k]).payloads) for k in (600, 1200))
    assert (half.population, whole.population) == (600, 1200)
    expected = calibrated(half, whole.population)
    assert whole.prior == pytest.approx(expected.prior, abs=0.05)
    assert whole.prior < half.prior - 0.9
    assert whole.household_prior == pytest.approx(half.household_prior, abs=0.05)
    assert calibration.fitted(half, 1199) is half
