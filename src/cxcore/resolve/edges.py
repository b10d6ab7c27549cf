"""Edges: which candidates could be one person if nobody else used their identifiers. Pure; the same on every path."""

from cxcore.resolve.model import BITS
from cxcore.resolve.payload import Payload
from cxcore.resolve.score import Scorer


def codes(scorer: Scorer, a: Payload, b: Payload) -> bytes | None:
    """The level codes of a candidate pair that is an edge; None for one that is not."""
    if not scorer.promising(a, b):
        return None
    found = scorer.codes(a, b)
    score = scorer.total(scorer.weights(found, a, b, {})).value
    return found if score >= round(scorer.model.suggested * BITS) else None
