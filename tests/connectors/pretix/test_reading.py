"""What a pull of a real pretix brings when rights change, people are shredded and lists change between two pages."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from cxconnectors.pretix import Pretix
from cxconnectors.pretix import cursor as cursors
from cxcore.sdk import AuthFailed, Cursor, Page, Record
from cxcore.sdk.testing import driving
from support import pretix as pretixes
from support.pretix import Shop

NAMED = {"attendee_name_parts": {"_scheme": "given_family", "given_name": "Pekka", "family_name": "Koski"}}


@pytest.fixture
def shop(pretix: pretixes.Pretix) -> Shop:
    return pretix.shop()


def connector(shop: Shop, **more: Any) -> Pretix:
    config = {"url": shop.server.url, "organizer": shop.organizer, "token": shop.token, "calls": 100_000, "page": 2}
    made = Pretix.configured({**config, **more})
    assert isinstance(made, Pretix)
    return made


def keys(pages: list[Page]) -> list[str]:
    return [record.key for record in driving.records(pages)]


def last(pages: list[Page]) -> dict[str, Any]:
    return dict(driving.saved(pages[-1].cursor))


def earlier(cursor: Cursor, name: str, by: timedelta) -> dict[str, Any]:
    """The cursor as if a time in it lay further back."""
    return {**cursor, name: (datetime.fromisoformat(str(cursor[name])) - by).isoformat()}


def test_a_token_without_rights_says_which_right_is_missing(shop: Shop) -> None:
    for customers, right in ((False, "view orders"), (True, "view orders")):
        reading = connector(shop, token=shop.bare_token, customers=customers)
        with pytest.raises(AuthFailed) as checked:
            driving.run(reading.check())
        with pytest.raises(AuthFailed) as pulled:
            driving.pull(reading, "orders")
        assert right in str(checked.value.hint)
        assert right in str(pulled.value.hint)
    with pytest.raises(AuthFailed) as refused:
        driving.pull(connector(shop, token=shop.bare_token), "customers")
    assert "customer accounts" in str(refused.value.hint)


def test_a_token_of_another_organizer_is_told_apart_from_a_wrong_address(shop: Shop, pretix: pretixes.Pretix) -> None:
    with pytest.raises(AuthFailed) as refused:
        driving.run(connector(pretix.shop(), token=shop.token).check())
    assert "organizer" in str(refused.value.hint)


def test_an_event_that_the_token_is_shown_later_is_read_from_its_beginning(shop: Shop) -> None:
    shop.event("hidden")
    shown, hidden = shop.order(), [shop.order(event="hidden") for _ in range(3)]
    team = shop.call("GET", "teams/?page_size=50")["results"]
    bare = next(t["id"] for t in team if t["name"] == "bare")
    rights = {"limit_event_permissions": ["event.orders:read"], "all_events": False}
    shop.call("PATCH", f"teams/{bare}/", {**rights, "limit_events": ["fair"]})
    reading = connector(shop, token=shop.bare_token, customers=False)
    pages = driving.pull(reading, "orders")
    assert set(keys(pages)) == {f"fair/{shown['code']}"}
    shop.call("PATCH", f"teams/{bare}/", {"limit_events": ["fair", "hidden"]})
    # nothing of the event changed since, so the five minutes before and the hour between two looks have to be over
    cursor = earlier(last(pages), "listed", timedelta(hours=1)) | {"since": "2099-01-01T00:00:00+00:00"}
    found = driving.pull(reading, "orders", cursor)
    assert set(keys(found)) == {f"hidden/{order['code']}" for order in hidden}


def test_names_that_were_shredded_are_gone_when_all_orders_are_read_again(shop: Shop) -> None:
    order = shop.order(NAMED)
    reading = connector(shop)
    pages = driving.pull(reading, "orders")
    assert "Pekka" in str(driving.records(pages)[-1].payload)
    shop.shred_attendees()
    old = {**last(pages), "since": "2099-01-01T00:00:00+00:00"}
    assert keys(driving.pull(reading, "orders", old)) == [], "pretix does not say that the order changed"
    found = driving.records(driving.pull(reading, "orders", earlier(old, "whole", timedelta(days=8))))
    assert [record.key for record in found] == [f"fair/{order['code']}"]
    assert "Pekka" not in str(found[0].payload)


def test_changes_between_two_pages_of_a_reading_lose_nothing(shop: Shop) -> None:
    orders = [shop.order() for _ in range(5)]
    reading = connector(shop)
    whole = driving.pull(reading, "orders")
    for order in orders:
        shop.change(order, comment="all of them changed")
    cursor: Cursor = last(whole)
    seen: dict[str, Record] = {}
    for n in range(9):
        pages = driving.pull(reading, "orders", cursor, pages=1)
        seen |= {record.key: record for record in driving.records(pages)}
        cursor = last(pages)
        if n < len(orders):
            shop.change(orders[n], comment="once more")
    seen |= {record.key: record for record in driving.records(driving.pull(reading, "orders", cursor))}
    told = {key: record.payload["order"]["comment"] for key, record in seen.items()}  # type: ignore[index, call-overload]
    assert told == {f"fair/{order['code']}": "once more" for order in orders}


def test_neither_secrets_of_tickets_nor_answers_not_asked_for_are_landed(shop: Shop) -> None:
    question = {"question": {"en": "What do you not eat?"}, "type": "S", "required": False, "identifier": "DIET"}
    number = shop.call("POST", "events/fair/questions/", {**question, "items": [shop.items["fair"]]})["id"]
    order = shop.order({"answers": [{"question": number, "answer": "peanuts", "options": []}]})
    bare = str(driving.records(driving.pull(connector(shop), "orders")))
    for secret in (order["secret"], order["positions"][0]["secret"], "peanuts"):
        assert secret not in bare
    asked = driving.records(driving.pull(connector(shop, questions=["DIET"]), "orders"))
    assert "peanuts" in str(asked)


def test_a_cursor_tells_600_events_apart_in_4_kb() -> None:
    place = cursors.place(None, "digest")
    for n in range(cursors.MOST_EVENTS):
        place = place.learnt(f"event-{n}")
    now = datetime.fromisoformat("2026-11-22T10:00:00.123456+00:00")
    tests = tuple(f"a-long-name-of-event-{n}/ABC{n:02}" for n in range(cursors.MOST_TESTS))
    full = cursors.Place("digest", now, place.known, now, "e" * 50, 10_000, 10_000, now, 10_000, now, tests)
    assert len(json.dumps(full.saved())) < 4096
    again = cursors.place(driving.saved(full.saved()), "digest")
    assert again == full
    assert again.knows("event-500")
    assert not again.knows("event-600")
    assert cursors.place(full.saved(), "something else") == cursors.Place("something else")
