"""A small Bluesky on an invented network, held to the vendor's lexicons: what is asked of it and what it answers."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2

from support.lexicon import Lexicons

URL = "https://pds.example"
PASSWORD = "abcd-efgh-ijkl-mnop"
DESK = "did:plc:desk"
_TID = "234567abcdefghijklmnopqrstuvwxyz"
_CID = "bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"
_BEGAN = datetime(2026, 1, 5, 8, tzinfo=UTC)


def tid(at: datetime, clock: int = 0) -> str:
    number = int(at.timestamp() * 1_000_000) << 10 | clock
    return "".join(_TID[number >> (5 * place) & 31] for place in reversed(range(13)))


@dataclass(slots=True)
class Said:
    """A post; ``reasons`` are those for which the desk hears of it."""

    uri: str
    author: str
    record: dict[str, Any]
    indexed_at: datetime
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Bluesky:
    """Accounts, posts, and one account, the desk, that can sign in with ``PASSWORD``."""

    lexicons: Lexicons
    now: datetime = _BEGAN
    posts: list[Said] = field(default_factory=list)
    people: dict[str, dict[str, str]] = field(default_factory=lambda: {DESK: {"handle": "desk.example"}})
    muted: set[str] = field(default_factory=set)
    token: int = 0
    signed_in: int = 0
    calls: list[str] = field(default_factory=list)
    before: Callable[[str], httpx2.Response | None] = lambda nsid: None
    unchecked: bool = False

    def transport(self) -> httpx2.MockTransport:
        return httpx2.MockTransport(self._answer)

    def person(self, name: str, shown: str | None = None) -> str:
        did = f"did:plc:{name}"
        self.people[did] = {"handle": f"{name}.example", **({"displayName": shown} if shown else {})}
        return did

    def say(
        self,
        author: str,
        text: str,
        *,
        reasons: tuple[str, ...] = ("mention",),
        answers: Said | None = None,
        at: datetime | None = None,
        **more: Any,
    ) -> Said:
        """A post, one second after the one before unless ``at`` is given."""
        self.now += timedelta(seconds=1)
        when = at or self.now
        record: dict[str, Any] = {"$type": "app.bsky.feed.post", "text": text, "createdAt": _iso(when), **more}
        if answers is not None:
            parent = {"uri": answers.uri, "cid": _CID}
            record["reply"] = {"root": answers.record.get("reply", {}).get("root", parent), "parent": parent}
        self.lexicons.record("app.bsky.feed.post", record)
        uri = f"at://{author}/app.bsky.feed.post/{tid(when, len(self.posts) % 1024)}"
        said = Said(uri, author, record, when, reasons if author != DESK else ())
        self.posts.append(said)
        return said

    def erase(self, said: Said) -> None:
        self.posts.remove(said)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        parts = urlsplit(str(request.url))
        nsid = parts.path.removeprefix("/xrpc/")
        self.calls.append(nsid)
        answer = self.before(nsid) or self._called(nsid, request, parse_qs(parts.query))
        answer.headers["Date"] = format_datetime(self.now, usegmt=True)
        return answer

    def _called(self, nsid: str, request: httpx2.Request, query: dict[str, list[str]]) -> httpx2.Response:
        assert request.method == self.lexicons.method(nsid)
        asked = self.lexicons.parameters(nsid, query)
        if request.method == "POST":
            body = json.loads(request.content) if request.content else None
            self.lexicons.input(nsid, body)
            asked = body or {}
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        wanted = "refresh" if nsid.endswith("refreshSession") else "access"
        if not nsid.endswith("createSession") and bearer != f"{wanted}-{self.token}":
            return self._error(nsid, "ExpiredToken")
        told = getattr(self, "_" + nsid.rpartition(".")[2])(**asked)
        if isinstance(told, str):
            return self._error(nsid, told, status=401 if told == "AuthenticationRequired" else 400)
        if not self.unchecked:
            self.lexicons.output(nsid, told)
        return httpx2.Response(200, json=told)

    def _error(self, nsid: str, name: str, status: int = 400) -> httpx2.Response:
        self.lexicons.error(nsid, name)
        return httpx2.Response(status, json={"error": name, "message": "…"})

    def _createSession(self, identifier: str, password: str) -> Any:  # noqa: N802 - the lexicon's name
        if password != PASSWORD or identifier not in {DESK, self.people[DESK]["handle"]}:
            return "AuthenticationRequired"
        self.signed_in += 1
        return self._refreshSession()

    def _refreshSession(self) -> Any:  # noqa: N802 - the lexicon's name
        self.token += 1
        tokens = {"accessJwt": f"access-{self.token}", "refreshJwt": f"refresh-{self.token}"}
        return {**tokens, "did": DESK, "handle": self.people[DESK]["handle"], "active": True}

    def _getSession(self) -> Any:  # noqa: N802 - the lexicon's name
        return {"did": DESK, "handle": self.people[DESK]["handle"]}

    def _getMutes(self, limit: int = 50, cursor: str | None = None) -> Any:  # noqa: N802 - the lexicon's name
        return {"mutes": [self._profile(did) for did in sorted(self.muted)]}

    def _getBlocks(self, limit: int = 50, cursor: str | None = None) -> Any:  # noqa: N802 - the lexicon's name
        return {"blocks": []}

    def _listNotifications(  # noqa: N802 - the lexicon's name
        self, limit: int = 50, cursor: str | None = None, reasons: tuple[str, ...] = ()
    ) -> Any:
        """Newest first; the cursor is the time of the last, as in the vendor's program."""
        found = [
            (said, reason)
            for said in sorted(self.posts, key=lambda s: s.indexed_at, reverse=True)
            for reason in said.reasons
            if said.author not in self.muted and (cursor is None or _iso(said.indexed_at) < cursor)
        ]
        page = found[:limit]
        told = [self._notification(s, r) for s, r in page if not reasons or r in reasons]
        return {"notifications": told, **({"cursor": _iso(page[-1][0].indexed_at)} if len(found) > limit else {})}

    def _listRecords(  # noqa: N802 - the lexicon's name
        self, repo: str, collection: str, limit: int = 50, cursor: str | None = None
    ) -> Any:
        assert (repo, collection) == (DESK, "app.bsky.feed.post")
        keys = sorted((s.uri.rpartition("/")[2], s) for s in self.posts if s.author == DESK and s.uri)
        found = [(key, s) for key, s in reversed(keys) if cursor is None or key < cursor][:limit]
        told = [{"uri": s.uri, "cid": _CID, "value": s.record} for _, s in found]
        return {"records": told, **({"cursor": found[-1][0]} if found else {})}

    def _notification(self, said: Said, reason: str) -> dict[str, Any]:
        return {
            "uri": said.uri,
            "cid": _CID,
            "author": self._profile(said.author),
            "reason": reason,
            "record": said.record,
            "isRead": False,
            "indexedAt": _iso(said.indexed_at),
        }

    def _profile(self, did: str) -> dict[str, Any]:
        return {"did": did, **self.people[did]}


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
