"""The pages of docs/api: every example runs against the service, every operation and every code of a problem is told."""

import asyncio
import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cxcore.api import problems
from cxcore.api.problem_kinds import markdown
from cxcore.api.problem_table import KINDS
from cxcore.db.session import Database
from cxcore.errors import CxError
from support.calling import new_key
from support.parley import Parley
from support.served import Service
from support.story import ANNA, PEKKA, tell, who

ROOT = Path(__file__).resolve().parents[3]
PAGES = sorted((ROOT / "docs" / "api").glob("*.md"))
DOCUMENT = json.loads((ROOT / "openapi" / "cxcore.v1.json").read_text(encoding="utf-8"))
ANY = "…"
"""Stands in an example's answer for what differs from run to run."""
_BLOCK = re.compile(r"^```(sh|json|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
KEPT = {"customer_id": "CUSTOMER", "decision_id": "DECISION", "correction_id": "CORRECTION"}
"""What a reader is asked to keep of an answer, and as which variable."""


def blocks(page: Path, *kinds: str) -> list[tuple[str, str]]:
    return [(kind, text) for kind, text in _BLOCK.findall(page.read_text(encoding="utf-8")) if kind in kinds]


def fits(told: Any, found: Any) -> bool:
    """Whether an answer is as the example says."""
    if told in (ANY, found):
        return True
    if isinstance(told, dict) and isinstance(found, dict):
        named = told.keys() - {ANY}
        return (
            (ANY in told or named == found.keys())
            and named <= found.keys()
            and all(fits(told[n], found[n]) for n in named)
        )
    if isinstance(told, list) and isinstance(found, list):
        return told == [ANY] or (len(told) == len(found) and all(map(fits, told, found)))
    return False


@pytest.fixture
async def story(database: Database, parley: type[Parley], service: Service) -> dict[str, str]:
    """The variables that the pages speak of."""
    await tell(database)
    anna, pekka = await who(database, ANNA), await who(database, PEKKA)
    return {"CX": service.url, "KEY": await new_key(database), "CUSTOMER": str(anna), "OTHER": str(pekka)}


def answered(command: str, variables: dict[str, str]) -> Any:
    """What a command of a page prints, as JSON; ids that a reader keeps are kept."""
    done = subprocess.run(
        ["bash", "-c", command],
        env=variables | {"PATH": os.environ["PATH"], "no_proxy": "*"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    found = json.loads(done.stdout)
    flat = {**found, "correction_id": found.get("correction", {}).get("id")}
    variables |= {KEPT[name]: flat[name] for name in KEPT if flat.get(name)}
    return found


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "sh")], ids=lambda page: page.stem)
def test_what_a_page_says_of_curl_is_so(page: Path, story: dict[str, str]) -> None:
    found = None
    for kind, text in blocks(page, "sh", "json"):
        if kind == "sh":
            found = answered(text, story)
        else:
            assert fits(json.loads(text), found), found


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "python")], ids=lambda page: page.stem)
def test_what_a_page_says_of_python_runs(page: Path, story: dict[str, str]) -> None:
    known = {"url": story["CX"], "key": story["KEY"], "customer": story["CUSTOMER"], "other": story["OTHER"]}
    for _, text in blocks(page, "python"):
        exec(compile(text, str(page), "exec"), known)  # noqa: S102 - the page is ours
    if "client" in known:
        known["client"].get_httpx_client().close()  # type: ignore[attr-defined]
        asyncio.run(known["client"].get_async_httpx_client().aclose())  # type: ignore[attr-defined]


def test_every_operation_is_on_the_page_of_its_resource() -> None:
    missing = []
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            page = ROOT / "docs" / "api" / f"{operation['tags'][0]}.md"
            if not page.is_file() or f"`{method.upper()} {path}`" not in page.read_text(encoding="utf-8"):
                missing.append(f"{page.name}: {method.upper()} {path}")
    assert missing == []


def below(kind: type[CxError]) -> Iterator[type[CxError]]:
    for child in kind.__subclasses__():
        yield child
        yield from below(child)


def test_every_code_of_a_problem_has_a_place_to_lead_to() -> None:
    codes = {kind.code for kind in below(CxError) if kind.__module__.startswith("cxcore.")}
    codes |= {*problems._CODES.values(), "http_error", "internal"}
    assert len(codes) > 10
    assert codes - KINDS.keys() == set()


def test_every_problem_is_answered_with_a_status_that_its_kind_tells() -> None:
    answered = [kind for kind in below(CxError) if kind.__module__.startswith("cxcore.") and KINDS[kind.code].statuses]
    assert len(answered) > 10
    assert [kind for kind in answered if kind.status not in KINDS[kind.code].statuses] == []


def test_the_page_of_problems_says_what_the_service_says() -> None:
    page = (ROOT / "docs" / "api" / "problems.md").read_text(encoding="utf-8")
    assert page[page.index("## ") :] == markdown(KINDS.values()), "run `make openapi`"


@pytest.mark.parametrize(
    ("told", "found", "fit"),
    [
        ({"a": ANY}, {"a": 1}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ({"a": 1, ANY: ANY}, {"a": 1, "b": 2}, True),
        ({"a": [ANY]}, {"a": []}, True),
        ({"a": [1]}, {"a": [2]}, False),
    ],
)
def test_an_example_is_held_against_its_answer(told: Any, found: Any, *, fit: bool) -> None:
    assert fits(told, found) is fit
