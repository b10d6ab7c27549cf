"""Peers of the bench: each tells a tiny made-up base apart, and what it may not take is said, not suffered."""

import random

import pytest
from bench import peers
from bench.peers import child, closed

from cxcore.model.identifier import Scheme
from cxcore.resolve.payload import Payload, payload

PEOPLE, SHOWN = 60, 3
_LETTERS = "abcdefghiklmnoprstuv"


@pytest.fixture(scope="module")
def base() -> tuple[list[Payload], list[str | None]]:
    """People with three records each: one as they are, one with a slip in the name, one without e-mail."""
    rng = random.Random(7)
    payloads, entities = [], []
    for n in range(PEOPLE):
        given, family, street = ("".join(rng.choices(_LETTERS, k=7)) for _ in range(3))
        born = f"{1940 + n}-0{rng.randrange(1, 10)}-1{rng.randrange(10)}"
        mail = (Scheme.EMAIL, "", f"{given}.{family}@x.example")
        for slip in range(SHOWN):
            payloads.append(
                payload(
                    given_name=given[:-1] + rng.choice(_LETTERS) if slip == 1 else given,
                    family_name=family,
                    birth_date=born,
                    street=f"{street} {n}",
                    city=rng.choice(["turku", "oulu", "vaasa"]),
                    identifiers=[] if slip == 2 else [mail],
                )
            )
            entities.append(str(n))
    return payloads, entities


@pytest.mark.parametrize("name", peers.NAMES)
def test_a_peer_tells_a_tiny_base_apart(name: str, base: tuple[list[Payload], list[str | None]]) -> None:
    if not peers.installed(name):
        pytest.skip(f"{name} is not installed: needs cxcore[bench]")
    payloads, entities = base
    found = child.drive(name, peers.rows(payloads, ()), entities, seed=1, gigabytes=6, minutes=5)
    assert found
    assert found[0].seconds
    for one in found:
        assert one.clusters is not None, one.label
        assert len(one.clusters) == len(payloads)
    pairs = {n: [one.clusters[n * SHOWN] for one in found if one.clusters] for n in range(PEOPLE)}
    assert len({p[-1] for p in pairs.values()}) >= PEOPLE * 0.9, "strangers were put together"
    together = [n for n in range(PEOPLE) if (c := found[-1].clusters) and c[n * SHOWN] == c[n * SHOWN + 1]]
    assert len(together) >= PEOPLE * 0.7, "records of one person were kept apart"


def test_a_peer_that_is_not_installed_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "installed", lambda _name: False)
    (found,) = child.drive("dedupe", [], [], seed=1, gigabytes=1, minutes=1)
    assert found == peers.Found("dedupe: not installed (pip install 'cxcore[bench]')")


@pytest.mark.parametrize(("gigabytes", "minutes", "said"), [(0.05, 1, "out of memory"), (6, 0.0001, "out of time")])
def test_a_limit_is_said(
    base: tuple[list[Payload], list[str | None]], gigabytes: float, minutes: float, said: str
) -> None:
    payloads, entities = base
    (found,) = child.drive("splink", peers.rows(payloads, ()), entities, seed=1, gigabytes=gigabytes, minutes=minutes)
    assert said in found.label
    assert found.clusters is None


def test_a_peer_that_fails_otherwise_is_no_result() -> None:
    with pytest.raises(RuntimeError, match="splink failed"):
        child.drive("splink", [], [], seed=1, gigabytes=6, minutes=1)


def test_components_grow_as_the_floor_falls() -> None:
    found = dict(closed(4, [(3.0, 0, 1), (1.0, 1, 2)], [4, 3, 1]))
    assert [len(set(clusters)) for clusters in found.values()] == [4, 3, 2]


def test_the_truth_chooses_the_best_floor() -> None:
    floor, clusters = peers.best_of([(2, [0, 1, 2]), (1, [0, 0, 2]), (0, [0, 0, 0])], ["a", "a", None])
    assert (floor, clusters) == (1, [0, 0, 2])


def test_only_what_is_shown_and_differs_is_a_column() -> None:
    rows = peers.rows([payload(given_name="anna", city="turku"), payload(given_name="eva", city="turku")], ())
    assert peers.filled(rows) == {"unique_id", "given"}
