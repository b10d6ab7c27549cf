"""Rate limits: what all processes together let through is the limit, and everyone is told where they stand."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest

from cxcore.db.session import Database
from support.calling import Api, api_on, calling, new_key, problem
from support.workers import workers

READ = "/v1/survivorship"


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
