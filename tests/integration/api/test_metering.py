"""Rate limits: what all processes together let through is the limit, and everyone is told where they stand."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from cxcore.api.app import create
from cxcore.api.costs import COSTS, LINES
from cxcore.db.session import Database
from support.calling import CURSOR_KEY, Api, api_on, calling, new_key, problem
from support.workers import workers

READ = "/v1/survivorship"
NOBODY = UUID(int=7)
README = Path(__file__).resolve().parents[3] / "docs" / "api" / "README.md"


@asynccontextmanager
async def limited(database: Database, limit: int) -> AsyncIterator[Api]:
    async with calling(api_on(database, rate_limit=limit)) as client:
        yield Api(client, database, await new_key(database))


async def test_every_answer_tells_the_limit_and_what_is_left(database: Database) -> None:
    async with limited(database, 600) as api:
        for left in (599, 598):
            answer = await api.get(READ)
            assert answer.headers["ratelimit-policy"] == '"requests";q=600;w=60'
            assert answer.headers["ratelimit"] in {f'"requests";r={left};t=1', f'"requests";r={left};t=0'}


async def test_errors_count_too_and_tell_it_too(database: Database) -> None:
    async with limited(database, 3) as api:
        for _ in range(3):
            assert "ratelimit" in (await api.get("/v1/sources/none")).headers
        answer = await api.get("/v1/sources/none")
        problem(answer, 429, "rate_limited")
        assert 19 <= int(answer.headers["retry-after"]) <= 20
        assert re.fullmatch(r'"requests";r=0;t=60', answer.headers["ratelimit"])


async def test_the_bucket_fills_again(database: Database) -> None:
    async with limited(database, 240) as api:  # four a second
        while (await api.get(READ)).status_code == 200:
            pass
        await asyncio.sleep(0.6)
        assert (await api.get(READ)).status_code == 200


async def test_each_key_has_a_bucket_of_its_own(database: Database) -> None:
    async with limited(database, 1) as api:
        assert [(await api.get(READ)).status_code for _ in range(2)] == [200, 429]
        assert (await api.get(READ, key=await new_key(database))).status_code == 200


async def test_zero_sets_no_limit(api: Api) -> None:
    assert "ratelimit" not in (await api.get(READ)).headers


def left(answer: httpx2.Response) -> int:
    found = re.fullmatch(r'"requests";r=(\d+);t=\d+', answer.headers["ratelimit"])
    assert found is not None, answer.headers["ratelimit"]
    return int(found[1])


@dataclass
class Bill:
    """What a request cost, as the headers tell; the bucket fills by one a second meanwhile."""

    api: Api
    before: int
    at: float

    @classmethod
    async def opened(cls, api: Api) -> "Bill":
        return cls(api, left(await api.get(READ)), time.monotonic())

    def shows(self, cost: int, answer: httpx2.Response) -> bool:
        now, spent = time.monotonic(), self.before - left(answer)
        fits = cost - (now - self.at) - 1 <= spent <= cost
        self.before, self.at = left(answer), now
        return fits


async def test_what_takes_long_costs_more(database: Database) -> None:
    someone = {"identifiers": [{"scheme": "email", "value": "a@x.example"}]}
    async with limited(database, 60) as api:
        bill = await Bill.opened(api)
        assert bill.shows(20, await api.post(f"/v1/decisions/{NOBODY}:preview-revoke"))
        assert bill.shows(5, await api.post("/v1/customers:search", {"query": "anna"}))
        assert bill.shows(2, await api.post("/v1/customers:resolve", someone))
        assert bill.shows(1, await api.get(READ))


async def test_in_bulk_the_lines_count(database: Database) -> None:
    async with limited(database, 60) as api:
        await api.post("/v1/sources", {"key": "shop", "connector": "api", "config": {}})
        sent = {"headers": {"Content-Type": "application/x-ndjson"}}
        bill = await Bill.opened(api)
        many = await api.post("/v1/sources/shop/interactions:bulk", content=b"{}\n" * 401, **sent)
        assert many.status_code == 202
        assert bill.shows(22, many)
        more = await api.post("/v1/sources/shop/interactions:bulk", content=b"{}\n" * 2000, **sent)
        problem(more, 429, "rate_limited")


async def test_who_cannot_pay_for_much_may_still_ask_for_little(database: Database) -> None:
    async with limited(database, 30) as api:
        assert 10 <= left(await api.post(f"/v1/decisions/{NOBODY}:preview-revoke")) < 20
        refused = await api.post(f"/v1/decisions/{NOBODY}:preview-revoke")
        problem(refused, 429, "rate_limited")
        assert 10 <= left(refused) < 20
        assert 1 <= int(refused.headers["retry-after"]) <= 20
        assert (await api.get(READ)).status_code == 200


async def test_what_costs_more_than_a_minute_has_takes_all_of_it(database: Database) -> None:
    async with limited(database, 5) as api:
        assert left(await api.post(f"/v1/decisions/{NOBODY}:preview-revoke")) == 0
        assert (await api.get(READ)).status_code == 429


def test_every_cost_is_of_a_path_that_there_is_and_in_the_docs(database: Database) -> None:
    paths = create(database, cursor_key=CURSOR_KEY).openapi()["paths"]
    assert [end for end in COSTS if not any(path.endswith(end) for path in paths)] == []
    rows = [line for line in README.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    assert [end for end, cost in COSTS.items() if not any(f"{end}`" in r and f"| {cost} |" in r for r in rows)] == []
    assert any(f"for every {LINES} lines" in row for row in rows)


@pytest.mark.parametrize("limit", [600])
async def test_four_processes_together_let_through_what_the_limit_allows(
    database: Database, database_url: str, limit: int
) -> None:
    headers = {"Authorization": f"Bearer {await new_key(database)}"}
    with workers(database_url, processes=4, rate_limit=limit) as service:
        for _ in range(4):
            service.started()
        begun = time.monotonic()
        allowed = sum(await asyncio.gather(*(burst(service.url, headers, limit // 8) for _ in range(16))))
        taken = time.monotonic() - begun
    most = limit + taken * limit / 60
    assert limit * 0.99 <= allowed <= most * 1.01


async def burst(url: str, headers: dict[str, str], count: int) -> int:
    """How many of so many requests, over one connection, are let through."""
    async with httpx2.AsyncClient(base_url=url, headers=headers, trust_env=False) as client:
        answers = [(await client.get(READ)).status_code for _ in range(count)]
    assert set(answers) <= {200, 429}
    return answers.count(200)
