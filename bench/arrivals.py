"""Arrivals: profiles that come one at a time, each resolved and committed by itself, and a person's decisions."""

import argparse
import gc
import os
import platform
import random
import sys
import time
from collections.abc import Sequence

import asyncpg

from bench import identity_speed, profiles
from bench.labelled_sets import LOAD, read
from bench.report import Goal, Report, percentile
from bench.server import connect, fresh_database, settle
from cxcore import clock
from cxcore.db.session import Database, driver
from cxcore.resolve import base, calibration, decisions, matcher, rebuild
from cxcore.resolve.model import default
from cxcore.resolve.payload import Payload

_WARM = 200
_RATE, _MEDIAN, _TAIL, _DECISION, _GROWTH = (
    Goal(1500),
    Goal(1, at_least=False),
    Goal(5, at_least=False),
    Goal(20, at_least=False),
    Goal(1.3, at_least=False),
)
_MS = 1000


async def run(url: str, asked: argparse.Namespace, report: Report) -> None:
    """Resolve arrivals against bases of growing size, as dense each.

    Raises:
        SystemExit: the data is not there.
    """
    if not (asked.folder / LOAD.files[0]).is_file():
        sys.exit(f"bench arrivals: {LOAD.files[0]} not found in {asked.folder}; name its folder with --folder.")
    load = ", ".join(f"{n:.1f}" for n in os.getloadavg())
    report.line(
        f"{clock.now():%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores (load {load}), Python {platform.python_version()}"
    )
    everyone = read(asked.folder, LOAD)
    rows, decided = [], []
    first: float | None = None
    for size in asked.bases:
        people = identity_speed.some(everyone, size, asked.seed)
        rng = random.Random(asked.seed)
        rng.shuffle(people)
        new = people[: asked.arrivals + _WARM]
        model = calibration.fitted(default(), len(base.collect(people[len(new) :]).payloads))
        async with fresh_database(url, "arrivals") as database:
            source = await profiles.source(database)
            await profiles.fill(database, source, people[len(new) :])
            async with database.unit() as session:
                await rebuild.rebuild(session, chosen=model)
            await settle(database)
            taken = await _arrive(database, source, new, first=len(people))
            bare = await _commits(database, len(taken))
            made, undone = await _decide(database, asked.decisions, rng)
        mean = sum(taken) / len(taken)
        first = first or mean
        rate = _MS / mean
        cells = [f"base of {len(people) - len(new):,}, prior {model.prior:+.1f}"]
        for value, goal in ((rate, _RATE), (percentile(taken, 0.5), _MEDIAN), (percentile(taken, 0.99), _TAIL)):
            cells += report.judged(value, goal)
        cells += [f"{percentile(taken, 0.999):.1f}", f"{mean / bare:.1f}", *report.judged(mean / first, _GROWTH)]
        rows.append(tuple(cells))
        decided.append(
            (
                f"base of {len(people) - len(new):,}",
                *(f"{percentile(t, share):.1f}" for t in (made, undone) for share in (0.5, 0.99)),
                *report.judged(max(percentile(made, 0.99), percentile(undone, 0.99)), _DECISION),
            )
        )
    report.table(
        f"{asked.arrivals:,} arrivals, one connection, one commit each; ms from the profile's row to the commit; by the "
        "model that ships, calibrated to each base's size where that is twice or half of its own",
        (
            "",
            "1/s",
            "goal",
            "",
            "p50",
            "goal",
            "",
            "p99",
            "goal",
            "",
            "p99.9",
            "to a bare commit",
            "cost to the first",
            "goal",
            "",
        ),
        rows,
    )
    report.table(
        f"{asked.decisions:,} merges of two customers drawn at random, each taken back; ms",
        ("", "merge p50", "p99", "undo p50", "p99", "worse p99", "goal", ""),
        decided,
    )


async def _arrive(database: Database, source: int, new: Sequence[Payload], *, first: int) -> list[float]:
    """Milliseconds of each arrival; writing its row is part of the transaction and of the time."""
    taken = []
    gc.collect()
    for n, p in enumerate(new):
        began = time.perf_counter()
        async with database.unit() as session:
            await profiles.write(await driver(session), source, [(first + n, p)])
            await matcher.resolve(session, changed=[profiles.profile_id(first + n)])
        taken.append((time.perf_counter() - began) * _MS)
    return taken[_WARM:]


async def _commits(database: Database, number: int) -> float:
    """Milliseconds of a transaction of the driver's own that writes one row: what durability itself costs here."""
    connection: asyncpg.Connection = await connect(database)
    await connection.execute("create table bare (n int)")
    began = time.perf_counter()
    for n in range(number):
        async with connection.transaction():
            await connection.execute("insert into bare values ($1)", n)
    taken = (time.perf_counter() - began) * _MS / number
    await connection.close()
    return taken


async def _decide(database: Database, number: int, rng: random.Random) -> tuple[list[float], list[float]]:
    async with database.unit() as session:
        found = await (await driver(session)).fetch("select id from customer where merged_into is null order by id")
    customers = [r["id"] for r in found]
    made, undone = [], []
    for _ in range(number):
        pair = rng.sample(customers, 2)
        began = time.perf_counter()
        async with database.unit() as session:
            decision = await decisions.merge(session, customers=pair, actor="bench", reason="bench")
        made.append((time.perf_counter() - began) * _MS)
        began = time.perf_counter()
        async with database.unit() as session:
            await decisions.revoke(session, decision=decision.id, actor="bench")
        undone.append((time.perf_counter() - began) * _MS)
    return made, undone
