"""Identity: how well and how fast people are told apart, beside others in the same run on the same records."""

import argparse
import os
import platform
import sys
from collections.abc import Hashable, Sequence
from importlib.metadata import PackageNotFoundError, version

from bench import identity_speed, peers
from bench.labelled_sets import DATA, LOAD, read
from bench.peers import child
from bench.report import Report, timed
from cxcore import clock
from cxcore.resolve import base, evaluation, training
from cxcore.resolve.evaluation import Quality
from cxcore.resolve.labelled import Labelled


def run(asked: argparse.Namespace, report: Report) -> None:
    """Measure quality, then speed.

    Raises:
        SystemExit: the data is not there.
    """
    missing = [f for name in asked.data for f in DATA[name].files if not (asked.folder / f).is_file()]
    if asked.records and not (asked.folder / LOAD.files[0]).is_file():
        missing += LOAD.files
    if missing:
        sys.exit(
            f"bench identity: {', '.join(missing)} not found in {asked.folder}. The labelled data is not part of the "
            "repository; name its folder with --folder."
        )
    load = ", ".join(f"{n:.1f}" for n in os.getloadavg())
    report.line(
        f"{clock.now():%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores (load {load}), Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}"
    )
    others = ", ".join(f"{name} {_version(name)}" for name in (*asked.peers, "duckdb") if name)
    report.line(f"beside: {others}")
    if asked.data:
        _quality(asked, report)
    if asked.records:
        identity_speed.run(asked, report)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _quality(asked: argparse.Namespace, report: Report) -> None:
    table = []
    for name in asked.data:
        data = DATA[name]
        people = read(asked.folder, data)
        quality, seconds = ours(people)
        met = report.judged(quality.f1, data.goal)[1:]
        table.append((f"{name}: cxcore, one threshold", *_cells(quality, seconds), *met))
        report.line(f"{name}: cxcore done")
        rows = peers.rows(people.payloads, people.traits)
        for peer in asked.peers:
            for found in child.drive(
                peer, rows, people.entities, seed=asked.seed, gigabytes=asked.gigabytes, minutes=asked.minutes
            ):
                cells = ("",) * 6 if found.clusters is None else _cells(_against(people, found.clusters), found.seconds)
                table.append((f"{name}: {found.label}", *cells, "", ""))
            report.line(f"{name}: {peer} done")
    report.table(
        "quality and seconds, from records to clusters; reading, normalising and answering questions not counted",
        ("", "pF", "bF", "precision", "recall", "s", "records/s", "pF goal", ""),
        table,
    )


def ours(people: Labelled) -> tuple[Quality, float]:
    """cxcore's partition by a model learnt from these records without their labels, and the seconds it took."""
    with timed() as taken:
        collected = base.collect(people.payloads)
        model = training.train(collected.payloads, traits=people.traits)
        found = base.partition(collected.payloads, model)
    cluster_of = {node: n for n, nodes in enumerate(found.clusters) for node in nodes}
    return _against(people, [cluster_of[node] for node in collected.node_of]), taken[0]


def _against(people: Labelled, found: Sequence[Hashable]) -> Quality:
    known = [(c, e) for c, e in zip(found, people.entities, strict=True) if e is not None]
    return evaluation.measure([c for c, _ in known], [e for _, e in known])


def _cells(q: Quality, seconds: float | None) -> tuple[str, ...]:
    shares = (f"{v:.4f}" for v in (q.f1, q.b_f1, q.precision, q.recall))
    return (*shares, *(("", "") if seconds is None else (f"{seconds:.1f}", f"{q.records / seconds:,.0f}")))
