"""Masks on the pages: none shows a role what it does not see; a hidden value is shown for a reason."""

import httpx2
import pytest

from cxcore.auth import sign_in
from cxcore.auth.masks import MASKS, Masked
from cxcore.auth.policy import AccessRole
from cxcore.db.session import Database
from support import canary
from support.allowed import NOT_SEEN
from support.browsing import found, hits
from support.html import read
from support.judging import staff_of
from support.parley import Parley
from support.story import tell


async def sign_in_as(client: httpx2.AsyncClient, database: Database, role: AccessRole) -> None:
    who = await staff_of(database, role)
    async with database.unit() as session:
        client.cookies.set("cx", await sign_in.open_session(session, staff_id=who, method="oidc"))


async def seen(client: httpx2.AsyncClient) -> tuple[set[Masked], list[str]]:
    """What the pages about people show, and whom they found."""
    result = await client.post("/search", data={"query": "kanaria"})
    people = hits(read(result.text))
    texts = [result.text, (await client.get("/reviews")).text]
    for one in people:
        answer = await client.get(f"/customers/{one}")
        assert answer.status_code == 200
        texts.append(answer.text)
    return set().union(*map(canary.heard, texts)), people


@pytest.mark.parametrize("role", [r for r in AccessRole if r is not AccessRole.SERVICE])
async def test_no_page_shows_a_role_what_it_does_not_see(
    outside: httpx2.AsyncClient, database: Database, parley: type[Parley], role: AccessRole
) -> None:
    await tell(database, canary.MESSAGES)
    await sign_in_as(outside, database, role)
    heard, people = await seen(outside)
    assert len(people) >= 2
    assert heard == set(Masked) - NOT_SEEN[role]


async def test_a_mask_that_is_missing_is_seen(
    outside: httpx2.AsyncClient, database: Database, parley: type[Parley], monkeypatch: pytest.MonkeyPatch
) -> None:
    await tell(database, canary.MESSAGES)
    await sign_in_as(outside, database, AccessRole.FRONT_DESK)
    for missing in Masked:
        monkeypatch.setattr(
            "cxcore.web.render.MASKS", {**MASKS, AccessRole.FRONT_DESK: MASKS[AccessRole.FRONT_DESK] - {missing}}
        )
        assert (await seen(outside))[0] == {missing}


async def test_a_hidden_value_is_shown_once_for_a_reason(
    outside: httpx2.AsyncClient, database: Database, parley: type[Parley]
) -> None:
    await tell(database, canary.MESSAGES)
    await sign_in_as(outside, database, AccessRole.FRONT_DESK)
    one = hits(await found(outside, "olli kanaria"))[0]
    shown = await outside.post(f"/customers/{one}/reveal", data={"field": "birth_date", "reason": "asked at check-in"})
    assert shown.status_code == 200
    assert "1969-01-02" in read(shown.text).text
    assert canary.heard(shown.text) == set()
    assert "1969-01-02" not in (await outside.get(f"/customers/{one}")).text
    assert (await outside.get(f"/customers/{one}/reveal")).headers["location"] == f"/customers/{one}"
    for wrong, status in (({"field": "birth_date", "reason": " "}, 422), ({"field": "x", "reason": "why"}, 400)):
        assert (await outside.post(f"/customers/{one}/reveal", data=wrong)).status_code == status


async def test_what_one_typed_stays_as_it_was_typed(
    outside: httpx2.AsyncClient, database: Database, parley: type[Parley]
) -> None:
    await tell(database, canary.MESSAGES)
    await sign_in_as(outside, database, AccessRole.FRONT_DESK)
    page = await found(outside, canary.MAIL)
    assert canary.MAIL in [e.attributes.get("value") for e in page.all("input")]
    assert hits(page)
