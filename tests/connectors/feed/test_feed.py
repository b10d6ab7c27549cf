"""feed under the conformance suite, and what is its own: conditional requests, authors, broken feeds among good ones."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from cxconnectors.feed import Feed
from cxcore.model.identifier import Scheme
from cxcore.model.interaction import Interaction
from cxcore.sdk import RecordRejected
from cxcore.sdk.testing import CANARY, ConnectorConformance, SourceFixture

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Blog {n}</title><id>tag:b{n}</id><updated>2026-01-01T00:00:00Z</updated>
{entries}</feed>"""
ENTRY = """<entry><id>tag:b{n},{i}</id><title>Post {i}</title><link href="https://b{n}.example/{i}"/>
<updated>{updated}</updated><author><name>Writer {n}</name><uri>https://b{n}.example/</uri>
<email>writer{n}@b{n}.example</email></author><content type="html">&lt;p&gt;Words {i} {words}&lt;/p&gt;</content></entry>"""


class Blogs(SourceFixture):
    """Four blogs on an invented web."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.words = ""
        self.extra = ""
        self.answers: list[Callable[[], httpx2.Response]] = []
        self.requests = 0
        self.down = False

    @property
    def config(self) -> dict[str, Any]:
        return {"urls": [f"https://b{n}.example/feed" for n in range(4)]}

    @property
    def account(self) -> str:
        return "https://b0.example/feed"

    def attach(self, connector: Feed) -> None:
        connector.transport = httpx2.MockTransport(self._answer)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests += 1
        if self.down:
            raise httpx2.ConnectError("no route")
        if self.answers:
            return self.answers[0]() if len(self.answers) == 1 and self.answers[0] is _fail else self.answers.pop(0)()
        n = int(request.url.host[1])
        entries = "".join(
            ENTRY.format(n=n, i=i, words=self.words if (n, i) == (0, 0) else "", updated=self._updated(n, i))
            for i in range(3)
        )
        body = ATOM.format(n=n, entries=entries + (self.extra if n == 1 else "")).encode()
        etag = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
        headers = {"ETag": etag, "Date": "Sat, 21 Nov 2026 18:00:00 GMT"}
        if request.headers.get("If-None-Match") == etag:
            return httpx2.Response(304, headers=headers)
        return httpx2.Response(200, content=body, headers=headers)

    def _updated(self, n: int, i: int) -> str:
        return "2026-02-02T00:00:00Z" if self.words and (n, i) == (0, 0) else f"2026-01-0{i + 1}T00:00:00Z"

    def change(self) -> None:
        self.words = "changed"

    def arrive_late(self) -> None:
        self.extra = ENTRY.format(n=1, i=77, words="", updated="2025-12-31T00:00:00Z")

    def spoil(self) -> None:
        self.extra = f"<entry><id>tag:spoiled</id><title>{CANARY}</title></entry>"

    def go_down(self) -> None:
        self.down = True

    def fetched(self) -> int:
        return self.requests

    def refuse(self) -> None:
        self.answers = [lambda: httpx2.Response(401)] * 50

    def throttle(self, seconds: int) -> None:
        self.answers = [lambda: httpx2.Response(429, headers={"Retry-After": str(seconds)})]

    def fail(self) -> None:
        self.answers = [_fail]


def _fail() -> httpx2.Response:
    return httpx2.Response(503)


class TestFeed(ConnectorConformance):
    connector = Feed
    source_type = Blogs


def feed_of(body: str, **config: Any) -> list[Any]:
    from cxconnectors.feed import entries

    connector = Feed.configured({"urls": ["https://x.example/feed"], **config})
    return [m for r in entries.records(body.encode(), "https://x.example/feed") for m in connector.map(r)]


RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Comments</title>
<item><title>On sauna</title><link>https://us.example/p/1#comment-5</link><guid isPermaLink="false">c5</guid>
<pubDate>Sat, 14 Nov 2026 20:48:07 +0200</pubDate>{author}<description>&lt;p&gt;Hyvä!&lt;/p&gt;</description></item>
</channel></rss>"""


@pytest.mark.parametrize(
    ("author", "name", "identifiers"),
    [
        ("<dc:creator>Emil</dc:creator>", "Emil", []),
        ("<author>emil@x.example (Emil N)</author>", "Emil N", [(Scheme.EMAIL, "", "emil@x.example")]),
        ("<author>https://emil.example/ (Emil N)</author>", "Emil N", [(Scheme.HANDLE, "web", "emil.example/")]),
        ("", None, []),
    ],
)
def test_a_comments_author_is_known_by_what_the_feed_gives(
    author: str, name: str | None, identifiers: list[tuple[Scheme, str, str]]
) -> None:
    (found,) = feed_of(RSS.format(author=author), kind="comment")
    assert isinstance(found, Interaction)
    (person,) = found.customers
    assert person.name == name
    assert [(i.scheme, i.issuer, i.value) for i in person.identifiers] == identifiers
    assert found.text == "Hyvä!"
    assert found.occurred_at == datetime(2026, 11, 14, 18, 48, 7, tzinfo=UTC)
    assert found.conversation == "https://us.example/p/1"


def test_a_handle_belongs_to_its_network() -> None:
    body = ATOM.format(n=1, entries=ENTRY.format(n=1, i=1, words="", updated="2026-01-01T00:00:00Z"))
    (found,) = feed_of(body.replace("Writer 1", "@writer"), network="piip")
    handles = [i for i in found.customers[0].identifiers if i.scheme is Scheme.HANDLE]
    assert [(h.issuer, h.value) for h in handles] == [("piip", "@writer")]
    assert found.customers[0].name is None


def test_what_the_company_wrote_is_no_interaction() -> None:
    assert feed_of(RSS.format(author="<dc:creator>We</dc:creator>"), own_authors=["We"]) == []


@pytest.mark.parametrize("body", ["", "<html><body>Not found</body></html>", "{}", "<rss", "\x00\x01"])
def test_what_is_no_feed_is_set_aside_whole(body: str) -> None:
    with pytest.raises(RecordRejected):
        feed_of(body)


async def test_an_unchanged_feed_is_not_sent_again(tmp_path: Path) -> None:
    source = Blogs(tmp_path)
    connector = Feed.configured(source.config)
    source.attach(connector)
    pages = [page async for page in connector.pull("entries", None)]
    assert [len(p.records) for p in pages] == [3, 3, 3, 3]
    again = [page async for page in connector.pull("entries", pages[-1].cursor)]
    assert [len(p.records) for p in again] == [0]
    assert again[-1].complete_to == datetime(2026, 11, 21, 18, tzinfo=UTC)
