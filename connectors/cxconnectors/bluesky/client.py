"""The XRPC calls that a pull needs, with a session that is renewed when it runs out.

https://atproto.com/specs/xrpc; lexicons com.atproto.server.*, com.atproto.repo.listRecords, app.bsky.notification.*,
app.bsky.graph.getBlocks and getMutes.
"""

import hashlib
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from cxconnectors.bluesky.config import BlueskyConfig
from cxcore.sdk import AuthFailed, Rate, SourceUnavailable
from cxcore.sdk.http import Answer, Http

_REFUSED = (400, 401, 403)
_OVER = frozenset({"ExpiredToken", "InvalidToken", "AuthMissing", "AuthenticationRequired"})
_MOST_SESSIONS = 1000
_MOST_PAGES = 1000


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in, with tokens that no text shows."""

    did: str
    handle: str
    access: str
    refresh: str

    def __repr__(self) -> str:
        return "Session()"


_SESSIONS: dict[bytes, Session] = {}
"""Kept for the life of the process, since a server lets an account sign in only some hundred times a day."""


class Refused(SourceUnavailable):
    """A call answered with an error of the lexicon; ``name`` is its."""

    def __init__(self, nsid: str, name: str, status: int) -> None:
        known = name if name.isascii() and name.isalpha() and len(name) < 50 else str(status)  # noqa: PLR2004 - a word
        super().__init__(f"The service answers {nsid} with {known}.", hint="It is tried again by itself.")
        self.name = name


class Client:
    """A service as one account sees it."""

    def __init__(self, http: Http, config: BlueskyConfig) -> None:
        self._http, self._config = http, config
        told = (config.service, config.identifier, config.app_password.get_secret_value())
        self._key = hashlib.sha256("\0".join(told).encode()).digest()
        self.session = Session("", "", "", "")
        self.clock: datetime | None = None
        """What time it was there when it last answered."""

    @classmethod
    @asynccontextmanager
    async def signed_in(cls, config: BlueskyConfig, *, rate: Rate | None, transport: Any) -> AsyncGenerator["Client"]:
        """A client with a session, taken over from an earlier pull where there is one.

        Raises:
            AuthFailed: the service refuses the account.
        """
        async with Http(
            homes=[config.service], private_network=config.private_network, rate=rate, transport=transport
        ) as http:
            client = cls(http, config)
            known = _SESSIONS.get(client._key)
            if known is None:
                await client._begin()
            else:
                client.session = known
            yield client

    async def whoami(self) -> str:
        """The account's handle at this time."""
        return _text(await self.get("com.atproto.server.getSession", {}), "handle")

    async def notifications(
        self, reasons: Sequence[str], cursor: str | None, limit: int
    ) -> tuple[list[dict[str, Any]], str | None]:
        """A page of what concerns the account, newest first, and where to go on; None at the end."""
        asked: list[tuple[str, str]] = [("reasons", reason) for reason in reasons]
        asked += [("limit", str(limit)), *([("cursor", cursor)] if cursor else [])]
        return _page(await self.get("app.bsky.notification.listNotifications", asked), "notifications")

    async def posts(self, cursor: str | None, limit: int) -> tuple[list[dict[str, Any]], str | None]:
        """A page of the account's own posts, newest first, and where to go on; None at the end."""
        asked = {"repo": self.session.did, "collection": "app.bsky.feed.post", "limit": str(limit)}
        return _page(
            await self.get("com.atproto.repo.listRecords", asked | ({"cursor": cursor} if cursor else {})), "records"
        )

    async def hidden(self) -> bytes:
        """A digest of whom the account has muted or blocked."""
        digest = hashlib.sha256()
        for nsid, name in (("app.bsky.graph.getMutes", "mutes"), ("app.bsky.graph.getBlocks", "blocks")):
            digest.update("\n".join([name, *sorted(await self._people(nsid, name))]).encode("utf-8", "surrogatepass"))
        return digest.digest()

    async def _people(self, nsid: str, name: str) -> set[str]:
        """The DIDs of a list of people, whole."""
        found: set[str] = set()
        cursor: str | None = None
        for _ in range(_MOST_PAGES):
            people, cursor = _page(
                await self.get(nsid, {"limit": "100", **({"cursor": cursor} if cursor else {})}), name
            )
            found |= {str(person.get("did")) for person in people}
            if cursor is None:
                return found
        raise SourceUnavailable(f"The service's list of {name} does not end.", hint="It is tried again by itself.")

    async def get(self, nsid: str, asked: Mapping[str, str] | Sequence[tuple[str, str]]) -> dict[str, Any]:
        """A query's answer; a session that has run out is renewed once.

        Raises:
            Refused: it is answered with an error.
            AuthFailed: the account may not ask, or no longer.
        """
        url = f"{self._config.service}/xrpc/{nsid}{'?' + urlencode(asked) if asked else ''}"
        answer = await self._http.get(url, headers=self._bearer(self.session.access), also=_REFUSED)
        if _error(answer) in _OVER:
            await self._renew()
            answer = await self._http.get(url, headers=self._bearer(self.session.access), also=_REFUSED)
        self.clock = answer.date or self.clock
        if answer.status in _REFUSED:
            raise self._refusal(nsid, answer)
        return _object(answer)

    async def _renew(self) -> None:
        answer = await self._http.post(
            self._call("refreshSession"), headers=self._bearer(self.session.refresh), also=_REFUSED
        )
        if answer.status in _REFUSED:
            await self._begin()
        else:
            self._keep(_object(answer))

    async def _begin(self) -> None:
        told = {"identifier": self._config.identifier, "password": self._config.app_password.get_secret_value()}
        answer = await self._http.post(self._call("createSession"), json=told, also=_REFUSED)
        if answer.status in _REFUSED:
            _SESSIONS.pop(self._key, None)
            name = _error(answer)
            if name == "AuthFactorTokenRequired":
                raise AuthFailed("The account asks for a second factor.", hint="Use an app password.")
            if name == "AccountTakedown":
                raise AuthFailed("The account was taken down.", hint="Ask the service why.")
            raise AuthFailed("The service refuses the account.", hint="Check identifier and app_password.")
        self._keep(_object(answer))

    def _keep(self, found: dict[str, Any]) -> None:
        if found.get("active") is False:
            raise AuthFailed("The account is not active.", hint="Activate it, or ask the service why.")
        if len(_SESSIONS) >= _MOST_SESSIONS:
            _SESSIONS.clear()
        self.session = _SESSIONS[self._key] = Session(
            *(_text(found, name) for name in ("did", "handle", "accessJwt", "refreshJwt"))
        )

    def _refusal(self, nsid: str, answer: Answer) -> AuthFailed | Refused:
        name = _error(answer) or str(answer.status)
        if answer.status != _REFUSED[0] or name in _OVER:
            return AuthFailed(
                f"The account may not ask for {nsid}.", hint="Make a new app password; it needs no direct messages."
            )
        return Refused(nsid, name, answer.status)

    def _call(self, name: str) -> str:
        return f"{self._config.service}/xrpc/com.atproto.server.{name}"

    @staticmethod
    def _bearer(token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}"}


def _error(answer: Answer) -> str | None:
    """The name of the error that an answer is, None where it is none."""
    if answer.status not in _REFUSED:
        return None
    try:
        found = answer.json()
    except SourceUnavailable:
        return str(answer.status)
    name = found.get("error") if isinstance(found, dict) else None
    return name if isinstance(name, str) else str(answer.status)


def _object(answer: Answer) -> dict[str, Any]:
    found = answer.json()
    if not isinstance(found, dict):
        raise SourceUnavailable("The service answers something that is no object.", hint="Check `service`.")
    return found


def _page(found: dict[str, Any], name: str) -> tuple[list[dict[str, Any]], str | None]:
    listed, cursor = found.get(name), found.get("cursor")
    if not isinstance(listed, list):
        raise SourceUnavailable(f"The service's answer has no {name}.", hint="Check `service`.")
    return [each for each in listed if isinstance(each, dict)], cursor if isinstance(cursor, str) and cursor else None


def _text(found: dict[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise SourceUnavailable(f"The service's answer has no {name}.", hint="Check `service`.")
    return value
