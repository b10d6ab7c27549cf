"""How deep JSON nests, known from its bytes before any parser makes objects of it."""

import json
import re
from itertools import accumulate
from typing import Any

DEEPEST = 64
"""Levels of arrays and objects that are taken. RFC 8259, section 9, lets a parser set a limit."""
_TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
"""A text with its escapes; one that does not end goes to the end, so that the search stays linear."""
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_OTHERS = bytes(set(range(256)) - _STEP.keys())


def too_deep(body: bytes, *, most: int = DEEPEST) -> bool:
    """Whether JSON in UTF-8 nests deeper than ``most``; brackets in texts do not count. Of what is no JSON, the same is
    said of its brackets outside of texts."""
    if body.count(b"[") + body.count(b"{") <= most:
        return False
    brackets = _TEXT.sub(b"", body).translate(None, _OTHERS)
    return any(depth > most for depth in accumulate(map(_STEP.__getitem__, brackets)))


def loads(body: bytes) -> Any:
    """What ``json.loads`` gives, of a body that somebody sent us.

    Raises:
        ValueError: it is no JSON, or nests deeper than ``DEEPEST``.
    """
    if too_deep(body):
        raise ValueError(f"nested deeper than {DEEPEST}")
    try:
        return json.loads(body)
    except RecursionError:  # in an encoding whose bytes hide its depth
        raise ValueError("nested too deep") from None
