"""A client in TypeScript is generated from the document, compiles under --strict, and works against the service."""

import asyncio
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from cxcore.db.session import Database
from support.calling import new_key
from support.parley import Parley
from support.served import Service
from support.story import ANNA, PEKKA, tell, who

ROOT = Path(__file__).resolve().parents[3]
MISSING = (
    "TypeScript is missing: copy requirements/typescript to a folder, `npm ci --ignore-scripts --omit=optional` there (Node 18 or newer), "
    "and name it in CX_TEST_TYPESCRIPT"
)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as JavaScript, beside the packages it needs."""
    named = os.environ.get("CX_TEST_TYPESCRIPT")
    modules = Path(named) / "node_modules" if named else None
    if modules is None or not modules.is_dir() or not shutil.which("node"):
        pytest.skip(MISSING)
    folder = tmp_path_factory.mktemp("typescript")
    for name in ("sample.ts", "tsconfig.json"):
        shutil.copy(ROOT / "clients" / "typescript" / name, folder)
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (folder / "node_modules").symlink_to(modules)
    document = ROOT / "openapi" / "cxcore.v1.json"
    ran(
        folder,
        modules / "openapi-typescript" / "bin" / "cli.js",
        document,
        "-o",
        "v1.d.ts",
        "--default-non-nullable=false",
    )
    ran(folder, modules / "typescript" / "bin" / "tsc", "--project", folder)
    return folder / "sample.js"


def ran(folder: Path, *words: object) -> str:
    done = subprocess.run(
        ["node", *map(str, words)],
        cwd=folder,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


async def test_a_client_in_typescript_resolves_reads_merges_and_takes_back(
    compiled: Path, database: Database, parley: type[Parley], service: Service
) -> None:
    await tell(database)
    anna, pekka = str(await who(database, ANNA)), str(await who(database, PEKKA))
    key = await new_key(database)
    found = json.loads(await asyncio.to_thread(ran, compiled.parent, compiled, service.url, key, ANNA, PEKKA))
    assert found["customers"] == [anna, pekka]
    assert set(found["undone"]) == {anna, pekka}
    assert len(found["channels"]) == 5
    assert {"email", "phone"} < set(found["channels"])
