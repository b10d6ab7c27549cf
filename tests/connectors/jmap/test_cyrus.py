"""jmap on a real Cyrus: accounts that are shared, folders by name and role, refusals, groups of mails."""

from typing import Any

import pytest

from cxconnectors.jmap import Jmap
from cxcore.sdk import AuthFailed, Page, Record, SourceUnavailable
from support.cyrus import Account, Cyrus
from support.mails import mail


@pytest.fixture
def post(cyrus: Cyrus) -> Account:
    return cyrus.account()


async def pulled(config: dict[str, Any], cursor: Any = None) -> list[Page]:
    return [page async for page in Jmap.configured(config).pull("mails", cursor)]


def records(found: list[Page]) -> list[Record]:
    return [record for page in found for record in page.records]


def payloads(found: list[Page]) -> set[Any]:
    return {record.payload for record in records(found)}


async def test_a_shared_account_is_read_beside_the_own(post: Account, cyrus: Cyrus) -> None:
    sales = cyrus.account()
    sales.share(post)
    post.append(mail(1), mail(2))
    sales.append(mail(2), mail(3))
    both = {**post.config, "accounts": [post.user, sales.user], "folders": ["INBOX"]}
    found = await pulled(both)
    assert payloads(found) == {mail(1), mail(2), mail(3)}
    assert len({record.key for record in records(found)}) == 3
    assert len({record.place for record in records(found)}) == 4
    assert f"{sales.user}: 2 mails in Inbox" in await Jmap.configured({**both, "accounts": ["*"]}).check()
    assert payloads(await pulled(post.config)) == {mail(1), mail(2)}
    sales.append(mail(4))
    assert payloads(await pulled(both, found[-1].cursor)) == {mail(4)}


async def test_an_account_that_is_not_there_is_named(post: Account) -> None:
    post.append(mail(1))
    found = await pulled({**post.config, "accounts": [post.user, "nobody"]})
    assert payloads(found) == {mail(1)}
    assert "There is no account nobody." in [note for page in found for note in page.notes]
    with pytest.raises(SourceUnavailable, match="None of the accounts"):
        await pulled({**post.config, "accounts": ["nobody"]})


async def test_folders_are_followed_by_role_by_name_below_others_and_all(post: Account) -> None:
    post.create("Tilaukset & muut")
    post.create("2026", "Tilaukset & muut")
    post.append(mail(1))
    post.append(mail(2), box="sent")
    post.append(mail(3), box="2026")
    post.append(mail(4), box="trash")
    post.append(mail(5), draft=True)
    assert payloads(await pulled(post.config)) == {mail(1), mail(2)}
    found = await pulled({**post.config, "folders": ["Tilaukset & muut/2026"]})
    assert payloads(found) == {mail(3)}
    assert "Tilaukset" not in str([(page.cursor, [r.place for r in page.records]) for page in found])
    assert payloads(await pulled({**post.config, "folders": ["*"]})) == {mail(1), mail(2), mail(3)}


async def test_a_folder_that_is_not_there_is_named(post: Account) -> None:
    config = {**post.config, "folders": ["INBOX", "Nowhere"]}
    with pytest.raises(SourceUnavailable, match="no folder Nowhere"):
        await Jmap.configured(config).check()
    post.append(mail(1))
    found = await pulled(config)
    assert payloads(found) == {mail(1)}
    assert "There is no folder Nowhere." in [note for page in found for note in page.notes]
    with pytest.raises(SourceUnavailable, match="None of the folders"):
        await pulled({**post.config, "folders": ["Nowhere"]})


async def test_a_wrong_password_asks_for_a_person(post: Account) -> None:
    with pytest.raises(AuthFailed, match="refuses the credentials"):
        await Jmap.configured({**post.config, "password": "ä wrong one"}).check()


async def test_nothing_becomes_seen_by_being_read(post: Account) -> None:
    (one,) = post.append(mail(1))
    await pulled(post.config)
    assert post.call("Email/get", ids=[one], properties=["keywords"])["list"][0]["keywords"] == {}


async def test_many_mails_of_one_second_are_listed_once_each(post: Account) -> None:
    """More than a page arrived at the same time, and one of them is deleted between two pages."""
    ids = post.append(*(mail(n) for n in range(12)))
    config = {**post.config, "limits": {"page_records": 4}}
    pulling = Jmap.configured(config).pull("mails", None)
    first = await anext(pulling)
    await pulling.aclose()  # type: ignore[attr-defined]  # an async generator
    last = next(
        i for i in ids if post.call("Email/get", ids=[i], properties=["blobId"]) and is_of(post, i, first.records[-1])
    )
    post.destroy(last)
    rest = await pulled(config, first.cursor)
    assert payloads([first, *rest]) == {mail(n) for n in range(12)}


def is_of(post: Account, email: str, record: Record) -> bool:
    blob = post.call("Email/get", ids=[email], properties=["blobId"])["list"][0]["blobId"]
    return post.raw(blob) == record.payload


async def test_changes_come_in_pages_that_move_the_cursor(post: Account) -> None:
    cursor = (await pulled(post.config))[-1].cursor
    post.append(*(mail(n, "x" * 40_000) for n in range(6)))
    config = {**post.config, "limits": {"page_bytes": 100_000}}
    found = await pulled(config, cursor)
    assert payloads(found) == {mail(n, "x" * 40_000) for n in range(6)}
    states = [str(page.cursor) for page in found if page.records]
    assert len(states) == len(set(states)) >= 3
    assert max(len(page.records) for page in found) == 2


async def test_a_server_without_push_has_no_news(post: Account) -> None:
    """Cyrus names an address for events and answers it with 204."""
    cursor = (await pulled(post.config))[-1].cursor
    connector = Jmap.configured(post.config)
    post.append(mail(1))
    await connector.watch("mails", cursor)
