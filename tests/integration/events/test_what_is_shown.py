"""Whenever a customer's page or timeline shows something else, an event has the customer as its subject, or in its list."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable
from typing import Any
from uuid import UUID

import pytest

from cxcore import removal
from cxcore.api.app import application
from cxcore.db.session import Database
from cxcore.pull import sources
from cxcore.resolve import corrections, decisions, rebuild, shown
from cxcore.resolve.fields import Field
from cxcore.resolve.shown import Part
from support.calling import CURSOR_KEY, Api, calling, new_key
from support.consistency import rows
from support.parley import Parley
from support.story import ANNA, PEKKA, tell, who
from support.working import eventually

CUSTOMERS = ("created", "changed", "split")
Pages = dict[str, tuple[Any, Any]]
Message = dict[str, Any]


@pytest.fixture
async def api(database: Database, parley: type[Parley]) -> AsyncIterator[Api]:
    async with calling(application(database, cursor_key=CURSOR_KEY)) as client:
        yield Api(client, database, await new_key(database))


async def pages(api: Api) -> Pages:
    """What the API shows of every living customer, explained."""
    found = await rows(api.database, "select id from customer where merged_into is null order by id")
    result: Pages = {}
    for customer in (str(r.id) for r in found):
        page = (await api.get(f"/v1/customers/{customer}?explain=true")).json()
        result[customer] = page, await api.everything(f"/v1/customers/{customer}/timeline?limit=100")
    return result


async def events(api: Api, *, after: int) -> list[Any]:
    sql = f"select position, type, subject, data from outbox where position > {after} order by position"  # noqa: S608
    return await rows(api.database, sql)


async def last(api: Api) -> int:
    return int((await rows(api.database, "select coalesce(max(position), 0) as p from outbox"))[0].p)


def named(told: list[Any]) -> list[str]:
    """Customers that events tell of, as often as they do."""
    singly = [e.subject for e in told if e.type in {f"cxcore.customer.{kind}" for kind in CUSTOMERS}]
    return singly + [c for e in told if e.type == "cxcore.customers.changed" for c in e.data["customers"]]


def different(before: tuple[Any, Any], after: tuple[Any, Any]) -> set[Part]:
    """What of a customer is shown otherwise."""
    found = {Part.TIMELINE} if before[1] != after[1] else set()
    apart = {k for k in after[0] if before[0][k] != after[0][k]}
    found |= {Part.REASONS} if apart & {"reasons", "candidates"} else set()
    ids = [[(p["id"], p["since"]) for p in page["profiles"]] for page in (before[0], after[0])]
    found |= {Part.PROFILES} if sorted(ids[0]) != sorted(ids[1]) or "version" in apart else set()
    found |= {Part.VALUES} if apart - {"reasons", "candidates", "version", "profiles"} else set()
    return found or {Part.VALUES}


def parts_told(told: list[Any], customer: str) -> set[Part]:
    """What the events say that is new of a customer; that its profiles are says it of all that comes with them."""
    words = [set(e.data.get("what", ["profiles"])) for e in told if customer in named([e])]
    found = {Part(word) for word in set().union(*words)}
    return set(Part) if Part.PROFILES in found else found


async def watched(api: Api, before: Pages, act: Awaitable[object]) -> Pages:
    """Do it; whoever is shown otherwise must have been told of, and whose id leads elsewhere must have been told merged."""
    since = await last(api)
    await act
    after, told = await pages(api), await events(api, after=since)
    for customer, page in after.items():
        if before.get(customer) != page:
            parts = different(before[customer], page) if customer in before else {Part.PROFILES}
            assert parts <= parts_told(told, customer), "shown otherwise, and nobody was told"
    gone = before.keys() - after.keys()
    assert gone == {e.subject for e in told if e.type == "cxcore.customer.merged"} & before.keys()
    return after


def said(chance: random.Random, number: int) -> Message:
    """A message of one of few people, who share addresses, numbers and threads, or show next to nothing."""
    person = chance.randrange(6)
    thread = chance.randrange(8)
    shown: Message = {
        "name": chance.choice(("Anna Mäkinen", "Anna Makinen", "Pekka Virta", None)),
        "emails": [f"p{person}@kotiposti.example"] if chance.random() < 0.7 else [],
        "phones": [f"+35840123456{chance.randrange(4)}"] if chance.random() < 0.5 else [],
        "thread": f"t{thread}" if chance.random() < 0.5 else None,
        "aliases": [f"t{chance.randrange(8)}"] if chance.random() < 0.3 else [],
        "who": f"w{person}" if chance.random() < 0.3 else None,
        "address": chance.choice((None, "Kotikatu 1", "Mäkitie 2")),
    }
    return {"id": number, **{k: v for k, v in shown.items() if v}, "at": chance.randrange(1000)}


async def act(api: Api, chance: random.Random, made: list[UUID], corrected: list[UUID]) -> None:
    """Something that changes what is shown: what arrives, comes anew or is taken back, and what people decide."""
    database, number = api.database, len(Parley.messages)
    living = [r.id for r in await rows(database, "select id from customer c where merged_into is null and exists "
                                                 "(select from link l where l.customer_id = c.id) order by founder_id")]  # fmt: skip
    kind = chance.choice("aaaaawwnmmsrcxp")
    if kind == "a" or len(living) < 3:
        await tell(database, [said(chance, number + n) for n in range(chance.randrange(1, 5))])
    elif kind in "wn":
        again = said(chance, chance.randrange(number))
        await tell(database, [again | ({"deleted": True} if kind == "w" else {})])
    elif kind == "p":
        async with database.unit() as session:
            await rebuild.rebuild(session)
    elif kind == "r" and made:
        async with database.unit() as session:
            await decisions.revoke(session, decision=made.pop(), actor="t")
    elif kind == "x" and corrected:
        async with database.unit() as session:
            await corrections.revoke(session, correction=corrected.pop(), actor="t")
    elif kind == "c":
        await correct(database, chance.choice(living), corrected)
    else:
        await decide(database, chance, living, made, merge=kind != "s")


async def correct(database: Database, customer: UUID, corrected: list[UUID]) -> None:
    async with database.unit() as session:
        done = await corrections.correct(
            session, customer=customer, field=Field.NAME, value="Aino Salo", region="FI", actor="t", reason="r"
        )
    corrected.append(done.correction.id)


async def decide(
    database: Database, chance: random.Random, living: list[UUID], made: list[UUID], *, merge: bool
) -> None:
    one, other = chance.sample(living, 2)
    with_many = await rows(database, "select customer_id, array_agg(profile_id order by profile_id) as p from link "
                                     "group by 1 having count(*) > 1 order by 2")  # fmt: skip
    try:
        async with database.unit() as session:
            if merge or not with_many:
                decision = await decisions.merge(session, customers=[one, other], actor="t", reason="r")
            else:
                whole = chance.choice(with_many)
                decision = await decisions.separate(
                    session, customer=whole.customer_id, profiles=whole.p[:1], actor="t", reason="r"
                )
    except decisions.Conflict:
        return
    made.append(decision.id)


@pytest.mark.parametrize(("seed", "singly"), [(1, shown.SINGLY), (2, 0)])
async def test_nobody_is_shown_otherwise_untold_whatever_happens(
    api: Api, seed: int, singly: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown, "SINGLY", singly)
    chance = random.Random(seed)
    made: list[UUID] = []
    corrected: list[UUID] = []
    seen: Pages = {}
    for _ in range(30):
        seen = await watched(api, seen, act(api, chance, made, corrected))
    await watched(api, seen, leave(api.database))


async def leave(database: Database) -> None:
    async with database.unit() as session:
        (source,) = await sources.everything(session)
    await removal.remove(database, source)


async def test_one_arrival_is_told_of_once_and_says_what_changed(api: Api) -> None:
    await tell(api.database, [{"id": 1, "who": "w1", "name": "Anna Mäkinen", "emails": [ANNA]}])
    since = await last(api)
    await tell(
        api.database, [{"id": n, "who": "w1", "name": "Anna Mäkinen", "emails": [ANNA], "at": 1} for n in (2, 3)]
    )
    (event,) = await events(api, after=since)
    assert (event.type, event.data) == ("cxcore.customer.changed", {"what": ["timeline"]})
    assert event.subject == str(await who(api.database, ANNA))
    await tell(api.database, [{"id": 4, "who": "w1", "name": "Anna Mäkinen", "emails": [ANNA], "at": 9}])
    *_, later = await events(api, after=since)
    assert later.data == {"what": ["timeline", "values"]}, "they are shown as seen at a later time"


async def test_who_is_on_the_other_side_of_a_question_is_told_of(api: Api) -> None:
    """A suggestion that comes up, is put aside and goes shows on both customers, though one alone did something."""
    phone = {"phones": ["040 2222222"]}
    others = [{"id": 1, "name": "Anna Virtanen", **phone, "emails": [ANNA]}, {"id": 2, "name": "Pekka Berg", **phone}]
    others.append({"id": 4, "name": "Liisa Salo", "emails": ["liisa@z.example"]})
    seen = await watched(api, {}, tell(api.database, others))
    onni: Message = {"id": 3, "name": "Onni Virtanen", **phone}
    for again in (onni, onni | {"deleted": True}, onni | {"text": "again"}):
        seen = await watched(api, seen, tell(api.database, [again]))
    (review,) = (await api.get("/v1/reviews")).json()["reviews"]
    left, right = review["customers"]
    body = {"left": left, "right": right, "verdict": "skip", "reason": "asked them"}
    seen = await watched(api, seen, api.post("/v1/reviews:decide", body))
    apart = [str(await who(api.database, name)) for name in ("Pekka Berg", "Liisa Salo")]
    body = {"left": apart[0], "right": apart[1], "verdict": "never", "reason": "asked them"}
    await watched(api, seen, api.post("/v1/reviews:decide", body))


async def test_many_are_told_of_in_lists_that_one_transaction_shares(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "SINGLY", 3)
    monkeypatch.setattr(shown, "LISTED", 2)
    people = [{"emails": [f"p{n}@kotiposti.example"], "name": f"Anna {chr(65 + n) * 6}"} for n in range(5)]
    await tell(api.database, [{"id": n, **p} for n, p in enumerate(people)])
    since = await last(api)
    await tell(api.database, [{"id": 10 + n, **p} for n, p in enumerate(people)])
    lists = await events(api, after=since)
    assert [e.type for e in lists] == ["cxcore.customers.changed"] * 3
    assert len({e.subject for e in lists}) == 1
    assert [len(e.data["customers"]) for e in lists] == [2, 2, 1]
    assert set(named(lists)) == (await pages(api)).keys()


async def test_a_preview_tells_of_nobody(api: Api) -> None:
    await tell(
        api.database, [{"id": 1, "emails": [ANNA], "name": "Anna"}, {"id": 2, "emails": [PEKKA], "name": "Pekka"}]
    )
    since, customers = await last(api), [str(await who(api.database, a)) for a in (ANNA, PEKKA)]
    assert (await api.post("/v1/customers:preview-merge", {"customers": customers})).status_code == 200
    assert await events(api, after=since) == []


async def test_other_rules_are_told_of_by_their_field(api: Api) -> None:
    since = await last(api)
    body = {"rules": ["newest"], "sources": []}
    for _ in range(2):
        assert (await api.send("PUT", "/v1/survivorship/name", json=body)).status_code == 200
    (event,) = await events(api, after=since)
    assert (event.type, event.subject, list(event.data)) == ("cxcore.survivorship.changed", "name", ["by"])


async def test_no_profile_moves_between_the_telling_and_its_commit(api: Api) -> None:
    """Who merges waits for one who tells; else the living customer would keep a page from before."""
    await tell(
        api.database, [{"id": 1, "emails": [ANNA], "name": "Anna"}, {"id": 2, "emails": [PEKKA], "name": "Pekka"}]
    )
    customers = [await who(api.database, a) for a in (ANNA, PEKKA)]

    async def merge() -> None:
        async with api.database.unit() as session:
            await decisions.merge(session, customers=customers, actor="t", reason="r")

    async with api.database.unit() as session:
        shown.changed(session, Part.TIMELINE, customers=customers)
        await shown.tell(session)
        merging = asyncio.create_task(merge())

        async def waits() -> bool:
            held = await rows(api.database, "select 1 from pg_locks where locktype = 'advisory' and not granted")
            return bool(held) or merging.done()

        await eventually(waits)
        assert not merging.done()
    await merging
