"""wordpress under the conformance suite, on a small site of our own; tests/acceptance has the real one."""

from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from cxconnectors.wordpress import WordPress as Connector
from cxcore.sdk.testing import CANARY, ConnectorConformance
from support.blog import Blog
from support.wordpress_site import Site


class SmallBlog(Blog):
    """What the small site can do beyond the real one."""

    site: Site

    def arrive_late(self) -> None:
        at = self.site.now - timedelta(hours=20)
        self.site.comment(self.post, "Late", "words", date_gmt=at.replace(tzinfo=None).isoformat(timespec="seconds"))

    def spoil(self) -> None:
        self.site.comment(self.post, "Odd", CANARY, date_gmt=CANARY)

    def fetched(self) -> int:
        return len(self.site.calls)

    def throttle(self, seconds: int) -> None:
        waits = [httpx2.Response(429, headers={"Retry-After": str(seconds)})]
        self.site.before = lambda: waits.pop() if waits else None

    def fail(self) -> None:
        self.site.before = lambda: httpx2.Response(503)


class TestWordPress(ConnectorConformance):
    connector = Connector
    source_type = SmallBlog

    @pytest.fixture
    def source(self, tmp_path: Path) -> SmallBlog:
        return SmallBlog(tmp_path, Site())
