"""The page shows who shares a household or a line with a customer, in three languages, and nobody too many."""

import re

import httpx2
import pytest

from cxcore.db.session import Database
from cxcore.timeline import search
from support.browsing import ALLOWED_URL, HOSTILE, page
from support.html import Page
from support.parley import Parley
from support.story import ANNA, LIISA, PEKKA, tell, who
from support.strangers import stranger

LINE = ["09 1234567"]


def names(result: Page) -> list[str]:
    """Who is told to be related, in their order."""
    return [e.text for e in result.all("li", "kin")]


async def test_a_household_is_shown_with_its_reason(
    browser: httpx2.AsyncClient, database: Database, parley: type[Parley]
) -> None:
    await tell(database)
    pekka, liisa = await who(database, PEKKA), await who(database, LIISA)
    result = await page(browser, f"/customers/{pekka}")
    assert names(result) == ["Liisa Virta household same phone number +358 9 7654321, people who use it: 2"]
    [link] = [e for e in result.all("a") if e.text == "Liisa Virta"]
    assert link.attributes["href"] == f"/customers/{liisa}"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fi", "Liisa Virta sama kotitalous sama puhelinnumero +358 9 7654321, käyttäjiä: 2"),
        ("sv", "Liisa Virta samma hushåll samma telefonnummer +358 9 7654321, användare: 2"),
    ],
)
async def test_it_is_said_in_the_readers_language(
    browser: httpx2.AsyncClient, database: Database, parley: type[Parley], language: str, said: str
) -> None:
    await tell(database)
    path = f"/customers/{await who(database, PEKKA)}"
    assert names(await page(browser, path, headers={"Accept-Language": language})) == [said]


async def test_who_shares_nothing_has_no_such_section(
    browser: httpx2.AsyncClient, database: Database, parley: type[Parley]
) -> None:
    await tell(database)
    result = await page(browser, f"/customers/{await who(database, ANNA)}")
    assert names(result) == []
    assert "shared lines" not in result.all("aside")[0].text


async def test_an_address_is_shown_as_it_was_written(
    browser: httpx2.AsyncClient, database: Database, parley: type[Parley]
) -> None:
    home = "Kuja 1 A 2, 00100 Helsinki"
    await tell(
        database,
        [
            {"id": 1, "who": "a", "name": "Anna Lehto", "emails": [ANNA], "address": home},
            {"id": 2, "who": "p", "name": "Pekka Lehto", "emails": [PEKKA], "address": home.upper()},
        ],
    )
    [said] = names(await page(browser, f"/customers/{await who(database, ANNA)}"))
    assert said == f"Pekka Lehto household same address {home}, of the family there: 2"


async def test_many_are_folded_and_counted(
    browser: httpx2.AsyncClient, database: Database, parley: type[Parley]
) -> None:
    desk = [{"id": n, "name": stranger(n * 7 + 1), "phones": LINE} for n in range(24)]
    await tell(database, desk)
    result = await page(browser, f"/customers/{await who(database, stranger(1))}")
    assert len(names(result)) == 20
    assert [d for d in result.all("details", "why") if d.text.startswith("17 more") and "company" in d.text]
    assert f"20 / {len(desk) - 1}" in result.all("aside")[0].text


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_what_others_wrote_is_shown_as_text(
    browser: httpx2.AsyncClient, database: Database, parley: type[Parley], hostile: str
) -> None:
    await tell(
        database,
        [
            {"id": 1, "who": "a", "name": "Bertta Lehto", "emails": [ANNA], "phones": LINE},
            {"id": 2, "who": "b", "name": f"Pekka {hostile} Lehto", "phones": LINE},
        ],
    )
    result = await page(browser, f"/customers/{await who(database, ANNA)}")
    [said] = names(result)
    assert " ".join(f"Pekka {hostile} Lehto".split()) in said
    assert result.all("script") == [] or all(s.attributes.get("src") for s in result.all("script"))
    for element in result.all("a"):
        assert re.fullmatch(ALLOWED_URL, element.attributes["href"] or "")


async def test_a_contact_without_a_name_says_who_it_could_be_and_nothing_twice(
    browser: httpx2.AsyncClient, database: Database, parley: type[Parley]
) -> None:
    await tell(database)
    await tell(database, [{"id": 50, "phones": ["09 7654321"], "channel": "phone", "kind": "call"}])
    async with database.unit() as session:
        hits = {h.customer_id for h in await search.search(session, "097654321")}
    [caller] = hits - {await who(database, PEKKA), await who(database, LIISA)}
    result = await page(browser, f"/customers/{caller}")
    assert "Could be" in result.all("aside")[0].text
    assert names(result) == []
