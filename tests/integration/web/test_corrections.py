"""Why a value is shown, and putting it right, on the customer's page."""

from typing import Any
from uuid import UUID

import httpx2
import pytest

from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore.resolve import chains
from cxcore.resolve.fields import Field
from cxcore.resolve.rules import Rule
from cxcore.web.app import create
from support.calling import CURSOR_KEY, calling, new_key
from support.consistency import rows
from support.html import Page, read
from support.parley import Parley
from support.story import ANNA, LIISA, tell, who

STORY: list[dict[str, Any]] = [
    {"id": 1, "who": "a1", "name": "Anna Mäkinen", "emails": [ANNA], "language": "fi"},
    {"id": 2, "who": "a2", "name": "Anna Mäkinen", "emails": [ANNA], "phones": ["040 1234567"], "language": "fi"},
    {"id": 3, "who": "a3", "name": "Anna Salo", "emails": [ANNA, "aa@x.example"], "language": "sv"},
    {"id": 4, "name": "Anna Salo", "emails": [LIISA], "phones": ["040 7654321"]},
]
FORM = {"field": "name", "value": "Anna-Maria Salo", "reason": "saw the passport"}


@pytest.fixture
async def anna(database: Database, parley: type[Parley]) -> UUID:
    await tell(database, STORY)
    return await who(database, ANNA)


async def page(browser: httpx2.AsyncClient, customer: UUID, **kwargs: Any) -> Page:
    answer = await browser.get(f"/customers/{customer}", **kwargs)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


async def test_each_main_value_says_why_it_is_shown(browser: httpx2.AsyncClient, anna: UUID) -> None:
    said = [e.text for e in (await page(browser, anna)).all("details", "because")]
    assert [s.split(maxsplit=4)[:3] for s in said] == [["Why", "this", "value?"]] * 4
    name, email, phone, language = said
    assert "Name most frequent rules: most frequent parley1 · 2 profiles · seen 1.3.2026 14:00" in name
    assert "Instead of Anna Salo parley1 · seen 1.3.2026 14:00 · lost by: most frequent" in name
    assert "rules: verified → most frequent → newest" in email
    assert "aa@x.example" in email
    assert "the only value" in phone
    assert "Instead of sv" in language


@pytest.mark.parametrize(
    ("language", "words"),
    [("fi", ("Miksi tämä arvo?", "yleisin", "Korjaa tieto")), ("sv", ("Varför detta värde?", "vanligast", "Rätta"))],
)
async def test_it_is_said_in_the_readers_language(
    browser: httpx2.AsyncClient, anna: UUID, language: str, words: tuple[str, ...]
) -> None:
    shown = (await page(browser, anna, headers={"Accept-Language": language})).text
    assert [w for w in words if w not in shown] == []


async def test_the_main_address_stands_first_and_stored_rules_choose_it(
    browser: httpx2.AsyncClient, anna: UUID, database: Database
) -> None:
    def first(result: Page) -> str:
        return result.all("ul", "reach")[0].text.split()[0]

    assert first(await page(browser, anna)) == ANNA
    async with database.unit() as session:
        for field in (Field.EMAIL, Field.NAME):
            await chains.put(session, field, wanted=[Rule.NEWEST], sources=[], actor="t")
    result = await page(browser, anna)
    assert first(result) == "aa@x.example"
    assert result.all("h1")[0].text == "Anna Salo"
    found = read((await browser.post("/search", data={"query": ANNA})).text)
    assert found.all("strong")[0].text == "Anna Salo"
    assert found.classed("contacts")[0].text.split()[0] == "aa@x.example"


