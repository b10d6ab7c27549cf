"""Sets of UIDs as ranges, as servers write them (RFC 3501, sequence-set). Pure."""

from collections.abc import Iterable, Iterator
from itertools import islice

Ranges = list[tuple[int, int]]
"""Ranges with both ends in them, ascending, neither overlapping nor touching."""

MAX_UID = (1 << 32) - 1


def merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Any ranges in order, put together where they touch."""
    result: Ranges = []
    for first, last in sorted((min(r), max(r)) for r in ranges):
        if result and first <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(last, result[-1][1]))
        else:
            result.append((first, last))
    return result


def parse(text: str) -> Ranges:
    """``3,7:9`` as ranges; ValueError if it is none of UIDs."""
    ranges = []
    for piece in text.split(","):
        first, colon, last = piece.partition(":")
        ranges.append((_uid(first), _uid(last if colon else first)))
    return merged(ranges)


def _uid(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10):  # noqa: PLR2004 - digits of 2**32
        raise ValueError("not a UID")
    number = int(text)
    if number > MAX_UID:
        raise ValueError("not a UID")
    return number


def written(uids: Iterable[int]) -> str:
    """UIDs as a sequence-set."""
    return ",".join(f"{a}" if a == b else f"{a}:{b}" for a, b in merged((uid, uid) for uid in uids))


def within(ranges: Ranges, first: int, last: int) -> Ranges:
    """What of the ranges lies between two UIDs, both included."""
    return [(max(a, first), min(b, last)) for a, b in ranges if a <= last and b >= first and first <= last]


def without(ranges: Ranges, first: int, last: int) -> Ranges:
    """What lies between two UIDs, both included, and in none of the ranges."""
    result: Ranges = []
    at = first
    for a, b in within(ranges, first, last):
        if a > at:
            result.append((at, a - 1))
        at = b + 1
    if at <= last:
        result.append((at, last))
    return result


def count(ranges: Ranges) -> int:
    return sum(last - first + 1 for first, last in ranges)


def batches(ranges: Ranges, size: int) -> Iterator[list[int]]:
    """The UIDs one by one, ascending, in lists of at most ``size``."""
    each = (uid for first, last in ranges for uid in range(first, last + 1))
    while batch := list(islice(each, size)):
        yield batch
