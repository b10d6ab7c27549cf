"""The search page: finding a customer, whatever is typed and whatever sources wrote."""

from uuid import UUID

import httpx2
import pytest

from cxcore.db.session import Database
from support.browsing import ALLOWED_URL, HOSTILE, found, hits, page
from support.html import read
from support.parley import Parley
from support.story import ANNA, tell, who


@pytest.fixture
async def anna(database: Database, parley: type[Parley]) -> UUID:
    await tell(database)
    return await who(database, ANNA)


async def test_the_start_is_one_box(browser: httpx2.AsyncClient) -> None:
    result = await page(browser, "/")
    forms = [e.attributes for e in result.all("form") if e.attributes["action"] == "/search"]
    assert all(f["method"] == "post" for f in forms)
    assert len(forms) == 2


@pytest.mark.parametrize("query", ["mäkinen", "Makinen, Anna", "0401234567", "4567", ANNA, " anna  mäkinen "])
async def test_a_customer_is_found(browser: httpx2.AsyncClient, anna: UUID, query: str) -> None:
    result = await found(browser, query)
    assert hits(result) == [str(anna)]
    assert "1 customer found" in result.text
    assert "Anna Mäkinen" in result.text
    assert "+358 40 1234567" in result.text
    [box] = [e for e in result.all("input") if e.attributes["name"] == "query"]
    assert box.attributes["value"] == query.strip()


async def test_who_is_not_there_is_not_found_and_told_what_to_try(browser: httpx2.AsyncClient, anna: UUID) -> None:
    result = await found(browser, "virtanen")
    assert hits(result) == []
    assert "Nobody found" in result.text


@pytest.mark.parametrize("query", ["", "  ", "\n"])
async def test_an_empty_query_leads_back(browser: httpx2.AsyncClient, query: str) -> None:
    answer = await browser.post("/search", data={"query": query})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize(
    "query",
    [*HOSTILE, "\x00", "anna\x00", "☎", "%", "_", "'; drop table link; --", "\u202eanna", "a" * 5000, "@", "0" * 300],
)
async def test_no_query_breaks_the_search_or_comes_back_alive(
    browser: httpx2.AsyncClient, anna: UUID, query: str
) -> None:
    result = await found(browser, query)
    assert {e.tag for e in result.elements} <= {*SEARCH_TAGS}
    [box] = [e for e in result.all("input") if e.attributes["name"] == "query"]
    assert len(box.attributes["value"] or "") <= 200


SEARCH_TAGS = {"html", "head", "meta", "title", "link", "script", "body", "header", "nav", "a", "img", "span", "form", "label",
               "input", "button", "main", "section", "h1", "p", "ol", "li", "strong"}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_names_are_shown_as_they_are_and_do_nothing(
    browser: httpx2.AsyncClient, anna: UUID, database: Database, name: str
) -> None:
    hostile = {
        "subject": name,
        "text": f"{name} in text",
        "quoted": name,
        "attributes": {name[:20]: name, "link": name},
    }
    await tell(database, [{"id": 90, "name": name, "emails": ["hostile@x.example"], **hostile}])
    result = await found(browser, "hostile@x.example")
    [customer] = hits(result)
    assert {e.tag for e in result.elements} <= SEARCH_TAGS
    assert len(result.all("script")) == 1
    shown = await page(browser, f"/customers/{customer}")
    assert len(shown.all("script")) == 1
    assert shown.all("h1")[0].text == " ".join(name.split())
    assert shown.all("h3")[0].text == " ".join(name.split())
    assert not any(attribute.startswith("on") for e in shown.elements for attribute in e.attributes)
    assert all(ALLOWED_URL.fullmatch(address) for address in shown.addresses())


async def test_names_that_turn_the_text_around_do_not_turn_what_is_beside_them(
    browser: httpx2.AsyncClient, anna: UUID, database: Database
) -> None:
    """Written out, so that nobody reads what is not there."""
    await tell(database, [{"id": 91, "name": "Anna\u202egnp.exe", "emails": ["bidi@x.example"]}])
    result = await found(browser, "bidi@x.example")
    assert result.all("strong")[0].text == "Anna\\u202egnp.exe"
    shown = await browser.get(f"/customers/{hits(result)[0]}")
    assert read(shown.text).all("h1")[0].text == "Anna\\u202egnp.exe"
    assert "\u202e" not in shown.text