async def test_a_correction_is_kept_shown_and_taken_back(
    browser: httpx2.AsyncClient, anna: UUID, database: Database
) -> None:
    before = (await browser.get(f"/customers/{anna}")).text
    answer = await browser.post(f"/customers/{anna}/corrections", data=FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/customers/{anna}")
    result = await page(browser, anna)
    assert result.all("h1")[0].text == "Anna-Maria Salo"
    why = result.all("details", "because")[0].text
    assert "corrected by a person saw the passport (key:" in why
    assert "Instead of Anna Mäkinen" in why
    [back] = [a for a in result.addresses() if a.startswith("/corrections/")]
    assert (await browser.post(back)).headers["location"] == f"/customers/{anna}"
    assert (await browser.get(f"/customers/{anna}")).text == before
    assert (await browser.post(back)).status_code == 409
    [row] = await rows(database, "select actor, revoked_by from correction")
    assert row.actor == row.revoked_by


async def test_an_address_only_a_person_knows_stands_first(browser: httpx2.AsyncClient, anna: UUID) -> None:
    await browser.post(f"/customers/{anna}/corrections", data=FORM | {"field": "phone", "value": "050 1234567"})
    reach = (await page(browser, anna)).all("ul", "reach")[0].text
    assert reach.index("+358 50 1234567") < reach.index("+358 40 1234567")
    assert "corrected by a person" in reach


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"field": "birth_date", "value": "31.12.1980"}, "as 1980-12-31"),
        ({"field": "phone", "value": '"><script>alert(1)</script>'}, "+358 40 1234567"),
        ({"value": " "}, "letters"),
        ({"reason": ""}, "how you know"),
    ],
)
async def test_what_is_no_value_is_asked_for_again(
    browser: httpx2.AsyncClient, anna: UUID, database: Database, change: dict[str, str], said: str
) -> None:
    answer = await browser.post(f"/customers/{anna}/corrections", data=FORM | change)
    assert answer.status_code == 422
    result = read(answer.text)
    assert said in result.all("p", "wrong")[0].text
    assert len(result.all("script")) == 1
    typed = {e.attributes["name"]: e.attributes["value"] for e in result.all("input") if "required" in e.attributes}
    assert typed == {"value": (FORM | change)["value"], "reason": (FORM | change)["reason"]}
    [chosen] = [e.attributes["value"] for e in result.all("option") if "selected" in e.attributes]
    assert chosen == (FORM | change)["field"]
    assert not await rows(database, "select 1 from correction")
    beyond = await browser.get(f"/customers/{anna}/corrections?channel=email")  # a filter of the page that refused
    assert (beyond.status_code, beyond.headers["location"]) == (303, f"/customers/{anna}?channel=email")


async def test_a_form_that_makes_no_sense_corrects_nothing(
    browser: httpx2.AsyncClient, anna: UUID, database: Database
) -> None:
    path = f"/customers/{anna}/corrections"
    assert (await browser.post(path, data=FORM | {"field": "shoe_size"})).status_code == 400
    assert (await browser.post(f"/customers/{UUID(int=1)}/corrections", data=FORM)).status_code == 404
    assert (await browser.post(path, data=FORM, headers={"sec-fetch-site": "cross-site"})).status_code == 403
    assert not await rows(database, "select 1 from correction")


async def test_who_may_only_read_sees_why_and_no_form(
    browser: httpx2.AsyncClient, database: Database, anna: UUID
) -> None:
    await browser.post(f"/customers/{anna}/corrections", data=FORM)
    app = create(database, cursor_key=CURSOR_KEY, timezone="Europe/Helsinki", secure=False)
    async with calling(app) as client:
        await client.post("/sign-in", data={"key": await new_key(database, Scope.READ_CUSTOMERS)})
        result = await page(client, anna)
        assert "saw the passport" in result.text
        assert not [a for a in result.addresses() if "correction" in a]
        assert (await client.post(f"/customers/{anna}/corrections", data=FORM)).status_code == 403
        [row] = await rows(database, "select id from correction")
        assert (await client.post(f"/corrections/{row.id}/revoke")).status_code == 403
    assert len(await rows(database, "select 1 from correction where revoked_at is null")) == 1


async def test_reviews_show_what_the_customers_pages_show(
    browser: httpx2.AsyncClient, database: Database, anna: UUID
) -> None:
    await tell(database, [{"id": 20, "phones": ["040 1234567"], "channel": "phone", "kind": "call"},
                          {"id": 21, "name": "Bo Mäkinen", "phones": ["040 1234567"]}])  # fmt: skip
    assert "Anna Mäkinen" in (await browser.get("/reviews")).text
    await browser.post(f"/customers/{anna}/corrections", data=FORM)
    shown = (await browser.get("/reviews")).text
    assert "Anna-Maria Salo" in shown
    assert "<strong>Anna Mäkinen</strong>" not in shown
