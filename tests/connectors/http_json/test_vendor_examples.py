"""The example files against stateful fakes, with the vendors' own documents judging what is asked and answered."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from cxconnectors.http_json import HttpJson
from cxcore.model.identifier import Scheme
from cxcore.model.interaction import Flag, Interaction
from cxcore.model.profile import SourceProfile
from cxcore.sdk.testing.driving import mapped, pull, records, versions
from support.rest import Reply, Request, Server
from support.vendor import Document

pytestmark = pytest.mark.shared_data
EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
DAY = 86400


class Fake:
    """A vendor's system: its state, and the faults that its document finds."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.faults: list[str] = []
        self.server = Server(self.answer)
        self.server.now = datetime(2026, 3, 20, 12, tzinfo=UTC)

    def answer(self, request: Request) -> Reply:
        raise NotImplementedError


class Intercom(Fake):
    """Search of contacts: by the day, above the value, with a cursor; 4 a page at most."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        start = int(datetime(2026, 3, 1, 9, tzinfo=UTC).timestamp())
        self.contacts = {n: self.contact(n, start + n * 40_000) for n in range(11)}

    @staticmethod
    def contact(number: int, updated: int) -> dict[str, Any]:
        return {
            "type": "contact",
            "id": f"5ba682d23d7cf92bef87b{number:03}",
            "external_id": f"shop-{number}" if number % 2 else None,
            "role": "user",
            "email": f"guest{number}@home.example",
            "phone": None,
            "name": f"Guest {number}",
            "created_at": 1_700_000_000,
            "updated_at": updated,
            "language_override": None,
            "browser_language": "fi",
        }

    def answer(self, request: Request) -> Reply:
        operation = self.document.operation("POST", "/contacts/search")
        assert (request.method, request.path) == ("POST", "/contacts/search")
        assert request.headers["intercom-version"] == "2.15"
        if request.headers["authorization"] != "Bearer t0ken":
            return Reply({"type": "error.list"}, status=401)
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        self.faults += self.document.faults(schema, request.body)
        query, paging = request.body["query"], request.body["pagination"]
        assert (query["field"], query["operator"]) == ("updated_at", ">")
        after = (query["value"] // DAY + 1) * DAY
        found = sorted(
            (each for each in self.contacts.values() if each["updated_at"] >= after),
            key=lambda each: each["updated_at"],
        )
        at = int(paging.get("starting_after") or 0)
        pages: dict[str, Any] = {
            "type": "pages",
            "per_page": 4,
            "page": at // 4 + 1,
            "total_pages": -(-len(found) // 4),
        }
        if at + 4 < len(found):
            pages["next"] = {"per_page": 4, "starting_after": str(at + 4)}
        body = {"type": "list", "data": found[at : at + 4], "total_count": len(found), "pages": pages}
        self.faults += self.document.faults(
            operation["responses"]["200"]["content"]["application/json"]["schema"], body
        )
        return Reply(body)


class Apaleo(Fake):
    """Reservations by date of modification, from included, sorted upwards; 204 beyond the last page."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.tokens = 0
        self.reservations = {n: self.reservation(n, datetime(2026, 3, 1, n, tzinfo=UTC)) for n in range(11)}

    @staticmethod
    def reservation(number: int, modified: datetime) -> dict[str, Any]:
        money = {"amount": 99.5, "currency": "EUR"}
        fee = {"id": "F", "code": "F", "name": "Flexible", "description": "None", "fee": money}
        named = {"id": "HEL", "code": "HEL", "name": "Harbour"}
        return {
            "id": f"XPGMSXGF-{number}",
            "bookingId": "XPGMSXGF",
            "status": "Confirmed",
            "property": named,
            "ratePlan": {**named, "isSubjectToCityTax": False},
            "unitGroup": {**named, "name": "Double room"},
            "totalGrossAmount": money,
            "arrival": "2026-04-01T15:00:00+03:00",
            "departure": "2026-04-03T11:00:00+03:00",
            "created": "2026-02-01T10:00:00Z",
            "modified": modified.isoformat(),
            "adults": 2,
            "channelCode": "Direct",
            "primaryGuest": {
                "firstName": "Aino",
                "lastName": f"Guest{number}",
                "email": f"guest{number}@home.example",
                "preferredLanguage": "fi",
            },
            "guaranteeType": "CreditCard",
            "cancellationFee": {**fee, "dueDateTime": "2026-03-31T15:00:00+03:00"},
            "noShowFee": fee,
            "balance": money,
            "hasCityTax": False,
        }

    def answer(self, request: Request) -> Reply:
        if request.path == "/connect/token":
            form = dict(parse_qsl(request.raw.decode()))
            assert form == {"grant_type": "client_credentials", "scope": "reservations.read"}
            self.tokens += 1
            return Reply({"access_token": f"t{self.tokens}", "token_type": "Bearer", "expires_in": 3600})
        if request.headers["authorization"] != f"Bearer t{self.tokens}":
            return Reply(status=401)
        operation = self.document.operation("GET", request.path)
        self.faults += self.document.parameter_faults(operation, request.query)
        since = datetime.fromisoformat(request.query["from"])
        found = [each for each in self.reservations.values() if datetime.fromisoformat(each["modified"]) >= since]
        found.sort(key=lambda each: each["modified"])
        at = (int(request.query["pageNumber"]) - 1) * 4
        if at >= len(found):
            assert "204" in operation["responses"]
            return Reply(status=204)
        body = {"reservations": found[at : at + 4], "count": len(found)}
        self.faults += self.document.faults(operation["responses"]["200"]["schema"], body)
        return Reply(body)


