"""What schemes read of a body before it is believed: a token in JSON, or the fields of a form."""

from typing import Any
from urllib.parse import parse_qsl

from cxcore.sdk import nesting
from cxcore.sdk.delivery import Delivery, Refused
from cxcore.sdk.mapping.expression import FAULTS, compiled

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 1000


def json_body(body: bytes, path: str) -> Any:
    """What stands at ``path`` (JMESPath) of a JSON body.

    Raises:
        Refused: the body is no JSON, or has nothing that the path could lead to.
    """
    try:
        return compiled(path)(nesting.loads(body))
    except FAULTS as exc:
        raise Refused("The body is not of the form expected.") from exc


def is_form(delivery: Delivery) -> bool:
    return (delivery.header("content-type") or "").partition(";")[0].strip().lower() == FORM


def form_fields(body: bytes) -> list[tuple[str, str]]:
    """The fields of a form (WHATWG URL, application/x-www-form-urlencoded), empty ones included, in their order.

    Raises:
        Refused: it is no form in UTF-8, or has more than ``MOST_FIELDS`` fields.
    """
    try:
        return parse_qsl(
            body.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError as exc:
        raise Refused("The form cannot be read.") from exc
