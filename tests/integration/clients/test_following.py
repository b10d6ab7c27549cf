"""cxcore-client follows the service: page by page, what comes while it waits, and a position that is gone."""

import asyncio
from datetime import timedelta

import pytest

from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore.events.outbox import EventType as Told
from cxcore_client import Failed, Patience, PositionGone, connect, follow, follow_async
from cxcore_client.v1.models.event_type import EventType
from integration.api.test_changes_stream import pass_time
from support.calling import new_key
from support.sending import tell
from support.served import Service

ONCE = Patience(attempts=1)


def walk(service: Service, key: str, *, after: int | None, until: int) -> list[int]:
    """The numbers told of behind a position, up to one of them; followers of the sync kind hold their thread."""
    seen: list[int] = []
    with connect(service.url, key, patience=ONCE) as client:
        for page in follow(client, after=after, limit=2):
            seen += [event.data.to_dict()["number"] for event in page.events]
            if until in seen:
                break
    return seen


async def test_all_is_followed_and_what_comes_while_it_waits(service: Service, database: Database) -> None:
    await tell(database, *range(5))
    walking = asyncio.create_task(asyncio.to_thread(walk, service, await new_key(database), after=1, until=6))
    await asyncio.wait({walking}, timeout=0.5)
    assert not walking.done()
    await tell(database, 5, 6)
    async with asyncio.timeout(15):
        assert await walking == [1, 2, 3, 4, 5, 6]


async def test_an_empty_page_moves_on_behind_what_was_left_out(service: Service, database: Database) -> None:
    await tell(database, *range(3))
    async with connect(service.url, await new_key(database), patience=ONCE) as client:
        walked = follow_async(client, types=[EventType.CXCORE_DECISION_REVOKED], wait=0.2)
        quiet = await anext(walked)
        assert (quiet.events, quiet.next_) == ([], 3)
        await tell(database, 3, kind=Told.DECISION_REVOKED)
        page = quiet
        async with asyncio.timeout(15):
            while not page.events:
                page = await anext(walked)
        assert ([e.type_ for e in page.events], page.next_) == (["cxcore.decision.revoked"], 4)
    client.get_httpx_client().close()


async def test_a_position_that_is_gone_is_raised_and_one_begins_with_what_is_kept(
    service: Service, database: Database
) -> None:
    key = await new_key(database)
    await tell(database, *range(3))
    assert await asyncio.to_thread(walk, service, key, after=None, until=2) == [0, 1, 2]
    await pass_time(database, timedelta(days=31))
    await tell(database, 3)
    with pytest.raises(PositionGone, match="30 days") as caught:
        await asyncio.to_thread(walk, service, key, after=1, until=3)
    assert caught.value.position == 1
    assert await asyncio.to_thread(walk, service, key, after=None, until=3) == [3]


async def test_a_key_that_may_not_follow_is_refused(service: Service, database: Database) -> None:
    with pytest.raises(Failed, match="403 permission_denied"):
        await asyncio.to_thread(walk, service, await new_key(database, Scope.READ_CUSTOMERS), after=0, until=0)
