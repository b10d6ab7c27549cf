"""What an order of pretix means: whose it is, what came of it, and what is no order."""

from typing import Any

import pytest

from cxconnectors.pretix import Pretix
from cxcore.model.interaction import Direction, Flag, Interaction, Kind
from cxcore.model.profile import SourceProfile
from cxcore.sdk import Delivery, Record, RecordRejected, Refused
from cxcore.sdk.testing import CANARY
from support.parley import T0

AT = "2026-11-20T08:00:00Z"
AROUND: dict[str, Any] = {
    "event": {"name": {"en": "The fair", "fi": "Messut"}, "currency": "EUR", "timezone": "Europe/Helsinki"},
    "items": {"1": {"name": {"en": "Ticket", "de": "Karte"}, "variations": {"7": {"en": "Child"}}}},
    "dates": {},
    "lists": {"3": "Gate"},
}


def position(number: int, **more: Any) -> dict[str, Any]:
    told = {"id": number, "positionid": number, "item": 1, "variation": None, "canceled": False, "addon_to": None}
    return {**told, "subevent": None, "seat": None, "checkins": [], "answers": {}, **more}


def scan(number: int, kind: str, at: str) -> dict[str, Any]:
    return {"id": number, "type": kind, "list": 3, "datetime": at, "auto_checked_in": False}


def mapped(*positions: dict[str, Any], around: dict[str, Any] = AROUND, **more: Any) -> list[Interaction]:
    told = {"code": "ABC12", "event": "fair", "status": "p", "datetime": AT, "email": "anna@home.example"}
    order = {**told, "positions": list(positions), "payments": [], "refunds": [], "fees": [], **more}
    connector = Pretix.configured({"url": "https://pretix.example/api/v1/", "organizer": "harbour", "token": "t"})
    found = connector.map(Record("orders", "fair/ABC12", {"order": order, "around": around}))
    return [each for each in found if isinstance(each, Interaction)]


def test_texts_are_in_the_language_of_the_order_else_in_english() -> None:
    (german,) = mapped(position(1, variation=7), locale="de-informal")
    assert (german.subject, german.text) == ("The fair", "1 x Karte (Child)")
    (finnish,) = mapped(position(1), locale="fi")
    assert (finnish.subject, finnish.text) == ("Messut", "1 x Ticket")


def test_what_nobody_names_any_more_is_shown_by_its_numbers() -> None:
    (bought,) = mapped(position(1), position(2), around={})
    assert (bought.subject, bought.text) == ("fair", "2 x product 1")


def test_a_cancelled_ticket_is_told_apart_and_so_is_its_holder() -> None:
    bought, hers, his = mapped(
        position(1, attendee_name="Eva", attendee_email="eva@home.example"),
        position(2, attendee_name="Pekka", canceled=True),
        fees=[{"fee_type": "shipping", "value": "2.00", "description": "", "canceled": False}],
    )
    assert bought.text == "1 x Ticket\n1 x Ticket (canceled)\nshipping: 2.00"
    assert (bought.flags, hers.flags, his.flags) == ((), (), (Flag.CANCELLED,))


def test_a_ticket_with_the_address_of_who_ordered_is_theirs_and_names_them() -> None:
    (bought,) = mapped(position(1, attendee_name="Anna Virtanen", attendee_email="Anna@home.example"))
    (person,) = bought.customers
    assert person.name == "Anna Virtanen"


def test_an_order_that_shows_nobody_any_more_is_nobodys() -> None:
    (bought,) = mapped(position(1, attendee_name_parts={"_shredded": True}), email=None)
    assert bought.customers == ()


def test_who_ordered_without_an_address_is_told_apart_by_the_order() -> None:
    (bought,) = mapped(position(1), email=None, invoice_address={"name": "Anna Virtanen"})
    (person,) = bought.customers
    assert (person.name, [i.value for i in person.identifiers]) == ("Anna Virtanen", ["fair/ABC12"])


def test_whoever_scans_the_ticket_of_an_extra_has_the_ticket_it_belongs_to() -> None:
    holder = position(1, attendee_name="Pekka", attendee_email="pekka@home.example")
    *_, arrival = mapped(holder, position(2, addon_to=1, checkins=[scan(1, "entry", AT)]))
    assert (arrival.kind, arrival.customers[0].name) == (Kind.ARRIVAL, "Pekka")


def test_going_in_and_out_twice_is_two_stays_and_going_out_alone_a_note() -> None:
    day = "2026-11-20T{:02}:00:00Z"
    times = [(5, "exit"), (6, "entry"), (7, "exit"), (8, "entry"), (9, "entry")]
    scans = [scan(n, kind, day.format(hour)) for n, (hour, kind) in enumerate(times)]
    _, *visits = mapped(position(1, checkins=scans))
    assert [(each.kind, each.occurred_at.hour, each.duration) for each in visits] == [
        (Kind.NOTE, 5, None),
        (Kind.ARRIVAL, 6, 3600),
        (Kind.ARRIVAL, 8, None),
        (Kind.ARRIVAL, 9, None),
    ]


def test_only_refunds_that_were_carried_out_are_told() -> None:
    states = [{"state": state, "amount": "5.00", "created": AT} for state in ("done", "failed", "created")]
    bought, refund = mapped(position(1), refunds=states)
    assert (refund.direction, refund.text) == (Direction.OUTBOUND, "Refund of 5.00 EUR")
    assert bought.attributes["refunded"] == "5.00"


def test_the_address_may_be_given_with_or_without_the_path_of_the_api() -> None:
    connector = Pretix.configured({"url": "https://pretix.example/api/v1/", "organizer": "harbour", "token": "t"})
    account = {"identifier": "XYZ", "last_modified": AT, "is_active": True}
    (person,) = connector.map(Record("customers", "XYZ", {"account": account, "memberships": []}))
    assert isinstance(person, SourceProfile)
    assert person.identifiers[0].issuer == "pretix:pretix.example/harbour"


@pytest.mark.parametrize(
    "spoiled",
    [{"code": None}, {"positions": None}, {"datetime": CANARY}, {"refunds": [{"state": "done", "created": CANARY}]}],
    ids=["no code", "no tickets", "no time", "a refund without a time"],
)
def test_what_is_no_order_is_rejected_without_personal_data(spoiled: dict[str, Any]) -> None:
    with pytest.raises(RecordRejected) as rejected:
        mapped(position(1), **spoiled)
    assert "canary" not in str(rejected.value).lower()


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"[]", b'{"organizer": "another"}'], ids=len)
def test_a_delivery_about_something_else_does_not_even_wake_the_pull(body: bytes) -> None:
    connector = Pretix.configured({"url": "https://pretix.example", "organizer": "harbour", "token": "t"})
    with pytest.raises(Refused):
        connector.receive(Delivery("POST", "", (), body, T0))
