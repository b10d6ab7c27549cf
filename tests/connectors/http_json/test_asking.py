"""How http_json asks: credentials, tokens, places that were forgotten, details, the check."""

import base64
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from cxconnectors.http_json import HttpJson, reading
from cxcore.sdk import AuthFailed, RecordRejected, SourceUnavailable
from cxcore.sdk.http import client
from cxcore.sdk.testing.driving import pull, records
from support.rest import MAPPING, Reply, Request, Server, order


@pytest.fixture(autouse=True)
def _no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "backoff", lambda _attempt: 0.01)


def connector(server: Server, stream: dict[str, Any] | None = None, **changes: Any) -> HttpJson:
    settings = {"name": "orders", "path": "/orders", "mapping": MAPPING, **(stream or {})}
    made = HttpJson.configured({"base_url": server.url, "stream": [settings], **changes})
    assert isinstance(made, HttpJson)
    return made


def orders(*numbers: int) -> Callable[[Request], Reply]:
    return lambda _request: Reply([order(number) for number in numbers])


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ({"kind": "bearer"}, "authorization", "Bearer s3cret"),
        ({"kind": "header", "name": "X-Api-Key"}, "x-api-key", "s3cret"),
        ({"kind": "header", "name": "Authorization", "prefix": "Token "}, "authorization", "Token s3cret"),
        ({"kind": "basic", "user": "us"}, "authorization", "Basic " + base64.b64encode(b"us:s3cret").decode()),
    ],
)
def test_the_secret_is_sent_where_the_source_wants_it(auth: dict[str, Any], header: str, value: str) -> None:
    with Server(orders(1)) as server:
        assert len(records(pull(connector(server, auth=auth, secret="s3cret"), "orders"))) == 1
        assert server.requests[0].headers[header] == value


def test_a_secret_in_the_address_is_sent_with_each_page_and_kept_in_no_cursor() -> None:
    def answer(request: Request) -> Reply:
        at = int(request.query.get("at", 0))
        return Reply(
            {"items": [order(at + 1)], "next": f"/orders?key={request.query['key']}&at={at + 1}" if at < 2 else ""}
        )

    stream = {"page": {"kind": "next", "next": "next"}, "records": "items"}
    auth = {"kind": "query", "parameter": "key", "insist": True}
    with Server(answer) as server:
        pages = pull(connector(server, stream, auth=auth, secret="s3cret"), "orders")
        assert [request.query["key"] for request in server.requests] == ["s3cret"] * 3
    assert len(records(pages)) == 3
    assert "s3cret" not in str([page.cursor for page in pages])


def oauth(server: Server, **changes: Any) -> dict[str, Any]:
    return {"kind": "oauth2", "token_url": f"{server.url}/token", "client_id": "c:1", **changes}


def test_a_token_is_asked_for_once_a_pull() -> None:
    given: list[str] = []

    def answer(request: Request) -> Reply:
        if request.path == "/token":
            given.append(request.headers["authorization"])
            return Reply({"access_token": "t", "expires_in": 3600})
        assert request.headers["authorization"] == "Bearer t"
        number = int(request.query["page"])
        return Reply([order(number)] if number < 4 else [])

    stream = {"page": {"kind": "number"}, "parameters": {"page": "{page}"}}
    with Server(answer) as server:
        found = pull(connector(server, stream, auth=oauth(server), secret="s:3"), "orders")
    assert len(records(found)) == 3
    assert given == ["Basic " + base64.b64encode(b"c%3A1:s%3A3").decode()]


def test_a_short_token_is_renewed_during_a_pull() -> None:
    tokens = 0

    def answer(request: Request) -> Reply:
        nonlocal tokens
        if request.path == "/token":
            tokens += 1
            assert b"client_secret=s3cret" in request.raw
            return Reply({"access_token": f"t{tokens}", "expires_in": "1"})
        if request.query["page"] == "2":
            time.sleep(0.6)
        number = int(request.query["page"])
        return Reply([order(number)] if number < 4 else [])

    stream = {"page": {"kind": "number"}, "parameters": {"page": "{page}"}}
    with Server(answer) as server:
        found = pull(connector(server, stream, auth=oauth(server, client_in="body"), secret="s3cret"), "orders")
    assert len(records(found)) == 3
    assert tokens >= 2


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (Reply({"error": "invalid_client"}, status=401), AuthFailed),
        (Reply({"error": "invalid_scope"}, status=400), AuthFailed),
        (Reply({"token": "t"}), SourceUnavailable),
        (Reply({"access_token": "t\r\nX: y"}), SourceUnavailable),
        (Reply(b"<html>"), SourceUnavailable),
    ],
)
def test_no_token_is_a_clear_failure(reply: Reply, failure: type[Exception]) -> None:
    with Server(lambda _request: reply) as server, pytest.raises(failure):
        pull(connector(server, auth=oauth(server), secret="s3cret"), "orders")


def test_a_token_that_is_refused_twice_asks_for_a_person() -> None:
    def answer(request: Request) -> Reply:
        return Reply({"access_token": "t"}) if request.path == "/token" else Reply(status=401)

    with Server(answer) as server, pytest.raises(AuthFailed, match="also with a new token"):
        pull(connector(server, auth=oauth(server), secret="s3cret"), "orders")


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_a_place_that_the_source_has_forgotten_begins_the_walk_again(status: int) -> None:
    forgotten = False

    def answer(request: Request) -> Reply:
        after = int(request.query.get("after", 0))
        if after and forgotten:
            return Reply(status=status)
        return Reply({"items": [order(after + 1)], "next": after + 1 if after < 2 else None})

    stream = {
        "page": {"kind": "cursor", "next": "next"},
        "parameters": {"after": "{cursor}"},
        "records": "items",
    }
    with Server(answer) as server:
        first = pull(connector(server, stream), "orders", pages=2)
        forgotten = True
        rest = pull(connector(server, stream), "orders", first[-1].cursor, pages=1)
    assert [record.key for record in records(rest)] == ["1"]


