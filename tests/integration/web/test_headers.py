"""Headers: every answer of the pages is guarded, errors and static files too."""

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest

import cxcore.web
from cxcore.db.session import Database
from cxcore.web.app import create
from support.calling import CURSOR_KEY, calling
from support.html import read

CANARY = "canary-4711-kaarina"
NOBODY = UUID(int=7)


def guarded(answer: httpx2.Response) -> None:
    headers = answer.headers
    policy = {part.strip().split(" ")[0]: part.strip() for part in headers["content-security-policy"].split(";")}
    assert policy["default-src"] == "default-src 'none'"
    assert policy["script-src"] == "script-src 'self'"
    assert policy["style-src"] == "style-src 'self'"
    assert policy["frame-ancestors"] == "frame-ancestors 'none'"
    assert policy["form-action"] == "form-action 'self'"
    assert policy["base-uri"] == "base-uri 'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    for name in ("content-security-policy", "cache-control", "x-content-type-options"):
        assert len(headers.get_list(name)) == 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/sign-in", 200),
        ("POST", "/search", 303),
        ("GET", f"/customers/{NOBODY}", 404),
        ("GET", "/customers/nobody", 404),
        ("GET", f"/customers/{NOBODY}?cursor=x", 404),
        ("GET", "/nothing", 404),
        ("GET", "/search", 405),
        ("PUT", "/", 405),
        ("GET", "/static/style.css", 200),
        ("GET", "/static/pages.js", 200),
        ("GET", "/static/icons.svg", 200),
        ("GET", "/static/nothing.css", 404),
        ("GET", "/static/../app.py", 404),
        ("GET", "/static/%2e%2e/app.py", 404),
        ("GET", "/static/..%2fapp.py", 404),
        ("GET", "/static/", 404),
        ("GET", "/sign-in?ticket=wrong", 401),
        ("POST", "/sign-out", 303),
    ],
)
async def test_every_answer_is_guarded(browser: httpx2.AsyncClient, method: str, path: str, status: int) -> None:
    answer = await browser.request(method, path)
    assert answer.status_code == status, answer.text
    guarded(answer)
    if answer.headers.get("content-type", "").startswith("text/html"):
        read(answer.text)


async def test_what_nobody_foresaw_is_guarded_too_and_told_without_its_words(
    browser: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr("cxcore.timeline.search.search", broken)
    answer = await browser.post("/search", data={"query": "anna"})
    assert answer.status_code == 500
    guarded(answer)
    assert CANARY not in answer.text
    assert "That did not work" in read(answer.text).text


async def test_a_database_that_is_gone_is_said_in_a_page() -> None:
    gone = Database("postgresql://nobody@127.0.0.1:1/x")
    try:
        app = create(gone, cursor_key=CURSOR_KEY, timezone="Europe/Helsinki", secure=False)
        async with calling(app) as client:
            answer = await client.get("/", headers={"Cookie": "cx=something"})
        assert answer.status_code == 503
        guarded(answer)
        assert "The database does not answer." in read(answer.text).text
    finally:
        await gone.close()


@pytest.mark.parametrize("size", [1_000_000, 5_000_000])
@pytest.mark.parametrize("path", ["/sign-in", "/search", "/sign-out"])
async def test_a_form_of_megabytes_is_refused(outside: httpx2.AsyncClient, path: str, size: int) -> None:
    """Before anybody is signed in: else a stranger fills the memory."""

    async def chunks() -> Any:
        yield b"key="
        for _ in range(size // 50_000):
            yield b"a" * 50_000

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    announced = await outside.post(path, content=b"key=" + b"a" * size, headers=form)
    streamed = await outside.post(path, content=chunks(), headers=form)
    for answer in (announced, streamed):
        guarded(answer)
        assert answer.status_code == (
            413 if path == "/sign-in" else 303
        )  # the others send strangers to the door unread


async def test_a_query_of_megabytes_is_refused(browser: httpx2.AsyncClient) -> None:
    answer = await browser.post("/search", data={"query": "a" * 1_000_000})
    assert answer.status_code == 413
    guarded(answer)
    read(answer.text)


@pytest.mark.parametrize(
    "form",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "text/plain", ""],
)
@pytest.mark.parametrize(
    "body", [b"", b"key", b"=", b"&&&&&&&&&", b"--x\r\n", b"\xff\x00", b"key=%", b"key=%00&key=%ff", b"a=1&" * 50]
)
async def test_no_form_breaks_the_door(outside: httpx2.AsyncClient, form: str, body: bytes) -> None:
    answer = await outside.post("/sign-in", content=body, headers={"Content-Type": form})
    assert 400 <= answer.status_code < 500
    guarded(answer)
    read(answer.text)


TEMPLATES = sorted((Path(cxcore.web.__file__).parent / "templates").glob("*.html"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: p.name)
def test_nothing_in_a_template_needs_a_weaker_policy(template: Path) -> None:
    """Neither inline scripts and styles nor handlers, nor anything from elsewhere, nor anything unescaped."""
    html = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", html)
    assert re.findall(r"<script(?![^>]*\ssrc=)", html) == []
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)
    assert not re.search(r"\|\s*safe|autoescape false", html)
