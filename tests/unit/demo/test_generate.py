"""The demo world is the same each time, has the promised size, and says where it is broken."""

import filecmp
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import cxdemo
from cxdemo.generate import Summary, generate

END = "2026-03-12T20:00:00+02:00"


def files_of(root: Path) -> list[str]:
    return sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())


def test_the_same_arguments_give_the_same_bytes_in_another_process(world: Path, tmp_path: Path) -> None:
    demo = Path(cxdemo.__file__).parents[1]
    command = [
        sys.executable,
        "-m",
        "cxdemo",
        str(tmp_path),
        "--people",
        "120",
        "--interactions",
        "2600",
        "--seed",
        "7",
        "--end",
        END,
    ]
    environment = {**os.environ, "PYTHONPATH": str(demo), "PYTHONHASHSEED": "12345", "TZ": "America/Lima"}
    subprocess.run(command, check=True, env=environment, capture_output=True)
    names = files_of(world)
    assert files_of(tmp_path) == names
    _, different, unread = filecmp.cmpfiles(world, tmp_path, names, shallow=False)
    assert (different, unread) == ([], [])


def test_another_seed_gives_another_world(world: Path, tmp_path: Path) -> None:
    generate(tmp_path, people=120, interactions=2600, seed=8, end=datetime.fromisoformat(END))
    assert (tmp_path / "calls/Master.csv").read_bytes() != (world / "calls/Master.csv").read_bytes()


def test_the_interactions_add_up(summary: Summary, truth: dict[str, Any]) -> None:
    assert summary.people == 120
    assert summary.interactions == sum(summary.counts.values()) == 2600
    assert truth["counts"] == summary.counts
    for system in ("chat", "calls", "social", "stays", "arrivals", "orders"):
        assert len(truth["records"][system]) == summary.counts[system], system
    assert len({key.split("/", 1)[1] for key in truth["records"]["mail"]}) == summary.counts["mail"]


def test_most_people_have_few_interactions_and_some_have_many(truth: dict[str, Any]) -> None:
    per_person = Counter(
        p for system, records in truth["records"].items() if system != "loyalty" for p in records.values() if p
    )
    amounts = sorted(per_person.values())
    assert len(per_person) == 120
    assert amounts[len(amounts) // 2] < 25
    assert amounts[-1] > 4 * amounts[len(amounts) // 2]


def test_every_person_of_a_record_exists(truth: dict[str, Any]) -> None:
    people = {p["id"] for p in truth["people"]}
    assert {p for records in truth["records"].values() for p in records.values() if p} <= people


def test_recycled_numbers_have_two_owners_years_apart(truth: dict[str, Any]) -> None:
    for entry in truth["recycled_numbers"]:
        apart = datetime.fromisoformat(entry["since"]) - datetime.fromisoformat(entry["until"])
        assert entry["first"] != entry["second"]
        assert apart > timedelta(days=365)


def test_a_naive_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        generate(tmp_path, people=120, interactions=2600, end=datetime.fromisoformat("2026-03-12T20:00:00"))


def test_too_small_a_world_is_refused(tmp_path: Path) -> None:
    end = datetime(2026, 3, 12, tzinfo=UTC)
    with pytest.raises(ValueError, match="60 people"):
        generate(tmp_path, people=10, interactions=2600, end=end)
    with pytest.raises(ValueError, match="at least 10 interactions"):
        generate(tmp_path, people=120, interactions=500, end=end)
