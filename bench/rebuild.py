"""Rebuild: all pairs of a base compared anew, by this process and by Spark, on the same profiles by turns."""

import argparse
import os
import platform
import sys
import time

from bench import identity_speed, profiles
from bench.labelled_sets import LOAD, read
from bench.report import Report, median
from bench.server import fresh_database
from cxcore import clock
from cxcore.db.session import Database, driver
from cxcore.resolve import rebuild, spark
from cxcore.resolve.spark import Spark


async def run(url: str, asked: argparse.Namespace, report: Report) -> None:
    """Measure rebuilds of one base by turns; the first, which makes the customers, is not counted.

    Raises:
        SystemExit: the data is not there.
    """
    if not (asked.folder / LOAD.files[0]).is_file():
        sys.exit(f"bench rebuild: {LOAD.files[0]} not found in {asked.folder}; name its folder with --folder.")
    load = ", ".join(f"{n:.1f}" for n in os.getloadavg())
    report.line(
        f"{clock.now():%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores (load {load}), Python {platform.python_version()}"
    )
    people = identity_speed.some(read(asked.folder, LOAD), asked.records, asked.seed)
    async with fresh_database(url, "rebuild") as database:
        await profiles.fill(database, await profiles.source(database), people)
        await _seconds(database, None)
        began = time.perf_counter()
        with spark.running(asked.spark_master) as started:
            starting = time.perf_counter() - began
            taken: dict[str, list[tuple[float, float]]] = {"local": [], "spark": []}
            for _ in range(asked.rounds):
                for name, engine in (("local", None), ("spark", started)):
                    taken[name].append(await _seconds(database, engine))
                    report.line(f"{name}: pairs {taken[name][-1][0]:.1f} s, all {taken[name][-1][1]:.1f} s")
        nodes, edges = await _counts(database)
    pairs = {name: median([t[0] for t in times]) for name, times in taken.items()}
    whole = {name: median([t[1] for t in times]) for name, times in taken.items()}
    report.table(
        f"{len(people):,} profiles, {nodes:,} nodes, {edges:,} edges; Spark {asked.spark_master}, started in {starting:.1f} s",
        ("", "nodes, keys and edges, s", "to local", "whole rebuild, s", "to local"),
        [
            (
                n,
                f"{pairs[n]:.1f}",
                f"{pairs[n] / pairs['local']:.2f}",
                f"{whole[n]:.1f}",
                f"{whole[n] / whole['local']:.2f}",
            )
            for n in taken
        ],
    )


async def _seconds(database: Database, engine: Spark | None) -> tuple[float, float]:
    """Until all pairs are compared, and until all customers are derived."""
    compared: list[float] = []
    began = time.perf_counter()

    def watch(what: str, done: int, _: int) -> None:
        if what == "profiles derived" and not done:
            compared.append(time.perf_counter() - began)

    async with database.unit() as session:
        await rebuild.rebuild(session, spark=engine, watch=watch)
    return compared[0], time.perf_counter() - began


async def _counts(database: Database) -> tuple[int, int]:
    async with database.unit() as session:
        connection = await driver(session)
        nodes = await connection.fetchval("select count(*) from node")
        return nodes, await connection.fetchval("select count(*) from edge")
