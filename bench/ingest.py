"""Ingest: each way in, beside raw COPY of what it leaves behind."""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from bench import copying, world
from bench.report import Goal, Report, median
from bench.server import empty, fresh_database, settle
from cxcore import clock, pipeline
from cxcore.db.session import Database, by_index
from cxcore.land import store
from cxcore.model.ids import record_id
from cxcore.normalise import store as derived
from cxcore.normalise.derive import Context, Derived, derive
from cxcore.pull import cursors, sources
from cxcore.pull.sources import Configured
from cxcore.resolve import matcher
from cxcore.sdk.page import Record
from cxcore.timeline import search

CONNECTOR_GOAL, BULK_GOAL = Goal(0.2), Goal(0.5)


@dataclass(slots=True)
class Measured:
    """Seconds of a path and of its baseline, a pair a round; and parts of them."""

    path: list[float] = field(default_factory=list)
    copy: list[float] = field(default_factory=list)
    interactions: list[float] = field(default_factory=list)
    parts: dict[str, list[float]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    memory: tuple[int, int] = (0, 0)

    def part(self, name: str, seconds: float) -> None:
        self.parts.setdefault(name, []).append(seconds)


Round = Callable[[Database, Measured], Awaitable[float]]


async def run(url: str, asked: argparse.Namespace, report: Report) -> None:
    """Measure both ways in and print what they take."""
    async with fresh_database(url, "path") as database, fresh_database(url, "copy") as target:
        await report.machine(database)
        report.line(f"{asked.interactions:,} interactions, {asked.rounds} rounds, medians; seed {asked.seed}")
        with tempfile.TemporaryDirectory(prefix="cxbench-") as folder:
            if asked.only != "bulk":
                source_file = _export(Path(folder), asked)

                async def pulled(database: Database, measured: Measured) -> float:
                    return await _connector(database, source_file, measured)

                _show(report, asked, await _rounds(asked, database, target, pulled), "connector path", CONNECTOR_GOAL)
            if asked.only != "connector":

                async def written(database: Database, measured: Measured) -> float:
                    return await _bulk(database, asked, measured)

                _show(report, asked, await _rounds(asked, database, target, written), "bulk path", BULK_GOAL)


async def _rounds(asked: argparse.Namespace, database: Database, target: Database, path: Round) -> Measured:
    """Path and baseline by turns."""
    measured = Measured()
    for _ in range(asked.rounds):
        await empty(database)
        await empty(target)
        measured.path.append(await path(database, measured))
        await settle(target)
        seconds, measured.rows = await copying.copy_all(database, target)
        measured.copy.append(sum(seconds.values()))
        measured.interactions.append(seconds["interaction"])
        if measured.rows["interaction"] != asked.interactions:
            raise RuntimeError(f"{asked.interactions} interactions went in, {measured.rows['interaction']} came out")
    return measured


def _export(folder: Path, asked: argparse.Namespace) -> Path:
    """The chats as a vendor's JSONL export."""
    file = folder / "chats.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for message in world.chats(asked.interactions, asked.seed):
            out.write(json.dumps(message, ensure_ascii=False) + "\n")
    return file


async def _connector(database: Database, file: Path, measured: Measured) -> float:
    """Pull and digest an export with the `files` connector; then pull again, with and without the cursor."""
    async with database.unit() as session:
        source = await sources.add(
            session,
            key="bench",
            connector="files",
            config={"path": str(file), "format": "jsonl", "mapping": world.CHAT_MAPPING},
            name=None,
        )
    resident = [_resident()]
    began = time.perf_counter()
    await pipeline.pull(database, source, watch=lambda _page, _landed: resident.append(_resident()))
    landed = time.perf_counter()
    await pipeline.digest(database, watch=lambda _progress: resident.append(_resident()))
    done = time.perf_counter()
    measured.memory = resident[len(resident) // 10], max(resident)
    measured.part("pull and land", landed - began)
    measured.part("normalise, resolve, index", done - landed)
    await _idle(database, source, measured)
    return done - began


async def _idle(database: Database, source: Configured, measured: Measured) -> None:
    began = time.perf_counter()
    await pipeline.pull(database, source)
    await pipeline.digest(database)
    idle = time.perf_counter()
    async with database.unit() as session:
        await cursors.reset(session, source_id=source.id)
    again = time.perf_counter()
    repeated = await pipeline.pull(database, source)
    await pipeline.digest(database)
    ended = time.perf_counter()
    if repeated.landed:
        raise RuntimeError(f"a repeat landed {repeated.landed} records")
    measured.part("idle: pull again", idle - began)
    measured.part("idle: cursor lost, all read again", ended - again)


async def _bulk(database: Database, asked: argparse.Namespace, measured: Measured) -> float:
    """Write records and rows that are ready made, in big batches, through the product's own bulk writing."""
    async with database.unit() as session:
        source = await sources.add(session, key="bench", connector="files", config=_ANY_CONFIG, name=None)
    messages = world.chats(asked.interactions, asked.seed)
    seconds, sequence = 0.0, 0
    while batch := list(islice(messages, asked.batch)):
        records = [world.chat_record(m) for m in batch]
        rows = _derived(source, records, batch, sequence)
        sequence += len(records)
        began = time.perf_counter()
        async with database.unit() as session:
            await by_index(session)
            await store.land(session, source_id=source.id, namespace=source.namespace, records=records)
            landed = time.perf_counter()
            written = await derived.replace(session, source_id=source.id, rows=rows)
            await database.statistics.note(session, len(records), tables=pipeline.LOOKED_UP)
            replaced = time.perf_counter()
            await matcher.resolve(session, changed=written.profiles)
            resolved = time.perf_counter()
            await search.index(session, written.profiles, made=written.made)
        ended = time.perf_counter()
        seconds += ended - began
        for name, spent in zip(
            ("land", "replace", "resolve", "index and commit"),
            (landed - began, replaced - landed, resolved - replaced, ended - resolved),
            strict=True,
        ):
            measured.part(name, spent)
    for name in ("land", "replace", "resolve", "index and commit"):
        batches = -(-asked.interactions // asked.batch)
        measured.parts[name] = [*measured.parts[name][:-batches], sum(measured.parts[name][-batches:])]
    return seconds


_ANY_CONFIG = {"path": "/dev/null", "format": "jsonl", "mapping": world.CHAT_MAPPING}


def _derived(source: Configured, records: list[Record], batch: list[dict[str, object]], sequence: int) -> Derived:
    rows = Derived()
    received = clock.now()
    for number, (record, message) in enumerate(zip(records, batch, strict=True), start=sequence + 1):
        context = Context(
            source_id=source.id,
            namespace=source.namespace,
            region=source.region,
            record=record_id(source.namespace, record.stream, record.key),
            name=f"{record.stream}/{record.key}",
            sequence=number,
            received_at=received,
            current=True,
        )
        rows.extend(derive([world.chat_interaction(message)], context))
    return rows


def _resident() -> int:
    """Memory of this process in bytes (Linux; elsewhere 0)."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _show(report: Report, asked: argparse.Namespace, measured: Measured, name: str, goal: Goal) -> None:
    count = asked.interactions

    def row(what: str, seconds: list[float], ratio: tuple[str, str, str]) -> tuple[str, ...]:
        spread = f"{min(seconds):.2f}-{max(seconds):.2f}"
        return (what, f"{median(seconds):.2f}", spread, f"{count / median(seconds):,.0f}", *ratio)

    def against(baseline: list[float]) -> float:
        return median([b / a for a, b in zip(measured.path, baseline, strict=True)])

    rows = [
        row("raw COPY of all rows it leaves", measured.copy, ("1.00", "", "")),
        row("raw COPY of the interactions alone", measured.interactions, ("", "", "")),
        row(name, measured.path, report.judged(against(measured.copy), goal)),
        (f"{name} to COPY of interactions alone", "", "", "", f"{against(measured.interactions):.2f}", "", ""),
    ]
    for part, seconds in measured.parts.items():
        rows.append(row(f"  {part}", seconds, ("", "", "")))
    report.table(name, ("", "seconds", "spread", "interactions/s", "ratio", "goal", ""), rows)
    report.line("rows: " + ", ".join(f"{table} {n:,}" for table, n in measured.rows.items()))
    if measured.memory[1]:
        at_tenth, most = (size / 2**20 for size in measured.memory)
        report.line(f"memory of the process: {at_tenth:.0f} MiB after a tenth, {most:.0f} MiB at most")