def test_the_same_status_at_a_page_not_resumed_is_a_failure() -> None:
    with Server(lambda _request: Reply(status=404)) as server, pytest.raises(SourceUnavailable, match="answers 404"):
        pull(connector(server), "orders")


def listed(*numbers: int, gone: tuple[int, ...]) -> Callable[[Request], Reply]:
    def answer(request: Request) -> Reply:
        if request.path == "/orders":
            return Reply([{"id": number, "changed": order(number)["changed"]} for number in numbers])
        number = int(request.path.rpartition("/")[2])
        return Reply(status=410) if number in gone else Reply({"order": order(number)})

    return answer


def test_a_detail_that_is_gone_is_a_deletion() -> None:
    stream = {"detail": {"path": "/orders/{id}", "record": "order"}}
    with Server(listed(1, 2, 3, gone=(2,))) as server:
        found = records(pull(connector(server, stream), "orders"))
    assert [(record.key, record.deleted) for record in found] == [("1", False), ("2", True), ("3", False)]


def test_details_that_are_all_gone_are_a_wrong_path_and_delete_nothing() -> None:
    stream = {"detail": {"path": "/wrong/{id}"}}
    with Server(listed(1, 2, gone=(1, 2))) as server, pytest.raises(SourceUnavailable, match="None of the details"):
        pull(connector(server, stream), "orders")


def test_details_that_say_they_are_deleted_are_no_wrong_path() -> None:
    def answer(request: Request) -> Reply:
        if request.path == "/orders":
            return Reply([{"id": 1}, {"id": 2}])
        return Reply(order(int(request.path[-1])) | {"state": "gone"})

    with Server(answer) as server:
        found = records(pull(connector(server, {"detail": {"path": "/orders/{id}"}}), "orders"))
    assert [(record.key, record.deleted) for record in found] == [("1", True), ("2", True)]


def test_details_that_take_long_are_handed_over_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_HAND_OVER", 0.0)
    stream = {"detail": {"path": "/orders/{id}", "record": "order"}}
    with Server(listed(1, 2, 3, gone=())) as server:
        pages = pull(connector(server, stream), "orders")
    assert [[record.key for record in page.records] for page in pages] == [["1"], ["2"], ["3"], []]


def test_a_detail_may_be_put_into_the_lists_record() -> None:
    stream = {"detail": {"path": "/orders/{id}", "record": "order.customer", "into": "customer"}}
    with Server(listed(1, gone=())) as server:
        (found,) = records(pull(connector(server, stream), "orders"))
    assert found.payload == {"id": 1, "changed": order(1)["changed"], "customer": order(1)["customer"]}


@pytest.mark.parametrize("item", ["a text", 7, None, {"name": "no key"}])
def test_what_has_no_key_is_landed_and_set_aside(item: Any) -> None:
    with Server(lambda _request: Reply([order(1), item])) as server:
        made = connector(server)
        good, odd = records(pull(made, "orders"))
    assert list(made.map(good))
    assert odd.payload == item
    with pytest.raises(RecordRejected, match="not an object with a key"):
        list(made.map(odd))


def test_a_post_carries_its_body_to_every_page() -> None:
    def answer(request: Request) -> Reply:
        at = request.body["paging"].get("after", 0)
        return Reply({"items": [order(at + 1)], "next": at + 1 if at < 2 else None})

    stream = {
        "method": "POST",
        "body": {"query": {"state": "any"}, "paging": {"size": 1, "after": "{cursor}"}},
        "page": {"kind": "cursor", "next": "next"},
        "records": "items",
    }
    with Server(answer) as server:
        assert len(records(pull(connector(server, stream), "orders"))) == 3
        assert [request.body for request in server.requests] == [
            {"query": {"state": "any"}, "paging": {"size": 1}},
            {"query": {"state": "any"}, "paging": {"size": 1, "after": 1}},
            {"query": {"state": "any"}, "paging": {"size": 1, "after": 2}},
        ]


def test_a_long_way_is_gone_on_with_by_the_next_pull() -> None:
    def answer(request: Request) -> Reply:
        number = int(request.query["page"])
        return Reply([order(number)] if number <= 7 else [])

    stream = {"page": {"kind": "number"}, "parameters": {"page": "{page}"}}
    with Server(answer) as server:
        made = connector(server, stream, limits={"pages": 3})
        first = pull(made, "orders")
        second = pull(made, "orders", first[-1].cursor)
    assert [record.key for record in records(first)] == ["1", "2", "3"]
    assert [record.key for record in records(second)] == ["4", "5", "6"]


async def test_check_without_a_path_tells_what_the_first_page_holds() -> None:
    with Server(orders(1, 2)) as server:
        assert await connector(server).check() == f"{server.url[7:]}: 2 orders on the first page"


async def test_a_check_that_names_nobody_is_a_failure() -> None:
    check = {"path": "/me", "account": "nobody"}
    with (
        Server(lambda _request: Reply({"me": 1})) as server,
        pytest.raises(SourceUnavailable, match="names no account"),
    ):
        await connector(server, check=check).check()


def test_the_pages_say_to_when_they_are_complete_by_the_sources_clock() -> None:
    with Server(orders(1)) as server:
        server.now = datetime(2026, 3, 2, 12, tzinfo=UTC)
        (page,) = pull(connector(server), "orders")
    assert page.complete_to == datetime(2026, 3, 2, 12, tzinfo=UTC)
