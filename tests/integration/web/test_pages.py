"""Pages: finding a customer and reading what happened with them, whatever sources wrote into it."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import httpx2
import pytest

from cxcore.db.session import Database
from cxcore.pull import gaps, sources
from cxcore.resolve import decisions
from cxcore.sdk import Gap
from cxcore.timeline import cursor
from cxcore.timeline.query import Position
from support.browsing import ALLOWED_URL, HOSTILE, found, hits, page
from support.calling import CURSOR_KEY
from support.consistency import rows
from support.html import read
from support.parley import T0, Parley
from support.story import ANNA, LIISA, PEKKA, tell, who

UNNAMED = "select customer_id from link l join profile p on p.id = l.profile_id where p.name is null"


@pytest.fixture
async def anna(database: Database, parley: type[Parley]) -> UUID:
    await tell(database)
    return await who(database, ANNA)


# a customer


async def test_a_page_holds_all_channels_in_one_stream(browser: httpx2.AsyncClient, anna: UUID) -> None:
    result = await page(browser, f"/customers/{anna}")
    lines = result.all("li", "line")
    assert [(e.attributes["class"] or "").split()[1] for e in lines] == ["email", "purchase", "phone", "chat", "email"]
    for n, line in zip((5, 4, 3, 2, 1), lines, strict=True):
        assert f"message {n}" in line.text
    assert result.all("h1")[0].text == "Anna Mäkinen"
    assert result.all("title")[0].text == "Anna Mäkinen · cxcore"
    assert "2:05" in lines[2].text
    assert "items bed, breakfast" in lines[1].text
    assert "total 99.5" in lines[1].text
    assert "> Hello" in lines[4].text
    times = [e.attributes["datetime"] for e in result.all("time")]
    assert times[-1] == "2026-03-01T12:00:01+00:00"
    assert result.all("time")[-1].text == "14:00"


async def test_a_page_says_who_it_is_how_to_reach_them_and_why_they_are_one(
    browser: httpx2.AsyncClient, anna: UUID
) -> None:
    [side] = (await page(browser, f"/customers/{anna}")).all("aside")
    for words in ("Customer since 2026", "3 profiles in 1 systems", ANNA, "+358 40 1234567", "same e-mail address",
                  "same phone number"):  # fmt: skip
        assert words in side.text


async def test_a_page_says_what_a_source_cannot_give_any_more(
    browser: httpx2.AsyncClient, anna: UUID, database: Database
) -> None:
    lost = Gap(T0 - timedelta(days=2), T0 - timedelta(days=1), "the server keeps <a day>")
    async with database.unit() as session:
        [source] = await sources.everything(session)
        await gaps.note(session, source_id=source.id, stream="messages", found=[lost])
    [coverage] = (await page(browser, f"/customers/{anna}")).all("details", "coverage")
    for words in ("missing: 27.2.2026 14:00", "28.2.2026 14:00: the server keeps <a day>"):
        assert words in coverage.text


async def test_a_page_says_how_complete_it_is(browser: httpx2.AsyncClient, anna: UUID, database: Database) -> None:
    await tell(database, [{"id": 92, "poison": "rejected"}])
    [coverage] = (await page(browser, f"/customers/{anna}")).all("details", "coverage")
    assert "complete to 1.3.2026" in coverage.text
    assert "1 set aside" in coverage.text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", [5, 4, 3, 2, 1]),
        ("?channel=email", [5, 1]),
        ("?channel=email&channel=phone", [5, 3, 1]),
        ("?direction=outbound", [5]),
        ("?channel=email&direction=inbound", [1]),
        ("?channel=visit", []),
        ("?channel=nonsense", [5, 4, 3, 2, 1]),
        ("?nonsense=1", [5, 4, 3, 2, 1]),
    ],
)
async def test_a_filter_shows_what_it_says(
    browser: httpx2.AsyncClient, anna: UUID, query: str, shown: list[int]
) -> None:
    result = await page(browser, f"/customers/{anna}{query}")
    texts = [e.text for e in result.classed("text") if "message" in e.text]
    assert texts == [f"message {n}" for n in shown]
    if not shown:
        assert "Nothing here" in result.text


async def test_the_filters_count_and_mark_what_is_shown(browser: httpx2.AsyncClient, anna: UUID) -> None:
    result = await page(browser, f"/customers/{anna}?channel=email")
    [nav] = result.all("nav", "filters")
    assert nav.text == "All 5 Chat 1 Phone 1 E-mail 2 Purchases 1"
    [here] = [e for e in result.all("a") if e.attributes.get("aria-current") == "page"]
    assert here.attributes["href"] == "?channel=email"


async def test_older_ones_stand_on_further_pages(browser: httpx2.AsyncClient, anna: UUID, database: Database) -> None:
    await tell(database, [{"id": 100 + n, "at": -3600 * n, "emails": [ANNA], "text": f"old {n}"} for n in range(130)])
    seen: list[str] = []
    path: str | None = f"/customers/{anna}?direction=inbound"
    pages = 0
    while path:
        result = await page(browser, path)
        seen += [e.attributes["id"] or "" for e in result.all("li", "line")]
        links = [e.attributes["href"] for e in result.all("a") if e.attributes.get("id") == "older"]
        assert (pages > 0) == any("Newest" in e.text for e in result.all("a"))
        path = links[0] if links else None
        assert path is None or "direction=inbound" in path
        pages += 1
    assert (pages, len(seen), len(set(seen))) == (3, 134, 134)


@pytest.mark.parametrize("wrong", ["x", "", "%00", "%ED%A0%80", "a" * 3000])
async def test_a_position_that_is_not_ours_is_an_error_page(
    browser: httpx2.AsyncClient, anna: UUID, wrong: str
) -> None:
    answer = await browser.get(f"/customers/{anna}?cursor={wrong}")
    if not wrong:
        assert answer.status_code == 200
        return
    assert answer.status_code == 422
    assert "The cursor is not one of ours." in read(answer.text).text


async def test_a_position_of_ours_works_as_long_as_the_key(browser: httpx2.AsyncClient, anna: UUID) -> None:
    here = cursor.encode(Position(T0.replace(second=3), UUID(int=0)), key=CURSOR_KEY)
    result = await page(browser, f"/customers/{anna}?cursor={here}")
    assert [e.text for e in result.classed("text")][:2] == ["message 2", "message 1"]


@pytest.mark.parametrize("path", [f"/customers/{UUID(int=9)}", "/customers/nobody", "/customers/", "/nothing"])
async def test_what_does_not_exist_is_an_error_page(browser: httpx2.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert answer.status_code == 404
    result = read(answer.text)
    assert "That did not work" in result.text
    assert [e.text for e in result.all("a") if e.attributes["href"] == "/"][-1] == "Back to search"


async def test_a_merged_customers_address_leads_to_the_living_one(
    browser: httpx2.AsyncClient, anna: UUID, database: Database
) -> None:
    ids = [anna, await who(database, PEKKA)]
    async with database.unit() as session:
        made = await decisions.merge(session, customers=ids, actor="t", reason="<b>same</b> voice")
    [one] = made.customers
    [old] = set(ids) - {one}
    for writing in (str(old), str(old).upper()):
        answer = await browser.get(f"/customers/{writing}")
        assert answer.status_code in {307, 404}
        if answer.status_code == 307:
            assert answer.headers["location"] == f"/customers/{one}"
    result = await page(browser, f"/customers/{one}")
    assert "<b>same</b> voice" in result.text
    assert "a person decided: the same" in result.text


async def test_a_customer_without_a_name_is_shown_all_the_same(
    browser: httpx2.AsyncClient, anna: UUID, database: Database
) -> None:
    await tell(database, [{"id": 93, "emails": ["quiet@x.example"]}])
    [customer] = hits(await found(browser, "quiet@x.example"))
    result = await page(browser, f"/customers/{customer}")
    assert result.all("h1")[0].text == "No name known"


@pytest.mark.parametrize(
    "attributes",
    [
        {"items": ["bed", {"size": 2}]},
        {"flags": "vip"},
        {"flags": [1, None]},
        {"attachments": "one"},
        {"attachments": ["a.pdf"]},
        {"link": {"href": "x"}},
        {"deep": {"er": {"est": [None, True]}}},
        {"": ""},
    ],
    ids=str,
)
async def test_no_attribute_of_a_source_breaks_the_page(
    browser: httpx2.AsyncClient, anna: UUID, database: Database, attributes: dict[str, Any]
) -> None:
    await tell(database, [{"id": 94, "emails": [ANNA], "attributes": attributes}])
    assert len((await page(browser, f"/customers/{anna}")).all("li", "line")) == 6


# languages


WORDS = {
    "en": ("Search", "Sign out", "E-mail", "from customer", "Older", "March", "1 Mar 2026", "Nobody found"),
    "fi": ("Hae", "Kirjaudu ulos", "Sähköposti", "asiakkaalta", "", "", "1. maaliskuuta 2026", "Ketään ei löytynyt"),
    "sv": ("Sök", "Logga ut", "E-post", "från kunden", "", "", "1 mars 2026", "Ingen hittades"),
}


@pytest.mark.parametrize("language", WORDS)
async def test_a_page_speaks_the_readers_language(browser: httpx2.AsyncClient, anna: UUID, language: str) -> None:
    headers = {"Accept-Language": f"{language}-FI,{language};q=0.9,de;q=0.5"}
    words = WORDS[language]
    result = await page(browser, f"/customers/{anna}", headers=headers)
    assert result.all("html")[0].attributes["lang"] == language
    for word in (*words[:4], words[6]):
        assert word in result.text
    assert "message 1" in result.text  # what people wrote is not translated
    assert words[7] in (await found(browser, "virtanen", headers=headers)).text


# addresses


async def test_no_address_on_any_page_holds_personal_data(
    browser: httpx2.AsyncClient, anna: UUID, database: Database
) -> None:
    await tell(database, [{"id": 300 + n, "name": "Anna Mäkinen", "emails": [ANNA], "at": n} for n in range(60)])
    pages = [
        await page(browser, "/"),
        await found(browser, "Mäkinen 0401234567"),
        await found(browser, LIISA),
        await page(browser, f"/customers/{anna}"),
        await page(browser, f"/customers/{anna}?channel=chat&direction=inbound"),
        read((await browser.get("/nothing")).text),
        read((await browser.get("/sign-in")).text),
    ]
    for result in pages:
        for address in result.addresses():
            assert ALLOWED_URL.fullmatch(address) or address == "/sign-in", address
            assert not re.search("anna|kinen|kotiposti|@|1234567", unquote(address), re.IGNORECASE)


async def test_a_post_to_another_site_is_only_linked_when_the_source_says_so(
    browser: httpx2.AsyncClient, anna: UUID, database: Database
) -> None:
    await tell(database, [{"id": 95, "emails": [ANNA], "attributes": {"link": "https://blog.example/post/1"}}])
    [link] = [e for e in (await page(browser, f"/customers/{anna}")).all("a") if "blog" in (e.attributes["href"] or "")]
    assert {"noopener", "noreferrer", "nofollow"} <= set((link.attributes["rel"] or "").split())


@pytest.mark.parametrize(
    "words", [("en", "Perhaps also", "Could be"), ("fi", "Ehkä myös", "Voisi olla"), ("sv", "Kanske även", "Kan vara")]
)
async def test_an_unresolved_contact_and_whose_it_could_be_lead_to_each_other(
    browser: httpx2.AsyncClient, database: Database, parley: type[Parley], words: tuple[str, str, str]
) -> None:
    language, also, could = words
    shared = {"phones": ["040 2222222"]}
    await tell(
        database,
        [
            {"id": 1, "name": "Anna Virtanen", "emails": [ANNA], **shared},
            {"id": 2, "name": HOSTILE[0], "emails": [PEKKA], **shared},
            {"id": 3, "name": "Onni Berg", "emails": [LIISA], **shared},
            {"id": 9, "channel": "phone", "kind": "call", **shared},
        ],
    )
    [caller] = {r.customer_id for r in await rows(database, UNNAMED)}
    anna = await who(database, ANNA)
    headers = {"accept-language": language}
    theirs = await page(browser, f"/customers/{anna}", headers=headers)
    assert also in theirs.text
    assert could not in theirs.text
    assert f"/customers/{caller}" in {e.attributes.get("href") for e in theirs.all("a")}
    assert "+358 40 2222222" in theirs.text
    contact = await page(browser, f"/customers/{caller}", headers=headers)
    assert could in contact.text
    assert "Anna Virtanen" in contact.text
    assert "Onni Berg" in contact.text
    assert f"/customers/{anna}" in {e.attributes.get("href") for e in contact.all("a")}
