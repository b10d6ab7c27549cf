"""The audit of what pages show: each customer on the page, of whatever page shows one."""

import re

import httpx2
from sqlalchemy import text

from cxcore.auth import sign_in
from cxcore.auth.policy import AccessRole
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore.web.app import PAGES
from support import canary
from support.html import read
from support.judging import staff_of
from support.parley import Parley
from support.story import tell

LINK = re.compile(r"/customers/([0-9a-f-]{36})")
SHARED = "040 2222222"
STORY = [
    *canary.MESSAGES,
    {"id": 21, "name": "Aino Kanaria", "phones": [SHARED], "emails": ["aino@tyo.example"]},
    {"id": 22, "name": "Pekka Berg", "phones": [SHARED], "emails": ["pekka@tyo.example"]},
    {"id": 23, "name": "Onni Kanaria", "phones": [SHARED]},
]


async def test_each_customer_on_a_page_is_in_the_audit(
    outside: httpx2.AsyncClient, database: Database, parley: type[Parley]
) -> None:
    assert {p.path for p in PAGES if p.needs is Scope.READ_CUSTOMERS} == {
        "/", "/search", "/reviews", "/customers/{customer_id:uuid}"
    }  # fmt: skip
    await tell(database, STORY)
    who = await staff_of(database, AccessRole.AGENT)
    async with database.unit() as session:
        outside.cookies.set("cx", await sign_in.open_session(session, staff_id=who, method="oidc"))
    found = await outside.post("/search", data={"query": "kanaria"})
    people = set(LINK.findall(found.text))
    assert len(people) >= 3
    assert await newly_read(database, f"staff:{who}") == people
    for path in ("/reviews", *(f"/customers/{one}" for one in people)):
        answer = await outside.get(path)
        assert answer.status_code == 200
        shown = {
            *LINK.findall(path),
            *(LINK.findall(" ".join(e.attributes.get("href") or "" for e in read(answer.text).all("a")))),
        }
        assert shown
        assert await newly_read(database, f"staff:{who}") == shown, path
    assert (await outside.get("/")).status_code == 200
    assert await newly_read(database, f"staff:{who}") == set()


async def newly_read(database: Database, actor: str) -> set[str]:
    """Whom the audit says that somebody read since this was last asked."""
    async with database.unit() as session:
        rows = (await session.execute(text("select * from audit where act = 'customer.read'"))).all()
        await session.execute(text("set local session_replication_role = replica"))
        await session.execute(text("delete from audit"))
    assert {row.actor for row in rows} <= {actor}
    assert canary.LOCAL not in str(rows)
    return {str(row.customer_id) for row in rows}
