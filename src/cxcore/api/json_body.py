"""Bodies in JSON as they must be, so that all who read them read the same: RFC 8259, and I-JSON (RFC 7493) where it is
about objects with a name twice and numbers beyond every double."""

import json
import math
from typing import Any, NoReturn

from starlette.exceptions import HTTPException
from starlette.requests import Request

from cxcore.errors import CxError, InvalidInput
from cxcore.sdk.nesting import DEEPEST, too_deep

_DIGITS = 309
"""Digits from which on a whole number may be beyond the largest double, 1.8e308."""


class TooDeep(CxError):
    """The body nests deeper than is taken."""

    code = "too_deep"
    status = 400


def read(body: bytes) -> Any:
    """The value of a body in UTF-8.

    Raises:
        TooDeep: it nests deeper than ``DEEPEST`` levels.
        InvalidInput: it is not in UTF-8, or readers would differ about it: a name stands twice in one object, a number
            is beyond the range of a double, or is none (NaN, Infinity).
        JSONDecodeError: it is no JSON.
    """
    if too_deep(body):
        raise TooDeep(f"The body nests deeper than {DEEPEST} levels.")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput("The body cannot be read as JSON.", hint="Send it in UTF-8.") from None
    return _DECODER.decode(text)


class JsonRequest(Request):
    """A request whose body is read by ``read``."""

    async def json(self) -> Any:
        """The body's value.

        Raises:
            HTTPException: caused by what ``read`` has to say; FastAPI lets nothing else through unchanged.
        """
        try:
            return read(await self.body())
        except CxError as exc:
            raise HTTPException(exc.status) from exc


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise InvalidInput("A name stands twice in one object of the body.", hint="Send each once (RFC 7493).")
    return found


def _whole(digits: str) -> int:
    return int(digits) if len(digits) < _DIGITS else _beyond()


def _broken(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _beyond()


def _beyond() -> NoReturn:
    raise InvalidInput("A number in the body is beyond what readers can hold.", hint="Send it as a text.")


def _none(_: str) -> NoReturn:
    raise InvalidInput("The body holds NaN or Infinity, which are no JSON.", hint="Send null.")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_whole, parse_float=_broken, parse_constant=_none)
