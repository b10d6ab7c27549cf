"""The whole OpenAPI document fuzzed by Schemathesis against the service under uvicorn. `make fuzz` runs 10,000 cases and more."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cxcore.db.session import Database
from support import contract_checks
from support import server as servers
from support.calling import new_key
from support.parley import Parley
from support.served import Service, served
from support.story import ANNA, LIISA, PEKKA, tell, who

CASES = int(os.environ.get("CX_FUZZ", "100"))
SEED = os.environ.get("CX_FUZZ_SEED", "1")
EACH = max(2, CASES // 40)
"""Cases an operation in each phase."""
PHASES = ["coverage", "fuzzing", "stateful"] if CASES > 1000 else ["fuzzing", "stateful"]
LOCATED = ("customer_id", "body.customers[*]", "body.left", "body.right", "left", "right")
"""Where ids of customers stand; half of the time they are of customers that are there."""


@pytest.fixture
def story(connectors: dict[str, object], monkeypatch: pytest.MonkeyPatch, server_url: str) -> Any:
    """A database of its own with three people, a key that may do everything, and their ids."""
    connectors["parley"] = Parley
    monkeypatch.setattr(Parley, "messages", [])
    name = f"cxcore_fuzz_{os.getpid()}"
    url = servers.fresh_database(server_url, name)

    async def told() -> tuple[str, list[str]]:
        database = Database(url)
        await tell(database)
        found = await new_key(database), [str(await who(database, name)) for name in (ANNA, PEKKA, LIISA)]
        await database.close()
        return found

    yield url, *asyncio.run(told())
    servers.drop_database(server_url, name)


def configuration(ids: list[str]) -> str:
    """What Schemathesis is told, as TOML; all checks are on unless one is named here with its reason."""
    found = [
        f"hooks = {json.dumps(contract_checks.__file__)}",
        "continue-on-failure = true",
        "[dictionaries]",
        f"customers = {{ values = {json.dumps(ids)} }}",
        'sources = { values = ["parley1"] }',
        "[parameters]",
        *(f'"{place}" = {{ dictionary = "customers", probability = 0.5 }}' for place in LOCATED),
        '"key" = { dictionary = "sources", probability = 0.5 }',
        # What no schema can say (a cursor of ours, a day that has been) is refused with 422, too; that nothing else is,
        # WhatTheDocumentAllowsFits holds.
        "[checks]",
        "enabled = true",
        "[checks.positive_data_acceptance]",
        'expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "410", "412", "422", "428", "429"]',
        "[[operations]]",
        r'include-path-regex = "^/v1/sources/\\{key\\}"',
        "checks.use_after_free.enabled = false  # DELETE answers 202: the worker takes the source away later",
    ]
    return "\n".join(found)


def fuzz(service: Service, key: str, ids: list[str], folder: Path) -> dict[str, Any]:
    """Run Schemathesis; what it found, as it reports it."""
    (folder / "schemathesis.toml").write_text(configuration(ids), encoding="utf-8")
    report = folder / "report.json"
    run = subprocess.run(
        [
            *(Path(sys.executable).with_name("schemathesis"), "run", f"{service.url}/openapi.json"),
            *("--header", f"Authorization: Bearer {key}", "--phases", ",".join(PHASES)),
            *("--max-examples", str(EACH), "--seed", SEED, "--workers", "2" if CASES > 1000 else "1"),
            *("--report", "json", "--report-json-path", report, "--no-color"),
        ],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if not k.startswith("CX_")} | {"PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    (folder / "told.txt").write_text(run.stdout + run.stderr, encoding="utf-8")
    assert report.is_file(), run.stdout + run.stderr
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    assert (run.returncode, found["failures"], found["errors"]) == (0, [], []), run.stdout + run.stderr
    return found


def test_no_request_breaks_the_contract(story: tuple[str, str, list[str]], tmp_path: Path) -> None:
    url, key, ids = story
    with served(url, tmp_path, CX_RATE_LIMIT="0") as service:
        found = fuzz(service, key, ids, tmp_path)
    cases, operations = found["test_cases"], found["operations"]
    print(f"{cases['generated']} cases over {operations['tested']} operations: no finding")  # noqa: T201
    assert operations["tested"] == operations["total"] > 30
    assert cases["generated"] >= CASES
    assert '"level": "error"' not in (tmp_path / "service.txt").read_text(encoding="utf-8")