def example(name: str, secret: str, **changes: Any) -> HttpJson:
    config = tomllib.loads((EXAMPLES / name).read_text(encoding="utf-8"))
    connector = HttpJson.configured({**config, **changes, "secret": secret, "rate": None})
    assert isinstance(connector, HttpJson)
    return connector


@pytest.fixture
def intercom(shared_data: Path) -> Iterator[Intercom]:
    fake = Intercom(Document(shared_data / "vendors" / "intercom" / "api.intercom.io-2.15.yaml"))
    with fake.server:
        yield fake


@pytest.fixture
def apaleo(shared_data: Path) -> Iterator[Apaleo]:
    fake = Apaleo(Document(shared_data / "vendors" / "apaleo" / "booking.json"))
    with fake.server:
        yield fake


def test_the_documents_find_faults(intercom: Intercom, apaleo: Apaleo) -> None:
    search = intercom.document.operation("POST", "/contacts/search")["requestBody"]["content"]["application/json"]
    assert intercom.document.faults(search["schema"], {"pagination": {"per_page": "many"}})
    reservations = apaleo.document.operation("GET", "/booking/v1/reservations")
    assert apaleo.document.faults(reservations["responses"]["200"]["schema"], {"reservations": [{"id": 1}], "count": 1})
    faults = apaleo.document.parameter_faults(reservations, {"sort": "newest", "page": "1"})
    assert faults[0] == "page is no parameter"
    assert faults[1].startswith("sort: : 'newest' is not one of ['arrival:asc'")


def test_intercoms_contacts_come_and_none_changed_the_same_day_is_missed(intercom: Intercom) -> None:
    connector = example("intercom-contacts.toml", "t0ken", base_url=intercom.server.url)
    pages = pull(connector, "contacts")
    assert len(records(pages)) == 11
    made, rejected = mapped(connector, records(pages))
    assert rejected == []
    person = made[1]
    assert isinstance(person, SourceProfile)
    assert (person.name, person.language) == ("Guest 1", "fi")
    assert {(i.scheme, i.value) for i in person.identifiers} == {
        (Scheme.EMAIL, "guest1@home.example"),
        (Scheme.ACCOUNT, "shop-1"),
    }
    newest = max(each["updated_at"] for each in intercom.contacts.values())
    intercom.contacts[2] = intercom.contact(2, newest + 60) | {"name": "Guest Two"}
    intercom.server.now = datetime.fromtimestamp(newest + 600, UTC)
    again = versions(pull(connector, "contacts", pages[-1].cursor)) - versions(pages)
    assert [key for _, key, _ in again] == ["5ba682d23d7cf92bef87b002"]
    assert intercom.faults == []


def test_apaleos_reservations_come_with_a_token_that_is_renewed(apaleo: Apaleo) -> None:
    auth = tomllib.loads((EXAMPLES / "apaleo-reservations.toml").read_text(encoding="utf-8"))["auth"]
    auth["token_url"] = f"{apaleo.server.url}/connect/token"
    connector = example("apaleo-reservations.toml", "s3cret", base_url=apaleo.server.url, auth=auth)
    pages = pull(connector, "reservations")
    assert {record.key for record in records(pages)} == {f"XPGMSXGF-{n}" for n in range(11)}
    made, rejected = mapped(connector, records(pages))
    assert rejected == []
    stay = made[0]
    assert isinstance(stay, Interaction)
    assert (stay.subject, stay.customers[0].family_name) == ("Harbour, Double room", "Guest0")
    assert stay.attributes["total"] == 99.5
    assert apaleo.server.now is not None
    changed = apaleo.server.now + timedelta(minutes=5)
    apaleo.reservations[3] = apaleo.reservation(3, changed) | {"status": "Canceled"}
    apaleo.server.now += timedelta(hours=1)
    fresh = pull(connector, "reservations", pages[-1].cursor)
    (told,) = mapped(connector, [r for r in records(fresh) if r.changed_at == changed][:1])[0]
    assert isinstance(told, Interaction)
    assert told.flags == (Flag.CANCELLED,)
    assert apaleo.faults == []


def test_a_token_refused_in_the_middle_is_asked_for_anew(apaleo: Apaleo) -> None:
    auth = {
        "kind": "oauth2",
        "token_url": f"{apaleo.server.url}/connect/token",
        "client_id": "c",
        "scope": "reservations.read",
    }
    connector = example("apaleo-reservations.toml", "s3cret", base_url=apaleo.server.url, auth=auth)
    answered = apaleo.server.answer

    def forgetful(request: Request) -> Reply:
        if len(apaleo.server.requests) == 3:
            return Reply(status=401)
        return answered(request)

    apaleo.server.answer = forgetful
    assert len({record.key for record in records(pull(connector, "reservations"))}) == 11
    assert apaleo.tokens == 2
