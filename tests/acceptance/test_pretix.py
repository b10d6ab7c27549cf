"""pretix against a real pretix: what was ordered is there, as it stands, however often the pull is killed."""

import asyncio
import os
import random
import time
from typing import Any, NamedTuple

import pytest
from sqlalchemy import text

from cxcore import pipeline
from cxcore.api import inbox
from cxcore.api.app import application
from cxcore.db.session import Database
from cxcore.normalise.codes import KINDS
from cxcore.pull import credentials
from cxcore.pull.sources import Configured
from cxcore.pull.vault import Vault
from cxcore.worker import main as worker
from support import pretix as pretixes
from support import server as servers
from support.calling import CURSOR_KEY
from support.delivering import landed
from support.forker import pull_and_digest
from support.killing import final_state, forker, run_once
from support.listening import listening
from support.pretix import Shop
from support.working import at_work, eventually

VAULT = Vault.of(["v" * 40])
KILLS = 30
PEKKA = {"attendee_name_parts": {"_scheme": "given_family", "given_name": "Pekka", "family_name": "Koski"}}
PEKKA_BY_MAIL = {**PEKKA, "attendee_email": "pekka@home.example"}


@pytest.fixture
def shop(pretix: pretixes.Pretix) -> Shop:
    return pretix.shop()


async def added(database: Database, shop: Shop, **more: Any) -> Configured:
    config = {
        "url": shop.server.url,
        "organizer": shop.organizer,
        "token": shop.token,
        "customers_every": 0,
        "calls": 100_000,
        **more,
    }
    async with database.unit() as session:
        return await credentials.add(
            session, VAULT, key="tickets", connector="pretix", config=config, name=None, actor="tests"
        )


async def read(database: Database, source: Configured) -> None:
    """Pull and digest."""
    await pipeline.pull(database, source, vault=VAULT)
    assert (await pipeline.digest(database)).quarantined == 0


def key(order: dict[str, Any]) -> str:
    return f"{order['event']}/{order['code']}"


