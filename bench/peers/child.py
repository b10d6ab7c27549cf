"""A peer in a process of its own, with a limit of memory and of time: what it takes must not stop the bench."""

import importlib
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.peers import INSTALL, Found, Row, installed

_ROOT = Path(__file__).resolve().parents[2]
_KILLED = frozenset({-6, -9, -11})
"""What a library may do that is refused memory; others say so."""
_REFUSED = re.compile("MemoryError|OutOfMemory|Out of Memory|bad_alloc|Cannot allocate memory|failed to map segment")
GIGABYTE = 1 << 30


def drive(
    name: str, table: Sequence[Row], entities: Sequence[str | None], *, seed: int, gigabytes: float, minutes: float
) -> list[Found]:
    """What a peer found, or one entry that says why it found nothing.

    Raises:
        RuntimeError: it failed for another reason than memory or time; the message is the end of what it printed.
    """
    if not installed(name):
        return [Found(f"{name}: not installed ({INSTALL})")]
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder, "given.json"), Path(folder, "made.json")
        given.write_text(json.dumps({"table": list(table), "entities": list(entities), "seed": seed}), encoding="utf-8")
        limit = str(int(gigabytes * GIGABYTE))
        command = [sys.executable, "-m", "bench.peers.child", name, limit, str(given), str(made)]
        try:
            done = subprocess.run(  # noqa: S603 - this module
                command,
                cwd=_ROOT,
                env=os.environ | {"PYTHONHASHSEED": "0", "PYTHONWARNINGS": "ignore", "TMPDIR": folder},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=minutes * 60,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return [Found(f"{name}: out of time ({minutes:g} min)")]
        said = done.stderr.decode(errors="replace")[-2000:]
        if done.returncode in _KILLED or (done.returncode and _REFUSED.search(said)):
            return [Found(f"{name}: out of memory ({gigabytes:g} GB)")]
        if done.returncode:
            raise RuntimeError(f"{name} failed:\n{said}")
        return [Found(**found) for found in json.loads(made.read_text(encoding="utf-8"))]


def main(name: str, limit: str, given: str, made: str) -> None:
    """Resolve what the first file holds, and write the second."""
    resource.setrlimit(resource.RLIMIT_AS, (int(limit), int(limit)))
    asked = json.loads(Path(given).read_text(encoding="utf-8"))
    found = importlib.import_module(f"bench.peers.{name}").resolve(asked["table"], asked["entities"], asked["seed"])
    answer = [{"label": f.label, "clusters": f.clusters, "seconds": f.seconds} for f in found]
    Path(made).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
