"""A Twilio account that holds calls, messages and recordings, and lists them as Twilio does: newest first, page by page.

The vendor's document says what its answers look like; see tests/connectors/twilio.
"""

import base64
import hmac
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from support.prism import Flaw
from support.rest import Reply, Request

ACCOUNT = "AC" + "1" * 32
SUBACCOUNT = "AC" + "2" * 32
TOKEN = "the auth token of the account"
CALLBACK = "https://cx.example/v1/deliveries/phone"
OWN = "+358942415500"
NOW = datetime(2026, 3, 20, 15, 30, tzinfo=UTC)


def _list_flaws(path: str) -> Iterable[Flaw]:
    schema = f"/paths/~12010-04-01~1{path}/get/responses/200/content/application~1json/schema/properties"
    for name in ("first_page_uri", "next_page_uri", "previous_page_uri", "uri"):
        yield Flaw(
            f"{schema}/{name}/format", "uri", "Twilio gives a path without host, as in the document's own examples"
        )


FLAWS = [
    flaw
    for path in (
        "Accounts.json",
        *(f"Accounts~1{{AccountSid}}~1{name}.json" for name in ("Calls", "Messages", "Recordings")),
    )
    for flaw in _list_flaws(path)
]


def sid(kind: str, number: int, account: str = ACCOUNT) -> str:
    return f"{kind}{account[2]}{number:031x}"


def written(at: datetime | None) -> str | None:
    return at and format_datetime(at.astimezone(UTC))


def call(number: int, at: datetime, **changed: Any) -> dict[str, Any]:
    """An answered call of a customer, as the API gives it."""
    account = changed.pop("account", ACCOUNT)
    ends = at + timedelta(seconds=63)
    path = f"/2010-04-01/Accounts/{account}/Calls/{sid('CA', number, account)}"
    return {
        "sid": sid("CA", number, account),
        "account_sid": account,
        "parent_call_sid": None,
        "date_created": written(at),
        "date_updated": written(ends),
        "from": f"+3584012345{number % 100:02}",
        "from_formatted": f"+3584012345{number % 100:02}",
        "to": OWN,
        "to_formatted": OWN,
        "phone_number_sid": "PN" + "4" * 32,
        "status": "completed",
        "start_time": written(at),
        "end_time": written(ends),
        "duration": "63",
        "price": "-0.00750",
        "price_unit": "USD",
        "direction": "inbound",
        "answered_by": None,
        "api_version": "2010-04-01",
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": "0",
        "trunk_sid": None,
        "uri": f"{path}.json",
        "subresource_uris": {"recordings": f"{path}/Recordings.json"},
        **changed,
    }


def message(number: int, at: datetime, **changed: Any) -> dict[str, Any]:
    """A text message of a customer, as the API gives it."""
    account = changed.pop("account", ACCOUNT)
    path = f"/2010-04-01/Accounts/{account}/Messages/{sid('SM', number, account)}"
    return {
        "sid": sid("SM", number, account),
        "account_sid": account,
        "messaging_service_sid": None,
        "date_created": written(at),
        "date_sent": written(at),
        "date_updated": written(at),
        "from": f"+3584012345{number % 100:02}",
        "to": OWN,
        "body": f"message {number}",
        "status": "received",
        "direction": "inbound",
        "num_segments": "1",
        "num_media": "0",
        "price": None,
        "price_unit": "USD",
        "api_version": "2010-04-01",
        "error_code": None,
        "error_message": None,
        "uri": f"{path}.json",
        "subresource_uris": {"media": f"{path}/Media.json"},
        **changed,
    }


