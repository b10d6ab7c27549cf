"""Comments that come, go and change while they are read, and what of them is landed."""

from datetime import timedelta
from typing import Any

import pytest

from cxconnectors.wordpress import WordPress as Connector
from cxcore.model.interaction import Direction, Interaction
from cxcore.sdk import Gone, Page, Record, RecordRejected, SourceUnavailable
from support.wordpress import USER
from support.wordpress_site import Site


def connector(site: Site, **more: Any) -> Connector:
    config = {"url": site.url, "user": USER, "app_password": site.password, "own_users": [1], "page": 4, **more}
    made = Connector.configured(config)
    made.transport = site.transport()
    return made


async def pulled(site: Site, cursor: Any = None, **more: Any) -> list[Page]:
    return [page async for page in connector(site, **more).pull("comments", cursor)]


def versions(found: list[Page]) -> list[Record]:
    return [record for page in found for record in page.records if record.place is None]


def emptied(found: list[Page], record: Record) -> bool:
    """Whether the place of a comment is told to be empty."""
    place = record.place
    assert place is not None
    gone = [each for page in found for each in page.gone if isinstance(each, Gone)]
    return any(each.first <= place.number <= each.last for each in gone)


@pytest.fixture
def site() -> Site:
    made = Site()
    for n in range(20):
        made.comment(4, f"Guest{n}", f"words {n}")
    return made


async def test_a_comment_erased_between_two_pages_hides_no_other(site: Site) -> None:
    met: set[str] = set()
    erased = iter((2, 6, 7))
    async for page in connector(site).pull("comments", None):
        met |= {record.key for record in page.records}
        if (number := next(erased, None)) is not None:
            site.erase(number)
    assert met >= {str(number) for number in site.comments}
    assert len(site.comments) == 17


async def test_comments_that_vanish_at_every_page_fail_the_pull_for_now(site: Site) -> None:
    async def vanishing() -> None:
        async for page in connector(site).pull("comments", None):
            site.erase(int(page.records[-1].key))
            for n in range(6):
                site.comment(4, "Guest", f"more {n}")

    with pytest.raises(SourceUnavailable, match="change too fast"):
        await vanishing()


async def test_each_comment_comes_as_a_version_and_as_a_place(site: Site) -> None:
    found = await pulled(site)
    places = [record for page in found for record in page.records if record.place is not None]
    assert [record.key for record in versions(found)] == [record.key for record in places]
    assert len({record.place for record in places}) == 20
    assert len(str(found[-1].cursor)) < 300


async def test_edits_and_erasures_of_the_last_weeks_are_looked_for_when_it_is_time(site: Site) -> None:
    first = await pulled(site)
    site.now += timedelta(days=10)
    site.comment(4, "Anna", "much later")
    cursor = (await pulled(site, first[-1].cursor))[-1].cursor
    site.erase(3)
    site.change(5, content="other words")
    at_once = await pulled(site, cursor)
    assert [record.key for record in versions(at_once)] == ["21"]
    site.now += timedelta(hours=2)
    later = await pulled(site, cursor)
    records = {record.key: record for page in first for record in page.records if record.place is not None}
    assert [key for key in records if emptied(later, records[key])] == ["3"]
    assert {"5", "21"} < {record.key for record in versions(later)}
    site.now += timedelta(days=40)
    site.erase(8)
    long_after = await pulled(site, later[-1].cursor)
    assert not any(emptied(long_after, record) for record in records.values()), "older than recheck_days"


async def test_a_comment_from_the_future_hides_none(site: Site) -> None:
    site.comment(4, "Odd", "tomorrow", date_gmt="2099-01-01T00:00:00")
    cursor = (await pulled(site))[-1].cursor
    new = site.comment(4, "Anna", "today")
    assert str(new) in {record.key for record in versions(await pulled(site, cursor))}


async def test_an_answer_says_whom_it_answers_also_from_another_page(site: Site) -> None:
    first = site.comment(4, "Anna", "hello")
    for n in range(6):
        site.comment(4, "Bo", f"between {n}")
    answer = site.comment(4, "Desk", "good morning", author=1, parent=first)
    made = connector(site)
    (record,) = [record for record in versions(await pulled(site)) if record.key == str(answer)]
    (found,) = made.map(record)
    assert isinstance(found, Interaction)
    assert (found.direction, found.customers[0].name) == (Direction.OUTBOUND, "Anna")
    assert found.customers[0].identifiers[0].value == "anna@home.example"
    assert [each.name for each in found.participants] == ["Desk"]
    alone = site.comment(4, "Desk", "to nobody", author=1)
    (record,) = [record for record in versions(await pulled(site)) if record.key == str(alone)]
    assert list(made.map(record)) == []


async def test_a_user_keeps_the_id_and_a_guest_is_whom_the_comment_shows(site: Site) -> None:
    words, blog = "<p>Hi<script>x()</script></p>", "https://bo.example/blog"
    user = site.comment(4, "Bo &amp; co", words, author=7, author_url=blog, author_email="bo@home.example")
    (record,) = [record for record in versions(await pulled(site)) if record.key == str(user)]
    (found,) = connector(site).map(record)
    assert isinstance(found, Interaction)
    who = found.customers[0]
    assert (who.key, who.name, found.text, found.subject) == ("user 7", "Bo & co", "Hi", "A & B")
    assert [(each.issuer, each.value) for each in who.identifiers] == [
        ("blog.example", "7"),
        ("", "bo@home.example"),
        ("web", "bo.example/blog"),
    ]


@pytest.mark.parametrize(
    "payload", [b"x", None, [], {}, {"html": 5}, {"html": "x"}, {"html": "x", "date_gmt": "never"}], ids=range(7)
)
def test_what_is_no_comment_is_rejected(site: Site, payload: Any) -> None:
    with pytest.raises(RecordRejected):
        list(connector(site).map(Record("comments", "k", payload)))
