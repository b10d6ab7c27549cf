"""Codes: what stands in databases out there, so never another number for a word."""

from enum import StrEnum
from typing import Any

import pytest

from cxcore.model.identifier import Scheme
from cxcore.model.interaction import Channel, Direction, Kind, Role
from cxcore.normalise.codes import CHANNELS, DIRECTIONS, KINDS, ROLES, SCHEMES, Codes

GIVEN_OUT = {
    "channels": (CHANNELS, Channel, "chat phone email social visit purchase feedback"),
    "directions": (DIRECTIONS, Direction, "inbound outbound internal"),
    "kinds": (
        KINDS,
        Kind,
        "message call voicemail post comment stay arrival booking order survey appointment note departure",
    ),
    "roles": (ROLES, Role, "sender recipient copy caller callee author agent guest buyer"),
    "schemes": (SCHEMES, Scheme, "email phone account loyalty handle"),
}
"""The words in the order of their numbers. Add at the end; a change before it rewrites history."""


@pytest.mark.parametrize(("codes", "kind", "order"), GIVEN_OUT.values(), ids=GIVEN_OUT)
def test_a_word_keeps_its_number(codes: Codes[Any], kind: type[StrEnum], order: str) -> None:
    assert {word.value: codes.code(word) for word in kind} == {w: n for n, w in enumerate(order.split())}


@pytest.mark.parametrize(("codes", "kind", "order"), GIVEN_OUT.values(), ids=GIVEN_OUT)
def test_every_word_comes_back_from_its_number(codes: Codes[Any], kind: type[StrEnum], order: str) -> None:
    assert [codes.word(codes.code(word)) for word in kind] == list(kind)
