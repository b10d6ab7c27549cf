"""What is landed of an order: no ticket secrets, no bank details, no answers but those asked for."""

from collections.abc import Collection
from typing import Any

from cxcore.sdk import SourceUnavailable

_ORDER = (
    "code",
    "event",
    "status",
    "testmode",
    "email",
    "phone",
    "locale",
    "datetime",
    "expires",
    "total",
    "comment",
    "last_modified",
    "require_approval",
    "valid_if_pending",
    "sales_channel",
    "customer",
    "cancellation_date",
)
_ADDRESS = ("is_business", "company", "name", "name_parts", "street", "zipcode", "city", "country", "state")
_POSITION = (
    "id",
    "positionid",
    "item",
    "variation",
    "price",
    "attendee_name",
    "attendee_name_parts",
    "attendee_email",
    "company",
    "street",
    "zipcode",
    "city",
    "country",
    "addon_to",
    "subevent",
    "canceled",
    "valid_from",
    "valid_until",
)
_CHECKIN = ("id", "datetime", "list", "type", "auto_checked_in")
_FEE = ("fee_type", "value", "description", "canceled")
_PAYMENT = ("local_id", "state", "amount", "created", "payment_date", "provider")
_REFUND = ("local_id", "state", "source", "amount", "created", "execution_date", "comment", "provider")


def order(told: dict[str, Any], questions: Collection[str]) -> dict[str, Any]:
    """An order as it is landed, its lists in an order of their own.

    Raises:
        SourceUnavailable: it is no order.
    """
    if not isinstance(told.get("code"), str) or not isinstance(told.get("event"), str):
        raise SourceUnavailable("pretix answers with an order that has no code or event.", hint="Check url.")
    address = told.get("invoice_address")
    return {
        **_some(told, _ORDER),
        "invoice_address": _some(address, _ADDRESS) if isinstance(address, dict) else None,
        "positions": [_position(p, questions) for p in _sorted(told, "positions", "positionid")],
        "fees": [_some(fee, _FEE) for fee in _sorted(told, "fees", "id")],
        "payments": [_some(payment, _PAYMENT) for payment in _sorted(told, "payments", "local_id")],
        "refunds": [_some(refund, _REFUND) for refund in _sorted(told, "refunds", "local_id")],
    }


def _position(told: dict[str, Any], questions: Collection[str]) -> dict[str, Any]:
    seat, answers = told.get("seat"), told.get("answers") or []
    return {
        **_some(told, _POSITION),
        "seat": seat.get("name") if isinstance(seat, dict) else None,
        "checkins": [_some(checkin, _CHECKIN) for checkin in _sorted(told, "checkins", "id")],
        "answers": {
            a["question_identifier"]: a.get("answer") for a in answers if a.get("question_identifier") in questions
        },
    }


def _some(told: dict[str, Any], fields: Collection[str]) -> dict[str, Any]:
    return {name: told.get(name) for name in fields}


def _sorted(told: dict[str, Any], name: str, by: str) -> list[dict[str, Any]]:
    found = [each for each in told.get(name) or [] if isinstance(each, dict)]
    return sorted(found, key=lambda each: each.get(by) or 0)
