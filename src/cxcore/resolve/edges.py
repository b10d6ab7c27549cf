"""Edges: which candidates could be one person if nobody else used their identifiers. Pure; the same on every path."""

from cxcore.resolve import verified
from cxcore.resolve.linkage import UNCUT
from cxcore.resolve.model import BITS
from cxcore.resolve.payload import Payload
from cxcore.resolve.score import Owners, Score, Scorer


def codes(scorer: Scorer, a: Payload, b: Payload) -> bytes | None:
    """The level codes of a candidate pair that is an edge; None for one that is not."""
    if not scorer.promising(a, b):
        return None
    found = scorer.codes(a, b)
    return found if stands(scorer, found, a, b) else None


def stands(scorer: Scorer, codes: bytes, a: Payload, b: Payload) -> bool:
    """Whether a pair of these level codes is an edge."""
    score = strength(scorer.total(scorer.weights(codes, a, b, {})), a, b, {})
    return score.value >= round(scorer.model.suggested * BITS)


def strength(score: Score, a: Payload, b: Payload, owners: Owners) -> Score:
    """What an edge of this score holds its component together with: a shared verified value that one person uses does,
    however low the score, and is never cut."""
    return Score(UNCUT, score.household, shown=True) if verified.tied(a, b, owners) else score
