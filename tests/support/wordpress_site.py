"""A small WordPress without a server, with the calls of the real one that tests use: it answers as 6.1 was seen to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2

from support.wordpress import USER

PASSWORD = "abcd efgh ijkl mnop"
_SEEN = frozenset({"approved", "hold"})


@dataclass(slots=True)
class Site:
    """Posts and comments. Only ``desk`` with ``PASSWORD`` sees addresses and pending comments."""

    url: str = "https://blog.example"
    password: str = PASSWORD
    now: datetime = datetime(2026, 1, 5, 8, tzinfo=UTC)
    comments: dict[int, dict[str, Any]] = field(default_factory=dict)
    made: int = 0
    calls: list[dict[str, str]] = field(default_factory=list)
    before: Callable[[], httpx2.Response | None] = lambda: None

    def transport(self) -> httpx2.MockTransport:
        return httpx2.MockTransport(self._answer)

    def post(self, title: str = "A post") -> int:
        return 4

    def user(self, name: str) -> int:
        return 7

    def comment(self, post: int, name: str, words: str, **more: Any) -> int:
        self.made += 1
        self.now += timedelta(seconds=1)
        address = "desk@shop.example" if more.get("author") == 1 else f"{name.lower()}@home.example"
        self.comments[self.made] = {
            "id": self.made,
            "post": post,
            "parent": 0,
            "author": 0,
            "author_name": name,
            "author_email": address,
            "author_url": "",
            "date_gmt": self.now.replace(tzinfo=None).isoformat(timespec="seconds"),
            "content": {"raw": words, "rendered": f"<p>{words}</p>\n"},
            "link": f"{self.url}/?p={post}#comment-{self.made}",
            "status": "approved",
            "_embedded": {"up": [{"id": post, "title": {"rendered": "A &#038; B"}, "link": f"{self.url}/?p={post}"}]},
            **more,
        }
        return self.made

    def change(self, comment: int, **fields: Any) -> None:
        if "content" in fields:
            fields["content"] = {"raw": fields["content"], "rendered": fields["content"]}
        self.comments[comment] |= fields

    def erase(self, comment: int) -> None:
        del self.comments[comment]

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(str(request.url)).query).items()}
        self.calls.append(asked)
        answer = self.before() or self._called(asked, httpx2.BasicAuth(USER, self.password), request)
        answer.headers["Date"] = format_datetime(self.now, usegmt=True)
        return answer

    def _called(self, asked: dict[str, str], known: httpx2.BasicAuth, request: httpx2.Request) -> httpx2.Response:
        if asked["rest_route"] == "/":
            return httpx2.Response(200, json={"name": "A blog", "namespaces": ["oembed/1.0", "wp/v2"]})
        assert asked["rest_route"] == "/wp/v2/comments"
        given = request.headers.get("authorization")
        signed_in = given is not None and given == known._auth_header
        if (given is not None or "status" in asked) and not signed_in:
            return httpx2.Response(401, json={"code": "rest_forbidden_param", "data": {"status": 401}})
        seen = _SEEN if asked.get("status") == "all" else {"approved"}
        found = [self._shown(c, signed_in=signed_in) for c in self._chosen(asked) if c["status"] in seen]
        start, size = int(asked.get("offset", 0)), int(asked["per_page"])
        return httpx2.Response(200, json=found[start : start + size], headers={"X-WP-Total": str(len(found))})

    def _chosen(self, asked: dict[str, str]) -> list[dict[str, Any]]:
        after = asked.get("after", "").removesuffix("Z")
        wanted = {int(each) for each in asked["include"].split(",")} if "include" in asked else self.comments.keys()
        there = [c for c in self.comments.values() if c["id"] in wanted and c["date_gmt"] > after]
        return sorted(there, key=lambda c: (c["date_gmt"], c["id"]))

    @staticmethod
    def _shown(comment: dict[str, Any], *, signed_in: bool) -> dict[str, Any]:
        if signed_in:
            return comment
        public = {name: value for name, value in comment.items() if name != "author_email"}
        return public | {"content": {"rendered": comment["content"]["rendered"]}}
