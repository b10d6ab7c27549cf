"""Answer: what a server said, whole and within the limits; its body as JSON."""

import codecs
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from pydantic_core import from_json

from cxcore.sdk.errors import SourceUnavailable

_CHARSET = re.compile(r"charset=\"?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}")
_LATIN = frozenset({"iso8859-1", "iso8859-15", "cp1252"})
_NO_CONTENT = 204
_TOO_DEEP = "recursion limit"


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer within the size limit; header names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    @property
    def date(self) -> datetime | None:
        """When the server answered, by its own clock (RFC 9110, 6.6.1); None where it does not say."""
        try:
            found = parsedate_to_datetime(self.headers.get("date", ""))
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            return None

    def json(self) -> Any:
        """The body as JSON (RFC 8259): UTF-8, or another encoding that it shows or declares; None where it is empty.

        Raises:
            SourceUnavailable: it is something else, such as a page for people; the message shows nothing of the body.
        """
        if not self.body and self.status == _NO_CONTENT:
            return None
        try:
            return from_json(self.body)
        except ValueError as exc:  # also what is JSON all the same: other encodings, lone surrogates
            if _TOO_DEEP in str(exc):
                raise SourceUnavailable(
                    "The source's answer is nested too deeply.", hint="More than 200 levels."
                ) from exc
            return self._slowly()

    def _slowly(self) -> Any:
        try:
            return json.loads(self.body)
        except UnicodeDecodeError as exc:
            return self._declared(exc)
        except (ValueError, RecursionError) as exc:
            raise self._no_json() from exc

    def _declared(self, cause: UnicodeDecodeError) -> Any:
        """Read as the Latin alphabet that the header declares; any other encoding is a fault of the server."""
        said = _CHARSET.search(self.headers.get("content-type", ""))
        try:
            name = codecs.lookup(said[1]).name if said else ""
            if name in _LATIN:
                return json.loads(self.body.decode(name))
        except (LookupError, ValueError, RecursionError) as exc:
            raise self._no_json() from exc
        raise SourceUnavailable(
            "The source's answer is not in the encoding that it declares.", hint="JSON is to be sent as UTF-8."
        ) from cause

    def _no_json(self) -> SourceUnavailable:
        kind = _MEDIA_TYPE.match(self.headers.get("content-type", "").lower())
        return SourceUnavailable(
            f"The source does not answer with JSON but with {kind[0] if kind else 'something else'}.",
            hint="Is the address right? A page for people instead of data is often a login or an error.",
        )
