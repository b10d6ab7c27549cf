"""Prism between a connector and a fake of its vendor: the vendor's own document judges what both of them say.

A connector asks `Judge.url`, which hands the request on to Prism, Prism to the fake, and the answer comes back the same
way. Whatever the document does not allow is a fault, even one that the connector would get over: `Judge.watching` fails
the test for it.
"""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

from support.rest import Reply, Request, Server

MISSING = (
    "Prism is missing: copy requirements/prism to a folder, `npm ci --ignore-scripts --omit=optional` there (Node 18 or newer), and"
    " name it in CX_TEST_PRISM"
)
_PROGRAM = Path("node_modules/@stoplight/prism-cli/dist/index.js")
_ITS_OWN = "https://stoplight.io/prism/errors#"
_REFUSALS = frozenset({400, 401, 403, 404, 410, 429, 500, 502, 503, 504})
"""Any service may answer so, whether or not its document says it."""
_OF_A_CONNECTION = frozenset({"host", "connection", "content-length", "transfer-encoding", "keep-alive"})
_DROPPED = object()


def program() -> Path | None:
    """Prism's program in the folder that CX_TEST_PRISM names; None without it, or without Node."""
    named = os.environ.get("CX_TEST_PRISM")
    found = Path(named) / _PROGRAM if named else None
    return found if found and found.is_file() and shutil.which("node") else None


@dataclass(frozen=True)
class Flaw:
    """A place where a document contradicts the service that it describes.

    ``where``: JSON pointer (RFC 6901). ``says``: what stands there; a document that says something else was mended, and
    the flaw is refused. ``should``: what is put there instead; left out, the place is removed. ``because``: how one knows.
    """

    where: str
    says: Any
    because: str
    should: Any = _DROPPED


class _Yaml(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # in C where it was built so
    """YAML whose dates stay the texts they are in JSON."""


_Yaml.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if tag != "tag:yaml.org,2002:timestamp"]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path: Path, flaws: Iterable[Flaw] = ()) -> dict[str, Any]:
    """A vendor's document, in JSON or YAML, with its flaws put right."""
    text = path.read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text) if path.suffix == ".json" else yaml.load(text, _Yaml)  # noqa: S506 - safe
    return mended(document, flaws)


def mended(document: dict[str, Any], flaws: Iterable[Flaw]) -> dict[str, Any]:
    """The document itself, with its flaws put right."""
    for flaw in flaws:
        _mend(document, flaw)
    return document


def _mend(document: Any, flaw: Flaw) -> None:
    *way, last = [part.replace("~1", "/").replace("~0", "~") for part in flaw.where.split("/")[1:]]
    for part in way:
        document = document[int(part) if isinstance(document, list) else part]
    key: Any = int(last) if isinstance(document, list) else last
    assert document[key] == flaw.says, f"{flaw.where} does not say {flaw.says!r} any more"
    if flaw.should is _DROPPED:
        del document[key]
    else:
        document[key] = flaw.should


class Judge:
    """A running Prism with its front and, behind it, the fake: set ``fake.answer`` to what should answer.

    ``url``: where a connector asks. ``faults``: what the document did not allow, in words.
    """

    def __init__(self, fake: Server, client: httpx2.Client, document: dict[str, Any]) -> None:
        self.fake = fake
        self.url = ""
        self.faults: list[str] = []
        self._client = client
        self._known = list(_parameters(document))

    def taken(self) -> list[str]:
        """The faults so far; the list is empty afterwards."""
        found, self.faults = self.faults, []
        return found

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Fails if anything happens meanwhile that the document does not allow."""
        self.taken()
        yield
        self.fake.answer, self.fake.now = _nobody, None
        if found := self.taken():
            raise AssertionError("The document does not allow it:\n" + "\n".join(found))

    def hand_on(self, request: Request) -> Reply:
        """Ask Prism what was asked, note what it objects to, and answer what it answers."""
        unknown = self._unknown(request)
        self.faults += [f"{request.method} {request.path}: {name} is no parameter" for name in unknown]
        answer = self._client.request(
            request.method,
            request.target,
            content=request.raw or None,
            headers={name: value for name, value in request.headers.items() if name not in _OF_A_CONNECTION},
        )
        self.faults += [f"{request.method} {request.path}: {fault}" for fault in _objections(answer)]
        headers = {name: value for name, value in answer.headers.items() if name not in _OF_A_CONNECTION}
        return Reply(answer.content, status=answer.status_code, headers=headers)

    def _unknown(self, request: Request) -> list[str]:
        """Names in the query that the document does not know; Prism lets them pass."""
        for method, path, names in self._known:
            if method == request.method and path.fullmatch(request.path):
                return sorted(request.query.keys() - names)
        return []  # Prism objects to the path


def _parameters(document: dict[str, Any]) -> Iterator[tuple[str, re.Pattern[str], set[str]]]:
    """Method, path and the names of its query of each operation; paths without variables first."""
    for path, operations in sorted(document["paths"].items(), key=lambda item: "{" in item[0]):
        pattern = re.compile("[^/]+".join(re.escape(part) for part in re.split(r"\{[^}]*\}", path)))
        for method in operations.keys() & {"get", "post"}:
            listed = [*operations.get("parameters", ()), *operations[method].get("parameters", ())]
            named = [_resolved(document, each) for each in listed]
            yield method.upper(), pattern, {each["name"] for each in named if each["in"] == "query"}


def _resolved(document: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """What a reference within the document leads to."""
    if "$ref" not in found:
        return found
    there: Any = document
    for part in found["$ref"].split("/")[1:]:
        there = there[part]
    return there  # type: ignore[no-any-return]  # a document is JSON


def _objections(answer: httpx2.Response) -> list[str]:
    """What Prism has against a request, or against the answer to it."""
    said = answer.headers.get("sl-violations")
    found = json.loads(said) if said else []
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        problem = answer.json()
        if str(problem.get("type")).startswith(_ITS_OWN):
            found = problem.get("validation") or [{"message": f"{problem['title']}: {problem['detail']}"}]
    told = [each for each in found if each.get("severity") != "Warning" or answer.status_code not in _REFUSALS]
    return [f"{'.'.join(each.get('location', ()))} {each['message']}".strip() for each in told]


def _nobody(request: Request) -> Reply:
    return Reply({"error": "there is no fake"}, status=503)


@contextlib.contextmanager
def judge(document: dict[str, Any], folder: Path) -> Iterator[Judge]:
    """Prism over a document, its files in an empty folder, before a fake that answers nothing yet.

    It takes 2 to 5 seconds and 200 MiB: have one a module of tests. Where it is missing the test is skipped.
    """
    if program() is None:
        pytest.skip(MISSING)
    (folder / "document.json").write_text(json.dumps(document), encoding="utf-8")
    with (
        Server(_nobody) as fake,
        _running(folder, fake.url) as url,
        httpx2.Client(base_url=url, timeout=60, trust_env=False) as client,
    ):
        found = Judge(fake, client, document)
        with Server(found.hand_on) as front:
            found.url = front.url
            yield found


@contextlib.contextmanager
def _running(folder: Path, upstream: str) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        "node",
        str(program()),
        "proxy",
        "--errors",
        "--port",
        str(port),
        str(folder / "document.json"),
        upstream,
    ]
    with (folder / "out").open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out, cwd=folder) as process:
        try:
            _wait(process, folder / "out")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()  # it keeps nothing


def _wait(process: subprocess.Popen[bytes], out: Path) -> None:
    for _ in range(1800):
        if b"Prism is listening" in out.read_bytes():
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"Prism does not start: {out.read_text()[-2000:]}")
