"""Paginators: from an answer to the place of the next page. Pure: values in, values out."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from pydantic import JsonValue

from cxconnectors.http_json import link_header
from cxconnectors.http_json.language import FAULTS, compiled, truthy
from cxconnectors.http_json.stream_config import Link, Next, Number, Offset, Token, Whole
from cxcore.sdk import SourceUnavailable
from cxcore.sdk.http import Answer

State: TypeAlias = JsonValue
"""Where a page is: None for the first, else what its kind of paginator needs. Small enough for the cursor."""

_MOST_STATE = 2000
_MOST_STALLED = 10
"""Pages in a row that a walk by offset may read without a new record, since the list moves down as fast as it goes."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One page as it came: the answer, its body, and the keys of its records in order."""

    answer: Answer
    data: Any
    keys: Sequence[str]


@dataclass(frozen=True, slots=True)
class Turn:
    """Where to go on: ``state`` of the next page, None at the end; ``back`` if records before this page are missing."""

    state: State
    back: bool = False


def values(page: Whole | Number | Offset | Token | Link | Next, state: State) -> dict[str, str | int]:
    """What the paginator fills into the request of the page at ``state``."""
    if isinstance(page, Number):
        return {"page": state if isinstance(state, int) else page.first}
    if isinstance(page, Offset):
        return {"offset": _offset(state).offset}
    if isinstance(page, Token) and isinstance(state, str | int):
        return {"cursor": state}
    return {}


def turn(page: Whole | Number | Offset | Token | Link | Next, state: State, seen: Seen, hidden: str | None) -> Turn:
    """The turn after a page. ``hidden``: a query parameter of addresses that is a secret and is not kept.

    Raises:
        SourceUnavailable: the source contradicts itself: an empty page that has a next one, a page that leads to itself.
    """
    if isinstance(page, Offset):
        return _after_offset(page, state, seen)
    found = _next(page, state, seen, hidden)
    if found is None:
        return Turn(None)
    if not seen.keys:
        raise SourceUnavailable("The source answers with an empty page that still has a next one.", hint=_HINT)
    if found == state:
        raise SourceUnavailable("The source answers with a page that leads to itself.", hint=_HINT)
    if len(str(found)) > _MOST_STATE:
        raise SourceUnavailable(f"The source's cursor is longer than {_MOST_STATE} characters.")
    return Turn(found)


_HINT = "Are paginator and parameters as the source has them?"


def _next(page: Whole | Number | Token | Link | Next, state: State, seen: Seen, hidden: str | None) -> State:
    if isinstance(page, Number):
        return _after_number(page, state, seen)
    if isinstance(page, Token):
        if page.more and not truthy(_value(page.more, seen)):
            return None
        found = _value(page.next, seen)
        return found if isinstance(found, str | int) and not isinstance(found, bool) and found != "" else None
    if isinstance(page, Whole):
        return None
    linked = link_header.target(seen.answer.headers.get("link", ""), "next") if isinstance(page, Link) else None
    if isinstance(page, Next):
        linked = _value(page.next, seen)
    return _kept(linked, seen.answer.url, hidden) if isinstance(linked, str) and linked else None


def _after_number(page: Number, state: State, seen: Seen) -> State:
    number = state if isinstance(state, int) else page.first
    if page.more and not truthy(_value(page.more, seen)):
        return None
    if page.pages and (pages := _count(page.pages, seen)) is not None:
        return number + 1 if number - page.first + 1 < pages else None
    short = page.size is not None and len(seen.keys) < page.size
    return None if short or not (seen.keys or page.more) else number + 1


def _after_offset(page: Offset, state: State, seen: Seen) -> Turn:
    """The next page begins at the last records of this one, the anchors.

    Where none of them comes again, the list has moved up, and the walk goes back, further each time. Where they come
    again further down, the list has moved down, and what follows them is on the next page.
    """
    at = _offset(state)
    digests = [_digest(key) for key in seen.keys]
    known = [n for n, digest in enumerate(digests) if digest in at.anchors]
    if at.anchors and not known and at.offset > 0:
        before = max(0, at.offset - at.step)
        return Turn(_Offset(before, at.anchors if before else [], at.step * 2, 0).state, back=True)
    end = at.offset + len(digests)
    total = _count(page.total, seen) if page.total else None
    more = truthy(_value(page.more, seen)) if page.more else None
    if more is True and not digests:
        raise SourceUnavailable("The source answers with an empty page that still has a next one.", hint=_HINT)
    new = len(digests) - 1 - known[-1] if known else len(digests)
    short = page.size is not None and len(digests) < page.size
    if more is False or short or len(known) == len(digests) or (total is not None and end >= total):
        return Turn(None)
    stalled = 0 if new else at.stalled + 1
    if stalled > _MOST_STALLED:
        raise SourceUnavailable("The source answers with a page that came before.", hint=_HINT)
    back = min(page.back, len(digests) - 1)
    return Turn(_Offset(end - back, digests[len(digests) - back :], len(digests), stalled).state)


@dataclass(frozen=True, slots=True)
class _Offset:
    """Where a walk by offset is: records before the page, the anchors it should begin with, how far to go back where
    it does not, and how many pages before brought nothing new."""

    offset: int = 0
    anchors: Sequence[str] = ()
    step: int = 1
    stalled: int = 0

    @property
    def state(self) -> State:
        return [self.offset, list(self.anchors), self.step, self.stalled]


def _offset(state: Any) -> _Offset:
    return _Offset(*state) if isinstance(state, list) else _Offset()


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _value(expression: str, seen: Seen) -> Any:
    try:
        return compiled(expression)(seen.data)
    except FAULTS as exc:
        raise SourceUnavailable(f"{expression!r} cannot be worked out on the source's answer.", hint=_HINT) from exc


def _count(place: str, seen: Seen) -> int | None:
    """A number that the source tells in a header or in the body; None where it does not."""
    name = place.removeprefix("header:")
    found = seen.answer.headers.get(name.lower()) if name != place else _value(place, seen)
    if isinstance(found, str) and found.isascii() and found.isdigit():
        return int(found[:15])
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _kept(link: str, at: str, hidden: str | None) -> str:
    """The next page's address as the cursor keeps it: without its origin, which is ours, and without the secret."""
    url, here = urlsplit(urljoin(at, link)), urlsplit(at)
    if (url.scheme, url.netloc) != (here.scheme, here.netloc):
        raise SourceUnavailable(
            "The source's next page is on another host.", hint="Write base_url as the source calls itself in its links."
        )
    query = url.query
    if hidden:
        query = urlencode([(n, v) for n, v in parse_qsl(query, keep_blank_values=True) if n != hidden])
    return url.path + (f"?{query}" if query else "")