async def rows(database: Database, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    async with database.unit() as session:
        return [tuple(row) for row in await session.execute(text(sql), values)]


class Seen(NamedTuple):
    """An interaction as the timeline has it."""

    order: str
    kind: str
    name: str | None
    text: str | None
    duration: int | None
    told: dict[str, Any]


async def seen(database: Database) -> list[Seen]:
    found = await rows(
        database,
        "select r.key, i.kind, p.name, i.text, i.duration, i.attributes from interaction i"
        " join source_record r using (source_id, sequence) join profile p on p.id = i.profile_id"
        " order by i.occurred_at, i.id",
    )
    return [Seen(key, KINDS.word(kind).value, *rest) for key, kind, *rest in found]


async def test_a_full_pull_equals_what_was_ordered(database: Database, shop: Shop) -> None:
    shop.event("concert")
    made = [shop.order(event="concert" if n % 3 else "fair") for n in range(8)]
    source = await added(database, shop, page=3)
    await read(database, source)
    found = await seen(database)
    assert {each.order for each in found} == shop.codes() == {f"{o['event']}/{o['code']}" for o in made}
    assert len(found) == len(made)
    assert {tuple(each.told[name] for name in ("total", "currency", "status", "paid")) for each in found} == {
        ("25.00", "EUR", "paid", "25.00")
    }
    emails = await rows(database, "select value, verified from identifier")
    assert sorted(emails) == sorted((order["email"], False) for order in made)
    before = await rows(database, "select count(*) from source_record")
    await read(database, source)
    assert await rows(database, "select count(*) from source_record") == before, "an idle pull changes nothing"


async def test_new_changed_cancelled_and_deleted_orders_are_seen(database: Database, shop: Shop) -> None:
    changed, cancelled = shop.order(), shop.order()
    deleted, kept = shop.order(testmode=True), shop.order(testmode=True)
    source = await added(database, shop, test_orders=True)
    await read(database, source)
    assert {each.order for each in await seen(database)} == shop.codes()
    shop.change(changed, email="new@home.example", comment="call back")
    shop.cancel(cancelled)
    shop.refund(cancelled, "10.00")
    shop.delete(deleted)
    new = shop.order()
    await read(database, source)
    found = await seen(database)
    assert {each.order for each in found} == shop.codes() == {key(o) for o in (changed, cancelled, kept, new)}
    orders = {each.order: each.told for each in found if each.kind == "order"}
    assert (orders[key(cancelled)]["flags"], orders[key(cancelled)]["refunded"]) == (["cancelled"], "10.00")
    assert [order for order, told in orders.items() if told.get("test")] == [key(kept)]
    assert {(each.order, each.text) for each in found if each.kind == "note"} == {
        (key(changed), "call back"),
        (key(cancelled), "Refund of 10.00 EUR"),
    }
    values = {value for (value,) in await rows(database, "select value from identifier")}
    assert "new@home.example" in values
    assert changed["email"] not in values


async def test_orders_of_test_mode_are_left_out_unless_asked_for(database: Database, shop: Shop) -> None:
    shop.order(testmode=True)
    real = shop.order()
    await read(database, await added(database, shop))
    assert [each.order for each in await seen(database)] == [key(real)]


async def test_whoever_holds_a_ticket_is_a_person_apart_from_who_ordered(database: Database, shop: Shop) -> None:
    names = {"_scheme": "given_family", "given_name": "Anna", "family_name": "Virtanen"}
    address = {"is_business": False, "name_parts": names, "street": "Quay 1", "city": "Helsinki", "country": "FI"}
    order = shop.order(PEKKA_BY_MAIL, PEKKA, {}, invoice_address=address, phone="+358401234567")
    source = await added(database, shop)
    await read(database, source)
    assert sorted((each.kind, each.name) for each in await seen(database)) == [
        ("booking", "Pekka Koski"),
        ("booking", "Pekka Koski"),
        ("order", "Anna Virtanen"),
    ]
    people = await rows(database, "select name from profile order by 1")
    assert people == [("Anna Virtanen",), ("Pekka Koski",), ("Pekka Koski",)]
    found = {value for (value,) in await rows(database, "select value from identifier where issuer = ''")}
    assert found == {"+358401234567", order["email"], "pekka@home.example"}
    assert [each.text for each in await seen(database) if each.kind == "order"] == ["3 x Day ticket"]
    shop.shred_attendees()
    async with database.unit() as session:
        await session.execute(
            text("update cursor set value = jsonb_set(value, '{whole}', '\"2026-01-01T00:00:00+00:00\"')")
        )
    await read(database, source)
    assert "Pekka Koski" not in {name for (name,) in await rows(database, "select name from profile")}


async def test_entry_and_exit_are_an_arrival_with_its_duration_until_it_is_annulled(
    database: Database, shop: Shop
) -> None:
    order = shop.order(PEKKA_BY_MAIL, {})
    holder, other = order["positions"]
    shop.scan(holder, "2026-11-20T10:00:00+02:00")
    shop.scan(holder, "2026-11-20T12:30:00+02:00", kind="exit")
    source = await added(database, shop)

    async def arrivals() -> list[Seen]:
        await read(database, source)
        return [each for each in await seen(database) if each.kind == "arrival"]

    assert [(each.name, each.duration, each.told["list"]) for each in await arrivals()] == [
        ("Pekka Koski", 9000, "Gate")
    ]
    nonce = shop.scan(other)
    assert len(await arrivals()) == 2
    shop.annul(nonce)
    assert [each.name for each in await arrivals()] == ["Pekka Koski"]


async def test_a_date_of_a_series_is_the_date_that_was_booked(database: Database, shop: Shop) -> None:
    shop.event("tours", series=True)
    shop.date("tours", "First", "2027-06-01T10:00:00+03:00")
    second = shop.date("tours", "Second", "2027-06-08T10:00:00+03:00")
    order = shop.order(PEKKA, event="tours", subevent=second)
    shop.scan(order["positions"][0], event="tours")
    await read(database, await added(database, shop))
    told = [(each.kind, each.told["date"], each.told["starts"]) for each in await seen(database)]
    assert told == [(kind, "Second", "2027-06-08T10:00:00+03:00") for kind in ("order", "booking", "arrival")]


async def test_an_account_is_a_person_with_memberships_until_it_is_anonymised(database: Database, shop: Shop) -> None:
    number = shop.customer("anna@home.example", phone="+358401234567")
    shop.customer("eva@home.example", is_verified=False)
    shop.membership(number, "Gold")
    shop.order(customer=number, email="other@home.example")
    source = await added(database, shop)
    await read(database, source)
    people = await rows(
        database, "select key, name, attributes ->> 'memberships' from profile where key = :key", key=number
    )
    assert people == [(number, "Anna Virtanen", "Gold, 2026-01-01 to 2027-01-01")]
    emails = await rows(database, "select value, verified from identifier where value like '%@%' order by 1")
    assert emails == [("anna@home.example", True), ("eva@home.example", False), ("other@home.example", False)]
    customers = await rows(database, "select count(*), count(distinct customer_id) from link")
    assert customers == [(3, 2)], "an order made while logged in is the account's"
    shop.anonymise(number)
    await read(database, source)
    assert "Anna Virtanen" not in str(await rows(database, "select name from profile where key = :key", key=number))


async def test_a_webhook_of_pretix_itself_wakes_the_pull_and_the_change_is_there(
    database: Database, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "FRESH", 0.0)
    monkeypatch.setattr(worker, "REST", 0.1)
    monkeypatch.setenv("PRETIX_TOKEN", shop.token)
    await added(database, shop, token="env:PRETIX_TOKEN")

    async def there(order: str) -> bool:
        return order in {each.order for each in await seen(database)}

    async with listening(application(database, cursor_key=CURSOR_KEY)) as url, at_work(database):
        first = await asyncio.to_thread(shop.order)
        await eventually(lambda: there(key(first)))
        actions = ("pretix.event.order.placed", "pretix.event.order.paid", "pretix.event.checkin")
        await asyncio.to_thread(shop.webhook, f"{url}/v1/deliveries/tickets", *actions)
        second = await asyncio.to_thread(shop.order)
        await eventually(lambda: there(key(second)))
        await asyncio.to_thread(shop.scan, second["positions"][0])

        async def arrived() -> bool:
            return "arrival" in {each.kind for each in await seen(database)}

        await eventually(arrived)


async def test_the_connector_webhook_takes_what_pretix_delivers(
    database: Database, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "FRESH", 0.0)
    event = {
        "channel": "purchase",
        "kind": "note",
        "direction": "inbound",
        "occurred_at": {"const": "2026-11-22T10:00:00Z"},
    }
    mapping = {"version": 1, "key": "notification_id", "interaction": [{**event, "subject": "action"}]}
    config = {"scheme": "basic", "secret": "env:HOOK_SECRET", "mapping": mapping}
    monkeypatch.setenv("HOOK_SECRET", "pretix:s3cret")
    async with database.unit() as session:
        await credentials.add(session, VAULT, key="hook", connector="webhook", config=config, name=None, actor="tests")
    async with listening(application(database, cursor_key=CURSOR_KEY)) as url:
        for who in ("pretix:s3cret", "pretix:forged"):
            address = f"{url.replace('://', f'://{who}@')}/v1/deliveries/hook"
            await asyncio.to_thread(shop.webhook, address, "pretix.event.order.placed")
        order = await asyncio.to_thread(shop.order)
    (told,) = [content for _, content in await landed(database)]
    assert (told["organizer"], told["code"], told["action"]) == (
        shop.organizer,
        order["code"],
        "pretix.event.order.placed",
    )


async def test_killed_again_and_again_it_loses_and_doubles_nothing(
    server_url: str, worker_id: str, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRETIX_TOKEN", shop.token)
    names = [f"cxcore_pretix_{kind}_{worker_id}" for kind in ("killed", "calm")]
    killed_url, calm_url = [await asyncio.to_thread(servers.fresh_database, server_url, name) for name in names]
    for url in (killed_url, calm_url):
        database = Database(url)
        await added(database, shop, token="env:PRETIX_TOKEN", page=2)
        await database.close()
    rng, kills, orders = random.Random(7), 0, []
    with forker(killed_url) as process:
        while kills < KILLS:
            orders += [await asyncio.to_thread(shop.order, PEKKA_BY_MAIL) for _ in range(6)]
            await asyncio.to_thread(shop.scan, orders[-1]["positions"][0])
            await asyncio.to_thread(shop.change, rng.choice(orders), comment=f"after {kills} kills")
            await asyncio.to_thread(shop.customer, f"customer{kills}@home.example")
            began = time.monotonic()
            await pull_and_digest(calm_url)
            takes = time.monotonic() - began
            for _ in range(10):
                ended = await asyncio.to_thread(run_once, process, kill_after=rng.uniform(0.0, 0.6) * takes)
                kills += os.WIFSIGNALED(ended)
            assert await asyncio.to_thread(run_once, process, kill_after=None) == 0
    await pull_and_digest(calm_url)
    killed, calm = await final_state(killed_url), await final_state(calm_url)
    assert len(killed["interaction"]) >= 2 * len(orders)
    for name in calm.keys() - {
        "source_record",
        "observation",
        "profile",
    }:  # versions seen differ with the time of reading
        assert killed[name] == calm[name], name
    assert [row[:4] for row in killed["profile"]] == [row[:4] for row in calm["profile"]]
    for name in names:
        await asyncio.to_thread(servers.drop_database, server_url, name)
