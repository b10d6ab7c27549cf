"""Timeline pages kept in memory: given again while nothing changed, never an old one, and only to whom they are whole."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from cxcore.api.envelope import Envelope
from cxcore.api.response_cache import Pages, ResponseCache, _Page
from cxcore.auth import keys
from cxcore.auth.policy import AccessRole
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore.pull import sources
from cxcore.timeline import query
from support.calling import Api, api_on, calling, new_key, problem
from support.deciding import decide, merge, parted
from support.parley import Parley
from support.story import ANNA, LIISA, PEKKA, tell, who

SIZE = 1_000_000
MADE_EACH_TIME = {"request-id", "ratelimit", "date"}


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The customers whose page was read from the database, one by one."""
    found: list[str] = []
    read = query.page

    async def noted(session: Any, customer: Any, **given: Any) -> Any:
        found.append(str(customer))
        return await read(session, customer, **given)

    monkeypatch.setattr(query, "page", noted)
    return found


@dataclass
class Keeping(Api):
    """The API with what keeps its pages."""

    cache: ResponseCache

    async def without_memory(self, path: str) -> httpx2.Response:
        async with calling(Envelope(self.cache.app)) as client:
            return await Api(client, self.database, self.key).get(path)


@asynccontextmanager
async def keeping(database: Database, **given: Any) -> AsyncIterator[Keeping]:
    app = api_on(database, **{"cache_bytes": SIZE, **given})
    assert isinstance(app, Envelope)
    assert isinstance(app.app, ResponseCache)
    async with calling(app) as client:
        yield Keeping(client, database, await new_key(database), app.app)


@pytest.fixture
async def kept(database: Database, parley: type[Parley]) -> AsyncIterator[Keeping]:
    """The API that keeps pages, and the story told."""
    await tell(database)
    async with keeping(database) as api:
        yield api


async def timeline(api: Api, name: str = ANNA) -> str:
    return f"/v1/customers/{await who(api.database, name)}/timeline"


def shown(answer: Any) -> tuple[int, dict[str, str], str]:
    return answer.status_code, {k: v for k, v in answer.headers.items() if k not in MADE_EACH_TIME}, answer.text


async def test_a_page_asked_for_again_is_given_as_it_was(kept: Keeping, computed: list[str]) -> None:
    path = f"{await timeline(kept)}?limit=2"
    first = await kept.get(path)
    for _ in range(3):
        assert shown(await kept.get(path)) == shown(first)
    assert len(computed) == 1
    assert first.links["next"]
    again = await kept.get(path)
    assert again.headers["request-id"] != first.headers["request-id"]
    assert len(again.headers.get_list("request-id")) == 1


async def test_another_question_is_another_page(kept: Keeping, computed: list[str]) -> None:
    path = await timeline(kept)
    answers = [await kept.get(path + asked) for asked in ("", "?limit=1", "?limit=2", "?channel=phone")]
    assert len({a.text for a in answers}) == len(computed) == 4


async def test_what_another_process_committed_is_seen_at_once(kept: Keeping, computed: list[str]) -> None:
    path = await timeline(kept)
    for number in range(20, 30):
        before = len((await kept.get(path)).json()["entries"])
        assert len((await kept.get(path)).json()["entries"]) == before
        await tell(kept.database, [{"id": number, "emails": [ANNA], "text": f"message {number}"}])
        assert len((await kept.get(path)).json()["entries"]) == before + 1
    assert len(computed) == 11


async def test_while_writers_write_nobody_gets_a_page_older_than_their_request(kept: Keeping) -> None:
    path, told = await timeline(kept), 0
    writing = True

    async def read() -> int:
        count = 0
        while writing:
            known = told
            assert len((await kept.get(path)).json()["entries"]) >= 5 + known
            count += 1
            await asyncio.sleep(0)
        return count

    readers = [asyncio.create_task(read()) for _ in range(4)]
    for number in range(100, 130):
        await tell(kept.database, [{"id": number, "emails": [ANNA]}])
        told += 1
    writing = False
    assert min(await asyncio.gather(*readers)) > 5


class Deeds:
    """What can happen to the people of the story, at random."""

    def __init__(self, api: Api, customers: set[str], chance: random.Random) -> None:
        self.api, self.customers, self.chance = api, customers, chance
        self.decisions: list[str] = []

    async def write(self) -> None:
        to = self.chance.choice([ANNA, PEKKA, LIISA])
        message = {"id": 200 + len(Parley.messages), "emails": [to], "conversation": self.chance.choice(["a", "b"])}
        await tell(self.api.database, [message])

    async def change(self) -> None:
        message = {**self.chance.choice(Parley.messages), "text": f"now {self.chance.random()}"}
        day = self.chance.randint(10, 20)
        await tell(self.api.database, [message | {"changed": f"2026-11-{day}T00:00:00+00:00"}])

    async def withdraw(self) -> None:
        message = self.chance.choice(Parley.messages[-4:])
        await tell(self.api.database, [message | {"deleted": True, "changed": "2026-11-21T00:00:00+00:00"}])

    async def merge(self) -> None:
        two = sorted({await living(self.api, c) for c in self.customers})
        if len(two) > 1:
            self.decisions.append((await merge(self.api, *self.chance.sample(two, 2)))["decision_id"])

    async def separate(self) -> None:
        customer = await living(self.api, self.chance.choice(sorted(self.customers)))
        pieces = await parted(self.api, customer)
        if len(pieces) > 1:
            body = {"profiles": pieces[:1], "reason": "two people"}
            made = await decide(self.api, f"/v1/customers/{customer}:separate", body)
            self.decisions.append(made["decision_id"])
            self.customers |= set(made["customers"])

    async def revoke(self) -> None:
        if self.decisions:
            await self.api.post(f"/v1/decisions/{self.decisions.pop()}:revoke", {"reason": "no"})


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_is_done_pages_are_what_they_would_be_without_memory(kept: Keeping, seed: int) -> None:
    chance = random.Random(seed)
    deeds = Deeds(kept, {str(await who(kept.database, name)) for name in (ANNA, PEKKA, LIISA)}, chance)
    for _ in range(14):
        deed = chance.choice(
            [deeds.write, deeds.write, deeds.change, deeds.withdraw, deeds.merge, deeds.separate, deeds.revoke]
        )
        await deed()
        for customer in deeds.customers:
            path = f"/v1/customers/{customer}/timeline?limit=3"
            remembered = [shown(await kept.get(path)) for _ in range(2)]
            fresh = shown(await kept.without_memory(path))
            assert remembered == [fresh, fresh], deed.__name__


