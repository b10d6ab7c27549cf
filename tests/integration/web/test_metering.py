"""Rate limits on the pages: a person is counted, in whichever browser they are."""

from cxcore.db.session import Database
from cxcore.web.app import create
from support.calling import CURSOR_KEY, calling, new_key
from support.html import read


async def test_a_person_is_counted_over_all_their_browsers_and_nobody_else(database: Database) -> None:
    app = create(database, cursor_key=CURSOR_KEY, timezone="Europe/Helsinki", secure=False, rate_limit=7)
    key, other = await new_key(database), await new_key(database)
    async with calling(app) as first, calling(app) as second, calling(app) as elsewhere:
        for browser, whose in ((first, key), (second, key), (elsewhere, other)):
            assert (await browser.post("/sign-in", data={"key": whose})).status_code == 303
        assert (await first.post("/search", data={"query": "anna"})).status_code == 200  # costs 5
        assert (await second.get("/")).status_code == 200
        assert (await first.get("/")).status_code == 200
        refused = await second.get("/")
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 9
        assert "More was asked than the limit allows." in read(refused.text).text
        assert (await elsewhere.get("/")).status_code == 200
        assert (await second.get("/static/style.css")).status_code == 200
