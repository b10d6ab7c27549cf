"""What guests, reservations, arrivals and departures become. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cxconnectors.cloudbeds.client import wall
from cxconnectors.cloudbeds.landed import CHECKED_OUT
from cxcore.model.identifier import Identifier
from cxcore.model.interaction import Channel, Direction, Flag, Interaction, Kind, Role
from cxcore.model.profile import SourceProfile
from cxcore.sdk import RecordRejected
from cxcore.sdk.plain_text import one_line

ISSUER = "cloudbeds"
_STAYED = frozenset({"checked_in", "checked_out"})
_FLAGS = {"canceled": (Flag.CANCELLED,), "no_show": (Flag.MISSED,)}


def person(payload: object) -> SourceProfile:
    """A guest as the hotel knows them.

    Raises:
        RecordRejected: it has no id.
    """
    return _profile(_read(payload)[0])


def visits(payload: object) -> Iterable[Interaction]:
    """The stay that a reservation is, or until it has begun the booking, at the time of arrival.

    Raises:
        RecordRejected: it has no id, or no time of arrival in a zone that is known.
    """
    found, hotel, zone = _read(payload)
    arrival = _moment(found.get("reservationCheckIn"), zone)
    number, status = found.get("reservationID"), found.get("status")
    if arrival is None or not isinstance(number, str):
        raise RecordRejected("the reservation has no number or no time of arrival")
    yield Interaction(
        channel=Channel.VISIT,
        kind=Kind.STAY if status in _STAYED else Kind.BOOKING,
        direction=Direction.INBOUND,
        occurred_at=arrival,
        customers=tuple(_profile(each) for each in _guests(found)),
        role=Role.GUEST,
        subject=_line(hotel.get("propertyName")),
        conversation=number,
        flags=_FLAGS.get(str(status), ()),
        attributes=_attributes(found, arrival, zone),
    )


def passage(payload: object) -> Iterable[Interaction]:
    """The arrival or departure of a guest.

    Raises:
        RecordRejected: it has no guest, or no time in a zone that is known.
    """
    found, hotel, zone = _read(payload)
    at = _moment(found.get("statusDate"), zone)
    if at is None:
        raise RecordRejected("the guest's status has no time")
    attributes = {name: _line(found.get(key)) for name, key in (("room", "roomName"), ("status", "currentStatus"))}
    yield Interaction(
        channel=Channel.VISIT,
        kind=Kind.DEPARTURE if found.get("currentStatus") == CHECKED_OUT else Kind.ARRIVAL,
        direction=Direction.INBOUND,
        occurred_at=at,
        customers=(_profile(found),),
        role=Role.GUEST,
        subject=_line(hotel.get("propertyName")),
        conversation=_line(found.get("reservationID")),
        attributes={name: value for name, value in attributes.items() if value},
    )


def _read(payload: object) -> tuple[Mapping[str, Any], Mapping[str, Any], ZoneInfo]:
    """What was found, the hotel and its zone."""
    found = _table(payload).get("found")
    hotel = _table(_table(payload).get("hotel"))
    if not isinstance(found, dict):
        raise RecordRejected("no record of Cloudbeds")
    try:
        zone = ZoneInfo(str(hotel.get("propertyTimezone")))
    except (KeyError, ValueError, OSError) as exc:
        raise RecordRejected("the property's time zone is not known") from exc
    return found, hotel, zone


def _guests(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The guests of a reservation, the main one first; without those whose data was removed."""
    listed = found.get("guestList")
    named = list(listed.values()) if isinstance(listed, dict) else []
    guests = [each for each in named if isinstance(each, dict) and each.get("guestID")]
    guests.sort(key=lambda each: (each.get("isMainGuest") is not True, str(each["guestID"])))
    return [each for each in guests if each.get("isAnonymized") is not True]


def _profile(found: Mapping[str, Any]) -> SourceProfile:
    number = _line(found.get("guestID"))
    if number is None:
        raise RecordRejected("the guest has no id")
    given, family = _line(found.get("guestFirstName")), _line(found.get("guestLastName"))
    company = _line(found.get("companyName"))
    return SourceProfile(
        key=f"guest {number}"[:500],
        name=_line(" ".join(part for part in (given, family) if part)) or _line(found.get("guestName")),
        given_name=given and given[:500],
        family_name=family and family[:500],
        birth_date=_date(found.get("guestBirthDate") or found.get("guestBirthdate")),
        address=_address(found),
        identifiers=tuple(_identifiers(found, number)),
        attributes={"company": company} if company else {},
    )


def _identifiers(found: Mapping[str, Any], number: str) -> Iterable[Identifier]:
    """Address and numbers as typed in at booking. A guest has a number for each booking, perhaps; a merged one the new one.

    Documents are no identifiers.
    """
    if (email := _line(found.get("guestEmail"))) and "@" in email:
        yield Identifier.email(email)
    phones = {phone: None for name in ("guestPhone", "guestCellPhone") if (phone := _line(found.get(name)))}
    yield from (Identifier.phone(phone) for phone in phones)
    merged = _line(found.get("newGuestID")) if found.get("isMerged") is True else None
    yield Identifier.account(ISSUER, merged or number)


def _address(found: Mapping[str, Any]) -> str | None:
    lines = [_line(found.get(name)) for name in ("guestAddress1", "guestAddress", "guestAddress2")]
    town = " ".join(part for name in ("guestZip", "guestCity") if (part := _line(found.get(name))))
    more = [_line(found.get(name)) for name in ("guestState", "guestCountry")]
    return ", ".join(part for part in (*lines, town, *more) if part)[:1000] or None


def _attributes(found: Mapping[str, Any], arrival: datetime, zone: ZoneInfo) -> dict[str, Any]:
    departure, source = _moment(found.get("reservationCheckOut"), zone), _table(found.get("source"))
    rooms = [each for each in found.get("rooms") or () if isinstance(each, dict)]
    named = sorted({name for each in rooms if (name := _line(each.get("roomName")))})
    made = {
        "status": _line(found.get("status")),
        "departure": departure.isoformat() if departure else None,
        "nights": (departure.date() - arrival.date()).days if departure else None,
        "booked": booked.isoformat() if (booked := wall(found.get("dateCreatedUTC"))) else None,
        "rooms": named or len(rooms) or None,
        "guests": len(_table(found.get("guestList"))) or None,
        "total": _amount(found.get("total")),
        "balance": _amount(found.get("balance")),
        "currency": _line(found.get("propertyCurrency")),
        "source": _line(source.get("name")) or _line(found.get("sourceName")),
        "third_party": _line(found.get("thirdPartyIdentifier")),
    }
    return {name: value for name, value in made.items() if value is not None}


def _moment(text: object, zone: ZoneInfo) -> datetime | None:
    """A time on the property's wall."""
    found = wall(text)
    return found.replace(tzinfo=zone) if found else None


def _date(text: object) -> date | None:
    """A day; Cloudbeds writes 0000-00-00 and the like where there is none."""
    try:
        return date.fromisoformat(text[:10]) if isinstance(text, str) else None
    except ValueError:
        return None


def _amount(value: object) -> int | float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _line(value: object) -> str | None:
    return one_line(value, 1000) if isinstance(value, str) else None


def _table(found: object) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}
