"""The reviews' page: two customers side by side, and a person's answer."""

import httpx2
import pytest

from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore.web.app import create
from support.calling import CURSOR_KEY, calling, new_key
from support.consistency import rows
from support.parley import Parley
from support.story import tell

HOSTILE = "Anna<script>alert(1)</script> Virtanen"


@pytest.fixture
async def asked(database: Database, parley: type[Parley]) -> dict[str, str]:
    """The form's fields of the first review."""
    await tell(
        database,
        [
            {"id": 1, "name": HOSTILE, "phones": ["040 2222222"]},
            {"id": 2, "name": "Pekka Virtanen", "phones": ["040 2222222"]},
        ],
    )
    (pair, *_) = await rows(
        database,
        "select a.customer_id as l, b.customer_id as r from judgement j join link a on a.profile_id = j.left_id"
        " join link b on b.profile_id = j.right_id where j.rule = 'suggestion'",
    )
    return {"left": str(pair.l), "right": str(pair.r)}


async def test_the_two_stand_side_by_side_with_what_speaks_for_and_against(
    browser: httpx2.AsyncClient, asked: dict[str, str]
) -> None:
    answer = await browser.get("/reviews")
    assert answer.status_code == 200
    shown = answer.text
    assert "<script>alert" not in shown
    for wanted in (
        asked["left"],
        asked["right"],
        "Pekka Virtanen",
        "+358 40 2222222",
        "same phone number +358 40 2222222, people who use it: 2",
        "The same person",
    ):
        assert wanted in shown, wanted


async def test_a_conflict_says_what_contradicts(
    browser: httpx2.AsyncClient, database: Database, parley: type[Parley]
) -> None:
    one = {"id": 1, "name": "Anna Virtanen", "emails": ["anna@x.example"], "cards": ["7000001"], "verified": True}
    await tell(database, [one, one | {"id": 2, "cards": ["7000002"]}])
    shown = (await browser.get("/reviews")).text
    assert '<span class="for">same verified e-mail address anna@x.example</span>' in shown
    assert '<span class="against">two verified loyalty numbers (club)</span>' in shown
    assert '<b class="doubt">two loyalty numbers</b>' in shown
    assert "other loyalty number" not in shown


async def test_what_would_come_together_is_shown_before_anybody_decides(
    browser: httpx2.AsyncClient, database: Database, asked: dict[str, str]
) -> None:
    shown = (await browser.get("/reviews")).text
    for wanted in (
        "What would come together: 2 interactions · 2 profiles",
        "Chat <b>2</b>",
        "Lives on as",
        "1 end",
    ):
        assert wanted in shown, wanted
    assert "<script>alert" not in shown
    assert not await rows(database, "select id from judgement where origin = 'person'")


@pytest.mark.parametrize("verdict", ["same", "never", "skip"])
async def test_an_answer_is_kept_and_the_next_shown(
    browser: httpx2.AsyncClient, database: Database, asked: dict[str, str], verdict: str
) -> None:
    answer = await browser.post("/reviews", data=asked | {"verdict": verdict, "reason": "heard them both"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/reviews")
    (made, *_) = await rows(
        database, "select rule, reason, actor from judgement where origin = 'person' and revoked_at is null"
    )
    assert made.rule == {"same": "merge", "never": "separate", "skip": "skip"}[verdict]
    assert made.reason == "heard them both"
    assert made.actor.startswith("key:")


@pytest.mark.parametrize(
    ("change", "status"),
    [({"verdict": "maybe"}, 400), ({"left": "x"}, 400), ({"left": "00000000-0000-0000-0000-000000000001"}, 404)],
)
async def test_a_form_that_makes_no_sense_decides_nothing(
    browser: httpx2.AsyncClient, database: Database, asked: dict[str, str], change: dict[str, str], status: int
) -> None:
    assert (await browser.post("/reviews", data=asked | {"verdict": "same"} | change)).status_code == status
    assert not await rows(database, "select id from judgement where origin = 'person'")


async def test_who_may_only_read_sees_no_buttons_and_decides_nothing(database: Database, asked: dict[str, str]) -> None:
    app = create(database, cursor_key=CURSOR_KEY, timezone="Europe/Helsinki", secure=False)
    async with calling(app) as client:
        assert (await client.get("/reviews")).headers["location"] == "/sign-in"
        await client.post("/sign-in", data={"key": await new_key(database, Scope.READ_CUSTOMERS)})
        shown = (await client.get("/reviews")).text
        assert "Pekka Virtanen" in shown
        assert "verdict" not in shown
        assert (await client.post("/reviews", data=asked | {"verdict": "same"})).status_code == 403
        elsewhere = {"sec-fetch-site": "cross-site"}
        assert (await client.post("/reviews", data=asked, headers=elsewhere)).status_code == 403
    assert not await rows(database, "select id from judgement where origin = 'person'")
