"""Interactions that services send: landed before the answer, once, and on the timeline as they were meant."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from cxcore import pipeline
from support.calling import Api, pointers, problem

ANNA = "anna@kotiposti.example"
SHOP = "/v1/sources/shop/interactions"
ORDER: dict[str, Any] = {
    "id": "order-1",
    "channel": "purchase",
    "kind": "order",
    "direction": "inbound",
    "occurred_at": "2026-11-20T14:03:00+02:00",
    "role": "buyer",
    "subject": "Order 1",
    "text": "Two beds",
    "customers": [{"key": "c-1", "name": "Anna Mäkinen", "identifiers": [{"scheme": "email", "value": ANNA}]}],
    "participants": [{"role": "agent", "name": "Kai"}],
    "attachments": [{"name": "bill.pdf", "media_type": "application/pdf", "size": 9}],
    "flags": ["edited"],
    "conversation": "basket-7",
    "attributes": {"total": "99.50", "lines": [{"what": "bed", "count": 2}]},
}


@pytest.fixture
async def shop(api: Api) -> Api:
    made = await api.post("/v1/sources", {"key": "shop", "connector": "api", "config": {}})
    assert made.status_code == 201, made.text
    return api


async def timeline(api: Api, value: str = ANNA) -> list[dict[str, Any]]:
    await pipeline.digest(api.database)
    found = await api.post("/v1/customers:resolve", {"identifiers": [{"scheme": "email", "value": value}]})
    customer = found.json()["customer_id"]
    return await api.everything(f"/v1/customers/{customer}/timeline") if customer else []


async def bulk(api: Api, *lines: Any) -> dict[str, Any]:
    body = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    answer = await api.post(f"{SHOP}:bulk", content=body, headers={"Content-Type": "application/x-ndjson"})
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_what_is_sent_is_on_the_timeline_as_it_was_meant(shop: Api) -> None:
    answer = await shop.post(SHOP, ORDER)
    assert (answer.status_code, answer.json()["status"]) == (202, "landed")
    [entry] = await timeline(shop)
    assert entry["id"] == answer.json()["interaction_id"]
    for field in ("channel", "kind", "direction", "role", "subject", "text"):
        assert entry[field] == ORDER[field]
    assert (entry["occurred_at"], entry["source"]) == ("2026-11-20T12:03:00Z", "shop")
    assert entry["participants"] == [{"role": "agent", "name": "Kai", "address": None}]
    assert entry["attributes"] == ORDER["attributes"] | {"flags": ["edited"], "attachments": ORDER["attachments"]}
    assert entry["conversation_id"]


async def test_sent_again_it_is_unchanged_and_changed_it_is_a_new_version(shop: Api) -> None:
    first = (await shop.post(SHOP, ORDER)).json()
    assert (await shop.post(SHOP, ORDER)).json() == first | {"status": "unchanged"}
    assert (await shop.post(SHOP, ORDER | {"text": "Three beds"})).json() == first
    assert [e["text"] for e in await timeline(shop)] == ["Three beds"]


async def test_of_dated_versions_the_newest_counts_in_whatever_order_they_come(shop: Api) -> None:
    for day, said in ((3, "third"), (1, "first"), (2, "second")):
        await shop.post(SHOP, ORDER | {"changed_at": f"2026-11-2{day}T00:00:00Z", "text": said})
    assert [e["text"] for e in await timeline(shop)] == ["third"]


async def test_in_bulk_each_line_is_judged_by_itself(shop: Api) -> None:
    found = await bulk(
        shop,
        ORDER,
        b"",
        b"{",
        ORDER | {"id": "order-2", "channel": "pigeon"},
        ORDER | {"id": "order-3"},
        ORDER,
        b'"text"',
        ORDER | {"id": "order-4", "surplus": 1},
    )
    assert [(line["line"], line["status"]) for line in found["lines"]] == [
        (1, "landed"),
        (3, "refused"),
        (4, "refused"),
        (5, "landed"),
        (6, "landed"),
        (7, "refused"),
        (8, "refused"),
    ]
    assert (found["landed"], found["unchanged"], found["refused"]) == (3, 0, 4)
    assert [pointers(line) for line in found["lines"] if line["errors"]] == [{""}, {"/channel"}, {""}, {"/surplus"}]
    assert len(await timeline(shop)) == 2
    assert {line["status"] for line in (await bulk(shop, ORDER, ORDER | {"id": "order-3"}))["lines"]} == {"unchanged"}


async def test_five_thousand_lines_are_taken_and_one_more_is_not(shop: Api) -> None:
    lines = [{**ORDER, "id": f"o{n}", "customers": []} for n in range(5001)]
    assert (await bulk(shop, *lines[:5000]))["landed"] == 5000
    body = b"\n".join(json.dumps(line).encode() for line in lines)
    answer = await shop.post(f"{SHOP}:bulk", content=body, headers={"Content-Type": "application/x-ndjson"})
    problem(answer, 422, "invalid_input")


async def test_in_bulk_eight_mebibytes_are_taken_and_more_are_not(shop: Api) -> None:
    kind = {"Content-Type": "application/x-ndjson"}
    most = b"\n".join([json.dumps(ORDER).encode(), b" " * (8 * 1024 * 1024 - 2000)])
    assert (await shop.post(f"{SHOP}:bulk", content=most, headers=kind)).status_code == 202
    problem(await shop.post(f"{SHOP}:bulk", content=most + b" " * 2000, headers=kind), 413, "too_large")
    problem(await shop.post(SHOP, content=most), 413, "too_large")


async def test_in_bulk_the_body_must_say_that_it_is_ndjson(shop: Api) -> None:
    problem(await shop.post(f"{SHOP}:bulk", ORDER), 415, "unsupported_media_type")


async def test_a_bulk_sent_again_under_its_key_is_answered_as_before(shop: Api) -> None:
    headers = {"Content-Type": "application/x-ndjson", "Idempotency-Key": "k"}
    answers = [await shop.post(f"{SHOP}:bulk", content=json.dumps(ORDER), headers=headers) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert answers[1].headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize("dated", [{}, {"changed_at": "2026-11-21T00:00:00Z"}, {"changed_at": "2199-01-01T00:00:00Z"}])
async def test_what_is_taken_back_leaves_the_timeline(shop: Api, dated: dict[str, str]) -> None:
    await bulk(shop, ORDER | dated, ORDER | {"id": "order-2"})
    assert len(await timeline(shop)) == 2
    taken = await shop.post(f"{SHOP}:withdraw", {"ids": ["order-1", "order-1", "none"]})
    assert taken.json() == {"withdrawn": 1, "absent": 1}
    assert [e["subject"] for e in await timeline(shop)] == ["Order 1"]
    assert (await shop.post(f"{SHOP}:withdraw", {"ids": ["order-1"]})).json() == {"withdrawn": 0, "absent": 1}


async def test_what_was_taken_back_returns_when_it_is_sent_anew(shop: Api) -> None:
    await shop.post(SHOP, ORDER)
    await shop.post(f"{SHOP}:withdraw", {"ids": ["order-1"]})
    assert await timeline(shop) == []
    await shop.post(SHOP, ORDER)
    assert len(await timeline(shop)) == 1


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"id": ""}, "/id"),
        ({"id": "a\x00"}, "/id"),
        ({"occurred_at": "2026-11-20T14:03:00"}, "/occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00Z"}, "/occurred_at"),
        ({"text": "a\ud800"}, "/text"),
        ({"text": "a" * 200_001}, "/text"),
        ({"duration": -1}, "/duration"),
        ({"attributes": {"a\x00": 1}}, "/attributes"),
        ({"attributes": {"a": ["\udfff"]}}, "/attributes"),
        ({"attributes": {str(n): n for n in range(101)}}, "/attributes"),
        ({"customers": [{"identifiers": [{"scheme": "pigeon", "value": "1"}]}]}, "/customers/0/identifiers/0/scheme"),
        ({"customers": [{"birth_date": "1980-13-01"}]}, "/customers/0/birth_date"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_does_not_fit_is_refused_by_the_field_and_lands_nothing(
    shop: Api, change: dict[str, Any], pointer: str
) -> None:
    answer = await shop.post(SHOP, content=json.dumps(ORDER | change).encode())
    assert pointers(problem(answer, 422, "invalid_input")) == {pointer}
    async with shop.database.unit() as session:
        assert await session.scalar(text("select count(*) from source_record")) == 0


async def test_facts_nested_too_deep_are_refused(shop: Api) -> None:
    deep: Any = "end"
    for _ in range(40):
        deep = [deep]
    answer = await shop.post(SHOP, ORDER | {"attributes": {"a": deep}})
    assert pointers(problem(answer, 422, "invalid_input")) == {"/attributes"}


async def test_a_source_that_brings_its_interactions_itself_takes_none(api: Api, people: dict[str, str]) -> None:
    [source] = (await api.get("/v1/sources")).json()["sources"]
    problem(await api.post(f"/v1/sources/{source['key']}/interactions", ORDER), 409, "conflict")


async def test_no_source_takes_none(api: Api) -> None:
    problem(await api.post(SHOP, ORDER), 404, "not_found")


async def test_a_source_that_is_being_removed_takes_none(shop: Api) -> None:
    await shop.send("DELETE", "/v1/sources/shop")
    problem(await shop.post(SHOP, ORDER), 404, "not_found")


async def test_a_person_without_a_key_is_known_by_what_is_shown(shop: Api) -> None:
    person = {"name": "Anna Mäkinen", "identifiers": [{"scheme": "email", "value": ANNA}]}
    await bulk(shop, *({**ORDER, "id": f"o{n}", "customers": [person]} for n in range(3)))
    assert len(await timeline(shop)) == 3


async def test_a_walk_while_ten_thousand_arrive_misses_nothing_old_and_shows_nothing_twice(shop: Api) -> None:
    def lines(count: int, first: int) -> list[dict[str, Any]]:
        times = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=n * 7919 % 8_000_000) for n in range(count)]
        return [
            ORDER | {"id": f"o{first + n}", "occurred_at": at.isoformat(), "participants": []}
            for n, at in enumerate(times)
        ]

    old = {line["interaction_id"] for line in (await bulk(shop, *lines(400, 0)))["lines"]}
    await timeline(shop)
    customer = (await shop.post("/v1/customers:resolve", {"identifiers": [{"scheme": "email", "value": ANNA}]})).json()
    arriving = asyncio.create_task(arrive(shop, [lines(2500, 1000 + 2500 * n) for n in range(4)]))
    seen: list[str] = []
    path: str | None = f"/v1/customers/{customer['customer_id']}/timeline?limit=10"
    while path:
        answer = await shop.get(path)
        seen += [e["id"] for e in answer.json()["entries"]]
        path = answer.links.get("next", {}).get("url")
        if len(seen) < 300:
            await asyncio.sleep(0.05)
    await arriving
    assert len(seen) == len(set(seen)) > 400, "shown twice, or nothing arrived meanwhile"
    assert old <= set(seen)


async def arrive(api: Api, parts: list[list[dict[str, Any]]]) -> None:
    for part in parts:
        await bulk(api, *part)
        await pipeline.digest(api.database)


async def test_a_line_that_is_too_deep_or_ambiguous_stops_no_other(shop: Api) -> None:
    lines = [
        json.dumps(ORDER).encode(),
        b'{"attributes": ' + b"[" * 100 + b"]" * 100 + b"}",
        b'{"id": "1", "id": "2"}',
        b"{",
    ]
    answer = await shop.post(
        f"{SHOP}:bulk", content=b"\n".join(lines), headers={"Content-Type": "application/x-ndjson"}
    )
    told = [(line["status"], [e["detail"] for e in line["errors"]]) for line in answer.json()["lines"]]
    assert told == [
        ("landed", []),
        ("refused", ["The body nests deeper than 64 levels."]),
        ("refused", ["A name stands twice in one object of the body. Send each once (RFC 7493)."]),
        ("refused", ["not valid JSON"]),
    ]
