"""Reading pages: one by its path, and the search."""

import re
from typing import Any

import httpx2

from support.html import Page, read

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title><svg onload=alert(1)>",
    "Anna {{ 7*7 }} {% raw %}",
    "Anna ${7*7} <!--",
    "javascript:alert(1)",
    "Anna &lt;b&gt; & Co",
]
ALLOWED_URL = re.compile(
    r"/|/search|/reviews|/sources(?:/[a-z][a-z0-9_-]*(?:/settings)?)?|/new-source(?:\?connector=[a-z0-9_]+)?|/sign-out|/sign-in/password|/sessions|/static/[a-z]+\.(?:css|js|svg)(?:#[a-z]+)?"
    r"|/customers/[0-9a-f-]{36}(?:\?(?:channel=[a-z]+&|direction=[a-z]+&)*cursor=[\w-]+)?|\?channel=[a-z]+"
    r"|/customers/[0-9a-f-]{36}/(?:corrections|reveal)|/corrections/[0-9a-f-]{36}/revoke"
)
"""What the address of anything on a page may look like: an id, a filter, a signed position."""


async def page(browser: httpx2.AsyncClient, path: str, **kwargs: Any) -> Page:
    answer = await browser.get(path, **kwargs)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


async def found(browser: httpx2.AsyncClient, query: str, **kwargs: Any) -> Page:
    answer = await browser.post("/search", data={"query": query}, **kwargs)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


def hits(result: Page) -> list[str]:
    """The ids of those found."""
    links = [e.attributes["href"] or "" for e in result.all("a")]
    return [link.removeprefix("/customers/") for link in links if link.startswith("/customers/")]
