"""A WordPress for the conformance suite, real or small: a post that guests comment on and a desk answers."""

from pathlib import Path
from typing import Any

import httpx2

from cxconnectors.wordpress import WordPress as Connector
from cxcore.sdk.testing import SourceFixture
from support.wordpress import USER, WordPress
from support.wordpress_site import Site

NOBODY = "http://127.0.0.1:9"


class Blog(SourceFixture):
    """Nine comments, every third by the desk in answer to the one before."""

    def __init__(self, folder: Path, site: Site | WordPress) -> None:
        super().__init__(folder)
        self.site, self.password, self.url = site, site.password, site.url
        self.post = site.post()
        self.made: list[int] = []
        for n in range(9):
            answers = {"author": 1, "parent": self.made[-1]} if n % 3 == 2 else {}
            self.made.append(site.comment(self.post, f"Guest{n}", f"words {n}", **answers))

    @property
    def config(self) -> dict[str, Any]:
        return {"url": self.url, "user": USER, "app_password": self.password, "own_users": [1], "page": 3,
                "recheck_minutes": 0}  # fmt: skip

    @property
    def account(self) -> str:
        return "A blog"

    def attach(self, connector: Connector) -> None:
        if isinstance(self.site, Site):
            connector.transport = self.site.transport()
        if self.url == NOBODY:
            connector.transport = httpx2.MockTransport(_unreachable)

    def change(self) -> None:
        self.site.change(self.made[4], content="other words")

    def delete(self) -> None:
        self.site.erase(self.made[8])

    def go_down(self) -> None:
        self.url = NOBODY

    def refuse(self) -> None:
        self.password = "another"


def _unreachable(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("no route")