async def living(api: Api, customer: str) -> str:
    async with api.database.unit() as session:
        found = await session.execute(
            text("select coalesce(merged_into, id)::text from customer where id = :c"), {"c": customer}
        )
        return str(found.scalar_one())


async def test_a_key_that_may_not_read_is_refused_what_is_kept(kept: Keeping) -> None:
    path = await timeline(kept)
    assert (await kept.get(path)).status_code == 200
    problem(await kept.get(path, key=await new_key(kept.database, Scope.READ_SOURCES)), 403, "permission_denied")
    problem(await kept.get(path, key="cx_0_0"), 401, "unauthenticated")
    problem(await kept.client.get(path), 401, "unauthenticated")


async def test_who_has_masks_is_given_masked_pages_and_noted(kept: Keeping) -> None:
    path = await timeline(kept)
    await tell(kept.database, [{"id": 20, "emails": [ANNA], "text": f"Write to {PEKKA}"}])
    whole = await kept.get(path)
    assert PEKKA in whole.text
    async with kept.database.unit() as session:
        desk = await keys.create(session, name="desk", scopes=[Scope.READ_CUSTOMERS], role=AccessRole.FRONT_DESK)
    for _ in range(2):
        masked = await kept.get(path, key=desk)
        assert masked.status_code == 200
        assert PEKKA not in masked.text
    async with kept.database.unit() as session:
        assert (await session.execute(text("select count(*) from audit where act = 'customer.read'"))).scalar_one() == 2
    assert (await kept.get(path)).text == whole.text


async def test_what_is_kept_counts_for_the_rate_limit(database: Database, parley: type[Parley]) -> None:
    await tell(database)
    async with keeping(database, rate_limit=5) as api:
        path = await timeline(api)
        answers = [await api.get(path) for _ in range(6)]
    assert [a.status_code for a in answers] == [200] * 5 + [429]
    left = [int(a.headers["ratelimit"].split("r=")[1].split(";")[0]) for a in answers[:5]]
    assert left == sorted(left, reverse=True)
    assert left[-1] == 0


async def test_without_the_database_nothing_is_given_from_memory(
    kept: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await timeline(kept)
    assert (await kept.get(path)).status_code == 200
    assert kept.cache.lookout._connection is not None
    kept.cache.lookout._connection.terminate()
    gone = Database("postgresql://nobody@127.0.0.1:9/none")
    monkeypatch.setattr(kept.cache.lookout, "database", gone)
    monkeypatch.setattr(kept.cache._api.state, "database", gone)
    problem(await kept.get(path), 503, "database_unavailable")


def page(customer: str, size: int = 0) -> _Page:
    return _Page(customer, [], b"x" * size)


def test_pages_asked_for_longest_ago_go_first_and_the_memory_keeps_its_bound() -> None:
    pages = Pages(most=5000)
    for number in range(4):
        pages.end(pages.begin(f"c{number}"), b"%d" % number, page(f"c{number}", 500))
    assert pages.held <= 5000
    assert [pages.find(b"%d" % n) is not None for n in range(4)] == [False, True, True, True]
    pages.find(b"1")
    pages.end(pages.begin("c4"), b"4", page("c4", 500))
    assert [pages.find(b"%d" % n) is not None for n in range(5)] == [False, True, False, True, True]
    pages.end(pages.begin("c5"), b"5", page("c5", 5000))
    assert pages.find(b"5") is None
    pages.hear(None)
    assert pages.held == 0


def test_a_page_whose_customer_changed_while_it_was_made_is_not_kept() -> None:
    pages = Pages(most=5000)
    making = pages.begin("c1")
    pages.hear(None)
    pages.end(making, b"1", page("c1"))
    assert pages.find(b"1") is None


async def test_a_pool_of_one_serves_pages_from_memory(database: Database, parley: type[Parley]) -> None:
    await tell(database)
    narrow = Database(database.url.render_as_string(hide_password=False), pool_size=1)
    async with keeping(narrow) as api:
        path = await timeline(api)
        answers = await asyncio.gather(*(api.get(path) for _ in range(20)))
    await narrow.close()
    assert {a.status_code for a in answers} == {200}
    assert len({a.text for a in answers}) == 1
    async with database.unit() as session:
        assert await sources.everything(session)
