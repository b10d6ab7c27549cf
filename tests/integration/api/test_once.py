"""1,000 keys, 20 senders each, and processes killed while they work: each key has its effect exactly once."""

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable

import httpx2
from sqlalchemy import text

from cxcore.db.session import Database
from support.calling import new_key
from support.parley import Parley
from support.story import ANNA, LIISA, PEKKA, tell, who
from support.workers import Workers, workers

KEYS = int(os.environ.get("CX_ONCE", "12"))
SENDERS = 20
PROCESSES = 3
ENOUGH = httpx2.Limits(max_connections=100)


async def test_each_key_has_its_effect_once(database: Database, database_url: str, parley: type[Parley]) -> None:
    await tell(database)
    people = [str(await who(database, name)) for name in (ANNA, PEKKA, LIISA)]
    headers = {"Authorization": f"Bearer {await new_key(database)}"}
    with workers(database_url, processes=PROCESSES) as service:
        alive = [await asyncio.to_thread(service.started) for _ in range(PROCESSES)]
        killer = asyncio.create_task(kill_now_and_then(service, alive))
        told: dict[str, Counter[bytes]] = {}
        gate = asyncio.Semaphore(4)

        async def one(number: int) -> None:
            path = f"/v1/customers/{people[number % 3]}/corrections"
            body = {"field": "name", "value": f"Name {number}", "reason": "said so"}

            async def send(client: httpx2.AsyncClient) -> httpx2.Response:
                return await client.post(path, json=body, headers={"Idempotency-Key": f"key-{number}"})

            async with gate:
                answers = await asyncio.gather(*(until_told(client, send) for _ in range(SENDERS)))
            told[f"Name {number}"] = Counter(answers)

        async with httpx2.AsyncClient(
            base_url=service.url, headers=headers, limits=ENOUGH, timeout=30, trust_env=False
        ) as client:
            await asyncio.gather(*(one(number) for number in range(KEYS)))
        killer.cancel()
    kills = len(alive) - PROCESSES
    async with database.unit() as session:
        effects = Counter((await session.execute(text("select value from correction"))).scalars())
    assert effects == Counter(told.keys())
    assert {tuple(found.values()) for found in told.values()} == {(SENDERS,)}, "answers to one key differ"
    assert kills >= KEYS // 12
    print(f"{KEYS} keys, {KEYS * SENDERS} senders, {kills} processes killed: {sum(effects.values())} effects")  # noqa: T201


async def kill_now_and_then(service: Workers, alive: list[int]) -> None:
    dice = random.Random(7)
    running = list(alive)
    while True:
        await asyncio.sleep(dice.uniform(0.1, 1.0))
        victim = running.pop(dice.randrange(len(running)))
        os.kill(victim, signal.SIGKILL)
        running.append(await asyncio.to_thread(service.started))
        alive.append(running[-1])


async def until_told(
    client: httpx2.AsyncClient, send: Callable[[httpx2.AsyncClient], Awaitable[httpx2.Response]]
) -> bytes:
    """Send until an answer comes that is final, as a client that keeps to the contract does."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            answer = await send(client)
        except httpx2.TransportError:
            await asyncio.sleep(0.02)
            continue
        if answer.status_code == 200:
            return answer.content
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_in_flight"), answer.text
        await asyncio.sleep(0.05)
    raise AssertionError("no final answer in two minutes")
