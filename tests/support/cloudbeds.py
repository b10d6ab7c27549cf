"""A hotel on Cloudbeds: guests, reservations, and who came and left, listed by the time of modification.

Times are written as Cloudbeds writes them: on the property's wall, without a zone. The vendor's document judges the rest in
tests/connectors/cloudbeds.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from support.prism import Flaw
from support.rest import Reply, Request

KEY, HOTEL = "cbat_an api key", "4711"
NOW = datetime(2026, 3, 20, 13, 30, tzinfo=UTC)
WALL = datetime(2026, 3, 20, 15, 30, tzinfo=UTC)
"""The same in Helsinki, as if it were in UTC."""

_METHODS = ("getGuestList", "getReservationsWithRateDetails", "getGuestsByStatus")
_UNZONED = "Cloudbeds writes times of the property's wall, without a zone: 2026-03-01 15:00:00"


def flaws(document: dict[str, Any]) -> Iterator[Flaw]:
    """Every time in the three lists that are read is declared as date-time (RFC 3339), which asks for a zone."""
    for method in _METHODS:
        for n, parameter in enumerate(document["paths"][f"/{method}"]["get"]["parameters"]):
            if parameter["schema"].get("format") == "date-time":
                yield Flaw(f"/paths/~1{method}/get/parameters/{n}/schema/format", "date-time", _UNZONED)
        name = f"{method[0].upper()}{method[1:]}Response"
        inside = "additionalProperties" if method == "getGuestList" else "items"
        data = document["components"]["schemas"][name]["properties"]["data"]
        for key, schema in data[inside]["properties"].items():
            if schema.get("format") == "date-time":
                where = f"/components/schemas/{name}/properties/data/{inside}/properties/{key}/format"
                yield Flaw(where, "date-time", _UNZONED)


def written(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


class CloudbedsFake:
    """The hotel. ``book``, ``check_in`` and the like do what its desk does; times are the wall's."""

    def __init__(self) -> None:
        self.now, self.wall = NOW, WALL
        self.guests: dict[str, dict[str, Any]] = {}
        self.reservations: dict[str, dict[str, Any]] = {}
        self.presence: dict[str, dict[str, Any]] = {}
        self.status: int | None = None
        self.wait: int | None = None
        self.message: str | None = None
        self.asked: list[str] = []

    # what the desk does

    def guest(self, number: int, at: datetime, **more: Any) -> dict[str, Any]:
        made = {
            "guestID": str(number),
            "reservationID": f"R{number}",
            "guestFirstName": "Anna",
            "guestLastName": f"Virtanen {number}",
            "guestName": f"Anna Virtanen {number}",
            "guestEmail": f"anna{number}@home.example",
            "guestPhone": f"+35840123{number:04}",
            "guestCellPhone": None,
            "guestBirthDate": "1980-05-17",
            "guestAddress1": "Linnankatu 1",
            "guestZip": "20100",
            "guestCity": "Turku",
            "guestCountry": "FI",
            "guestDocumentType": "passport",
            "guestDocumentNumber": "FP1234567",
            "taxID": "170580-123X",
            "companyName": None,
            "dateCreated": written(at),
            "dateModified": written(at),
            "isMainGuest": True,
            "isAnonymized": False,
            "isMerged": False,
            **more,
        }
        self.guests[str(number)] = made
        return made

    def book(self, number: int, at: datetime, *guests: dict[str, Any], **more: Any) -> dict[str, Any]:
        """A reservation for two nights from the day after ``at`` on."""
        came = (at + timedelta(days=1)).replace(hour=15, minute=0, second=0)
        listed = guests or (self.guest(number, at),)
        made = {
            "propertyID": HOTEL,
            "reservationID": f"R{number}",
            "isDeleted": False,
            "dateCreated": written(at),
            "dateCreatedUTC": written(at - timedelta(hours=2)),
            "dateModified": written(at),
            "dateModifiedUTC": written(at - timedelta(hours=2)),
            "status": "confirmed",
            "reservationCheckIn": written(came),
            "reservationCheckOut": written((came + timedelta(days=2)).replace(hour=11)),
            "guestID": listed[0]["guestID"],
            "sourceName": "Website",
            "source": {"name": "Website", "sourceID": "s-1", "category": "direct", "paymentCollect": "hotel"},
            "propertyCurrency": "EUR",
            "rooms": [{"roomTypeName": "Double", "subReservationID": f"R{number}-1", "roomName": "101", "adults": "2"}],
            "guestList": {
                each["guestID"]: {
                    **{name: each[name] for name in each if not name.startswith(("date", "isMerged", "reservationID"))},
                    "isMainGuest": n == 0,
                }
                for n, each in enumerate(listed)
            },
            "total": 240.5,
            "balance": 120,
            **more,
        }
        self.reservations[f"R{number}"] = made
        return made

    def check_in(self, number: int, at: datetime, status: str = "in_house") -> None:
        reservation = self.reservations[f"R{number}"]
        reservation.update(status="checked_in" if status == "in_house" else "checked_out", dateModified=written(at))
        for guest_id in reservation["guestList"]:
            guest = self.guests[guest_id]
            kept = {name: value for name, value in guest.items() if name.startswith(("guest", "isAnon", "isMerged"))}
            self.presence[guest_id] = {
                **{name: value for name, value in kept.items() if name != "guestName" and value is not None},
                "reservationID": f"R{number}",
                "subReservationID": f"R{number}-1",
                "roomName": "101",
                "startDate": reservation["reservationCheckIn"],
                "endDate": reservation["reservationCheckOut"],
                "dateModified": written(at),
                "currentStatus": status,
                "statusDate": written(at),
                "isDeleted": False,
            }

    # its API

    def answer(self, request: Request) -> Reply:
        self.asked.append(request.target)
        reply = self._answer(request)
        reply.headers["Date"] = format_datetime(self.now, usegmt=True)
        return reply

    def _answer(self, request: Request) -> Reply:
        if self.wait is not None:
            wait, self.wait = self.wait, None
            return Reply({"success": False}, status=429, headers={"Retry-After": str(wait)})
        if self.status or request.headers.get("x-api-key") != KEY:
            return Reply({"success": False, "message": "no"}, status=self.status or 401)
        if self.message:
            return Reply({"success": False, "message": self.message})
        return self._listed(request.path.rpartition("/")[2], request.query)

    def _listed(self, method: str, asked: dict[str, str]) -> Reply:
        if method == "getHotels":
            hotel = {"propertyID": HOTEL, "propertyName": "Hotel Kaarina", "propertyTimezone": "Europe/Helsinki"}
            found = [hotel] if asked.get("propertyIDs") == HOTEL else []
            return Reply({"success": True, "data": found, "count": len(found), "total": len(found)})
        if method == "getGuestList":
            return _page(list(self.guests.values()), asked, by="guestID")
        if method == "getGuestsByStatus":
            return _page([each for each in self.presence.values() if each["currentStatus"] == asked["status"]], asked)
        return _page(list(self.reservations.values()), asked, newest_first=True)


def _page(
    found: list[dict[str, Any]], asked: dict[str, str], *, by: str | None = None, newest_first: bool = False
) -> Reply:
    """A page of what was modified in a window; both its ends belong to it."""
    first = asked.get("modifiedFrom", asked.get("resultsFrom", ""))
    last = asked.get("modifiedTo", asked.get("resultsTo", "9"))
    chosen = [each for each in found if first <= each["dateModified"] <= last]
    chosen.sort(key=lambda each: each["dateModified"], reverse=newest_first)
    size, number = int(asked.get("pageSize", 100)), int(asked.get("pageNumber", 1))
    some = chosen[(number - 1) * size : number * size]
    data = {each[by]: each for each in some} if by else some
    return Reply({"success": True, "data": data, "count": len(some), "total": len(chosen)})
