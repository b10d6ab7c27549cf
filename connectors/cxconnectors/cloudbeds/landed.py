"""What is landed of guests, reservations and stays: all that Cloudbeds gives, but for what nobody here may know. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from cxcore.sdk import Record

GUESTS, RESERVATIONS, PRESENCE = "guests", "reservations", "presence"
IN_HOUSE, CHECKED_OUT = "in_house", "checked_out"

_UNKEPT = (
    "guestDocument",
    "taxID",
    "companyTaxID",
    "guestRequirements",
    "customFields",
    "guestGender",
    "guestNotes",
    "cardsOnFile",
)
"""Passports, tax numbers, cards; notes, and fields of the hotel's own, which often hold such: they are not landed."""
_OF_A_HOTEL = ("propertyID", "propertyName", "propertyTimezone")

Landing = Callable[[Mapping[str, Any], Mapping[str, Any]], Record | None]


def guest(found: Mapping[str, Any], hotel: Mapping[str, Any]) -> Record | None:
    """A guest; one whose data was removed on request is deleted."""
    return _record(GUESTS, found.get("guestID"), found, hotel, gone=_anonymous(found))


def reservation(found: Mapping[str, Any], hotel: Mapping[str, Any]) -> Record | None:
    """A reservation with its guests and rooms."""
    return _record(RESERVATIONS, found.get("reservationID"), found, hotel, gone=found.get("isDeleted") is True)


def presence(found: Mapping[str, Any], hotel: Mapping[str, Any]) -> Record | None:
    """A guest who came or left, by room; None of one who has done something else since."""
    status, guest_id = found.get("currentStatus"), found.get("guestID")
    room = found.get("subReservationID") or found.get("reservationID")
    if status not in {IN_HOUSE, CHECKED_OUT} or not guest_id or not room:
        return None
    gone = _anonymous(found) or found.get("isDeleted") is True
    return _record(PRESENCE, f"{room}/{guest_id}/{status}", found, hotel, gone=gone)


def _record(
    stream: str, key: object, found: Mapping[str, Any], hotel: Mapping[str, Any], *, gone: bool
) -> Record | None:
    if not isinstance(key, str) or not key:
        return None
    where = {name: hotel.get(name) for name in _OF_A_HOTEL}
    kept = {} if gone else _kept(found)
    return Record(stream, key, {"hotel": where, "found": kept}, deleted=gone, origin=f"{stream} {key}")


def _anonymous(found: Mapping[str, Any]) -> bool:
    return found.get("isAnonymized") is True


def _kept(found: Any) -> Any:
    if isinstance(found, dict):
        if _anonymous(found):
            return {name: found.get(name) for name in ("guestID", "isMainGuest", "isAnonymized")}
        return {name: _kept(value) for name, value in found.items() if not name.startswith(_UNKEPT)}
    return [_kept(each) for each in found] if isinstance(found, list) else found
