"""A list that leads backwards: long backlogs, kills in the middle, what the service forgets, what is hidden."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from cxconnectors.bluesky import Bluesky as Connector
from cxcore.sdk import AuthFailed, Gone, Page, Record, SourceUnavailable
from support.bluesky import DESK, PASSWORD, URL, Bluesky


def connector(bluesky: Bluesky, **more: Any) -> Connector:
    config = {"service": URL, "identifier": "@desk.example", "app_password": PASSWORD, "page": 4, **more}
    made = Connector.configured(config)
    made.transport = bluesky.transport()
    made.manifest = made.manifest.model_copy(update={"rate": None})  # type: ignore[misc]  # this one's
    return made


async def pulled(bluesky: Bluesky, stream: str, cursor: Any = None, **more: Any) -> list[Page]:
    return [page async for page in connector(bluesky, **more).pull(stream, cursor)]


def posts(found: list[Page]) -> list[Record]:
    return [record for page in found for record in page.records if record.place is not None]


def emptied(found: list[Page], record: Record) -> bool:
    """Whether the place of a record is told to be empty."""
    place = record.place
    assert place is not None
    gone = [each for page in found for each in page.gone if isinstance(each, Gone)]
    return any(each.scope == place.scope and each.first <= place.number <= each.last for each in gone)


async def test_what_comes_while_a_backlog_is_walked_is_not_missed(bluesky: Bluesky) -> None:
    guest = bluesky.person("guest")
    said = [bluesky.say(guest, f"old {n}") for n in range(20)]
    cursor, met = None, set()
    for _ in range(40):
        pulling = connector(bluesky).pull("mentions", cursor)
        page = await anext(pulling)
        await pulling.aclose()
        met |= {record.key for record in page.records}
        cursor = dict(page.cursor)
        if cursor["way"] is None and met >= {each.uri for each in said}:
            break
        if len(said) < 30:
            said.append(bluesky.say(guest, f"new {len(said)}"))
    assert met >= {each.uri for each in said}


async def test_an_idle_pull_asks_for_little_and_reads_a_day_again(bluesky: Bluesky) -> None:
    guest = bluesky.person("guest")
    old = bluesky.say(guest, "old", at=bluesky.now - timedelta(days=3))
    young = bluesky.say(guest, "young")
    cursor = (await pulled(bluesky, "mentions"))[-1].cursor
    bluesky.calls.clear()
    found = await pulled(bluesky, "mentions", cursor)
    assert {record.key for record in posts(found)} == {young.uri} != {old.uri}
    assert bluesky.calls == ["com.atproto.server.getSession", "app.bsky.notification.listNotifications"]


async def test_deletions_are_looked_for_when_it_is_time(bluesky: Bluesky) -> None:
    guest = bluesky.person("guest")
    said = [bluesky.say(guest, f"words {n}") for n in range(9)]
    first = await pulled(bluesky, "mentions")
    record = next(each for each in posts(first) if each.key == said[5].uri)
    bluesky.erase(said[5])
    assert not emptied(await pulled(bluesky, "mentions", first[-1].cursor), record)
    bluesky.now += timedelta(hours=2)
    later = await pulled(bluesky, "mentions", first[-1].cursor)
    assert emptied(later, record)
    assert not any(emptied(later, each) for each in posts(later))


async def test_who_is_muted_is_not_taken_for_deleted_and_others_are_seen_to_delete(bluesky: Bluesky) -> None:
    guest, rude = bluesky.person("guest"), bluesky.person("rude")
    bluesky.say(rude, "rude words")
    bluesky.say(guest, "words")
    first = await pulled(bluesky, "mentions", recheck_minutes=0)
    bluesky.muted.add(rude)
    cursor: Any = first[-1].cursor
    for _ in range(2):
        later = await pulled(bluesky, "mentions", cursor, recheck_minutes=0)
        assert not any(emptied(later, record) for record in posts(first))
        cursor = later[-1].cursor
    said = bluesky.say(guest, "a slip")
    later = await pulled(bluesky, "mentions", cursor, recheck_minutes=0)
    slip = next(record for record in posts(later) if record.key == said.uri)
    bluesky.erase(said)
    later = await pulled(bluesky, "mentions", later[-1].cursor, recheck_minutes=0)
    assert emptied(later, slip)
    assert not any(emptied(later, record) for record in posts(first))


async def test_own_posts_have_been_deleted_however_old_they_are(bluesky: Bluesky) -> None:
    guest = bluesky.person("guest")
    asked = bluesky.say(guest, "question", at=bluesky.now - timedelta(days=900))
    old = bluesky.say(DESK, "answer", answers=asked, at=bluesky.now - timedelta(days=800))
    bluesky.say(DESK, "another", answers=asked)
    first = await pulled(bluesky, "posts", recheck_minutes=0)
    bluesky.erase(old)
    later = await pulled(bluesky, "posts", first[-1].cursor, recheck_minutes=0)
    assert [emptied(later, record) for record in posts(first)] == [False, True]


async def test_a_walk_that_was_interrupted_tells_of_no_deletion(bluesky: Bluesky) -> None:
    guest = bluesky.person("guest")
    for n in range(12):
        bluesky.say(guest, f"words {n}")
    first = await pulled(bluesky, "mentions", recheck_minutes=0)
    pulling = connector(bluesky, recheck_minutes=0).pull("mentions", first[-1].cursor)
    page = await anext(pulling)
    await pulling.aclose()
    rest = await pulled(bluesky, "mentions", page.cursor, recheck_minutes=0)
    assert not any(each.gone for each in rest)


async def test_a_cursor_that_the_service_forgot_begins_the_walk_anew(bluesky: Bluesky) -> None:
    guest = bluesky.person("guest")
    said = [bluesky.say(guest, f"words {n}") for n in range(12)]
    pulling = connector(bluesky).pull("mentions", None)
    page = await anext(pulling)
    await pulling.aclose()
    refusals = [httpx2.Response(400, json={"error": "InvalidRequest", "message": "Malformed cursor"})]
    bluesky.before = lambda nsid: refusals.pop() if refusals and nsid.endswith("listNotifications") else None
    found = await pulled(bluesky, "mentions", page.cursor)
    assert {record.key for record in posts(found)} == {each.uri for each in said}


async def test_a_token_that_ran_out_is_renewed_without_signing_in_again(bluesky: Bluesky) -> None:
    bluesky.say(bluesky.person("guest"), "words")
    await pulled(bluesky, "mentions")
    expired = [httpx2.Response(400, json={"error": "ExpiredToken", "message": "Token has expired"})]
    bluesky.before = lambda nsid: expired.pop() if expired else None
    assert posts(await pulled(bluesky, "mentions"))
    assert (bluesky.signed_in, bluesky.token) == (1, 2)


@pytest.mark.parametrize(
    ("error", "words"),
    [("AccountTakedown", "taken down"), ("AuthFactorTokenRequired", "second factor"), ("X", "refuses the account")],
)
async def test_why_an_account_cannot_sign_in_is_told(bluesky: Bluesky, error: str, words: str) -> None:
    bluesky.before = lambda nsid: httpx2.Response(401, json={"error": error, "message": "…"})
    with pytest.raises(AuthFailed, match=words):
        await pulled(bluesky, "mentions")


async def test_a_list_in_circles_and_answers_of_another_kind_fail_the_pull(bluesky: Bluesky) -> None:
    bluesky.say(bluesky.person("guest"), "words")
    for body in ({"notifications": [], "cursor": "same"}, {"notifications": 5}, [], {"records": []}):
        bluesky.before = lambda nsid, body=body: (  # type: ignore[misc]  # the loop's
            httpx2.Response(200, json=body) if nsid.endswith("listNotifications") else None
        )
        with pytest.raises(SourceUnavailable):
            await pulled(bluesky, "mentions")
