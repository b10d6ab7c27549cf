"""Bodies: raw bytes to a JSON value, within bounds that everything behind can bear."""

import json
import re
from typing import Any

from cxcore.sdk import RecordRejected, Refused
from cxcore.sdk.signature.content import FORM, form_fields

MAX_DEPTH = 64
_BRACKET = re.compile(rb"[\[{\]}]")
_OPENING = frozenset((b"[", b"{"))


def read(body: bytes, media_type: str) -> Any:
    """The value of a JSON body, or of a form: an object of texts, of a repeated name a list.

    Some senders call JSON a form, since that is what their HTTP library calls everything; no form begins with a bracket.

    Raises:
        RecordRejected: it is neither, or nested deeper than ``MAX_DEPTH``.
    """
    if media_type == FORM and not body.lstrip().startswith((b"{", b"[")):
        return _form(body)
    if _deep(body):
        raise RecordRejected(f"the body is nested deeper than {MAX_DEPTH}")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise RecordRejected("the body is no JSON") from None  # the cause shows the body


def _form(body: bytes) -> dict[str, Any]:
    try:
        fields = form_fields(body)
    except Refused:
        raise RecordRejected("the form cannot be read") from None  # the cause shows the body
    found: dict[str, Any] = {}
    for name, value in fields:
        if name in found:
            held = found[name]
            found[name] = [*held, value] if isinstance(held, list) else [held, value]
        else:
            found[name] = value
    return found


def _deep(body: bytes) -> bool:
    """Whether brackets nest deeper than ``MAX_DEPTH``; those inside texts count too, which only matters past it."""
    depth = 0
    for bracket in _BRACKET.findall(body):
        depth += 1 if bracket in _OPENING else -1
        if depth > MAX_DEPTH:
            return True
    return False
