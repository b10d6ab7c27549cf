"""Bodies: raw bytes to a JSON value, within bounds that everything behind can bear."""

import json
from typing import Any

from cxcore.sdk import RecordRejected, Refused
from cxcore.sdk.nesting import DEEPEST, too_deep
from cxcore.sdk.signature.content import FORM, form_fields


def read(body: bytes, media_type: str) -> Any:
    """The value of a JSON body, or of a form: an object of texts, of a repeated name a list.

    Some senders call JSON a form, since that is what their HTTP library calls everything; no form begins with a bracket.

    Raises:
        RecordRejected: it is neither, or nested deeper than ``DEEPEST``.
    """
    if media_type == FORM and not body.lstrip().startswith((b"{", b"[")):
        return _form(body)
    if too_deep(body):
        raise RecordRejected(f"the body is nested deeper than {DEEPEST}")
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