def recording(number: int, of: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """What was recorded of a call."""
    return {
        "sid": sid("RE", number),
        "account_sid": of["account_sid"],
        "call_sid": of["sid"],
        "date_created": of["end_time"],
        "date_updated": of["end_time"],
        "start_time": of["start_time"],
        "duration": "17",
        "channels": 1,
        "source": "DialVerb",
        "status": "completed",
        **changed,
    }


class TwilioFake:
    """The account, its subaccount, and what they hold."""

    def __init__(self) -> None:
        self.now = NOW
        self.calls: list[dict[str, Any]] = []
        self.messages: list[dict[str, Any]] = []
        self.recordings: list[dict[str, Any]] = []
        self.made = datetime(2026, 3, 10, 9, tzinfo=UTC)
        self.status: int | None = None
        self.wait: int | None = None
        self.forget_pages = False
        self.asked: list[str] = []

    def answer(self, request: Request) -> Reply:
        self.asked.append(request.target)
        reply = self._answer(request)
        reply.headers["Date"] = format_datetime(self.now, usegmt=True)
        return reply

    def _answer(self, request: Request) -> Reply:
        if self.wait is not None:
            wait, self.wait = self.wait, None
            return Reply({"code": 20429}, status=429, headers={"Retry-After": str(wait)})
        if self.status is not None or request.headers.get("authorization") != basic(ACCOUNT, TOKEN):
            return Reply({"code": 20003, "message": "Authenticate"}, status=self.status or 401)
        _, _, *way = request.path.removesuffix(".json").split("/")
        if way == ["Accounts"]:
            return self._page(request, "accounts", self._accounts(), "date_created")
        if len(way) == 2:
            return self._one(self._accounts(), way[1])
        name = way[2].lower()
        found = [each for each in getattr(self, name) if each["account_sid"] == way[1]]
        if len(way) == 4:
            return self._one(found, way[3])
        dated = {"calls": "start_time", "messages": "date_sent", "recordings": "date_created"}[name]
        return self._page(request, name, _chosen(found, request, dated), dated)

    def _accounts(self) -> list[dict[str, Any]]:
        return [
            {
                "sid": each,
                "owner_account_sid": ACCOUNT,
                "friendly_name": name,
                "status": status,
                "type": "Full",
                "auth_token": TOKEN,
                "date_created": written(self.made),
                "date_updated": written(self.made),
            }
            for each, name, status in (
                (ACCOUNT, "Hotel Kaarina", "active"),
                (SUBACCOUNT, "Hotel Kaarina, Spa", "active"),
                ("AC" + "3" * 32, "Hotel Kaarina, Closed", "closed"),
            )
        ]

    @staticmethod
    def _one(found: list[dict[str, Any]], wanted: str) -> Reply:
        one = next((each for each in found if each["sid"] == wanted), None)
        return Reply(one) if one else Reply({"code": 20404, "message": "not found", "status": 404}, status=404)

    def _page(self, request: Request, name: str, found: list[dict[str, Any]], dated: str) -> Reply:
        ordered = sorted(found, key=lambda each: (parsedate_to_datetime(each[dated]), each["sid"]), reverse=True)
        size, token = int(request.query.get("PageSize", 50)), request.query.get("PageToken")
        if token:
            place = next((n for n, each in enumerate(ordered, 1) if f"PA{each['sid']}" == token), None)
            if place is None or self.forget_pages:
                return Reply({"code": 20001, "message": "Invalid page token", "status": 400}, status=400)
        else:
            place = 0
        items, number = ordered[place : place + size], int(request.query.get("Page", 0))
        kept = {key: value for key, value in request.query.items() if key not in {"Page", "PageToken", "PageSize"}}
        more = place + size < len(ordered)
        uris = {
            "uri": _uri(request.path, kept, size, number),
            "first_page_uri": _uri(request.path, kept, size, 0),
            "previous_page_uri": None,
            "next_page_uri": _uri(request.path, kept, size, number + 1, items[-1]["sid"]) if more else None,
        }
        return Reply(
            {name: items, "page": number, "page_size": size, "start": place, "end": place + len(items), **uris}
        )


def _uri(path: str, kept: dict[str, str], size: int, number: int, after: str | None = None) -> str:
    asked = {**kept, "PageSize": str(size), "Page": str(number)} | ({"PageToken": f"PA{after}"} if after else {})
    return f"{path}?{urlencode(asked)}"


def _chosen(found: list[dict[str, Any]], request: Request, dated: str) -> list[dict[str, Any]]:
    """Those that a filter by date leaves; ``>`` holds its own day, ``<`` does not."""
    for name, value in request.query.items():
        if name.endswith(">"):
            found = [each for each in found if each[dated] and _day(each[dated]) >= date.fromisoformat(value)]
        if name.endswith("<"):
            found = [each for each in found if each[dated] and _day(each[dated]) < date.fromisoformat(value)]
    return [each for each in found if each[dated]]


def _day(text: str) -> date:
    return parsedate_to_datetime(text).date()


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def signature(fields: dict[str, str], token: str = TOKEN, url: str = CALLBACK) -> str:
    """X-Twilio-Signature of a form, by Twilio's documentation, "Validating requests"."""
    said = url + "".join(key + value for key, value in sorted(fields.items()))
    return base64.b64encode(hmac.new(token.encode(), said.encode(), "sha1").digest()).decode()
