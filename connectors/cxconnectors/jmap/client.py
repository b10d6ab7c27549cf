"""The calls of JMAP (RFC 8620, RFC 8621) that a pull needs, one method a request."""

import asyncio
import base64
import re
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cxconnectors.jmap.config import JmapConfig
from cxconnectors.jmap.service import CORE, MAIL, Service, filled, session_address
from cxcore.sdk import AuthFailed, RateLimited, SourceUnavailable
from cxcore.sdk.http import Answer, Http
from cxcore.sdk.http import Limits as HttpLimits
from cxcore.sdk.http.redirects import origin

_PROPERTIES = ["id", "blobId", "mailboxIds", "keywords", "size", "receivedAt"]
_REFUSED = 401
_PROBLEMS = (400, 404, 413)
_SPOKEN = re.compile(r"[A-Za-z]{1,40}")
_CLOSED = frozenset({"accountNotFound", "accountNotSupportedByMethod", "forbidden"})
_BUSY = 30.0
"""Seconds after which a server is asked again that has too many requests at once from us."""
_ROOM = 1 << 20


class MethodRefused(SourceUnavailable):
    """A method answered with an error (RFC 8620, section 3.6.2); ``kind`` is its type."""

    def __init__(self, method: str, kind: str, arguments: Any) -> None:
        shown = kind if _SPOKEN.fullmatch(kind) else "an error"
        super().__init__(f"The server answers {method} with {shown}.", hint="It is tried again by itself.")
        self.kind = kind
        self.arguments = (
            tuple(each for each in arguments if isinstance(each, str)) if isinstance(arguments, list) else ()
        )


@dataclass(frozen=True, slots=True)
class Email:
    """A mail as the server knows it. ``size`` in bytes; ``received_at`` in seconds since 1970."""

    id: str
    blob: str
    mailboxes: frozenset[str]
    draft: bool
    size: int
    received_at: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed since a state; with ``more``, only up to the state ``to``."""

    to: str
    more: bool
    alive: tuple[str, ...]
    destroyed: tuple[str, ...]


class Client:
    """A JMAP server as one user sees it."""

    def __init__(self, http: Http, service: Service) -> None:
        self._http = http
        self.service = service
        self.clock: datetime | None = None
        """What time it was there when it last answered a method."""

    @classmethod
    @asynccontextmanager
    async def signed_in(cls, config: JmapConfig) -> AsyncGenerator["Client"]:
        """A client that has read the session resource.

        Raises:
            AuthFailed: the credentials are refused.
            SourceUnavailable: there is no JMAP server, or it leads to addresses that are not trusted.
        """
        async with client_for(config) as http:
            answer = await http.get(session_address(config.url), also=(_REFUSED,))
            homes = (config.url, *config.also_at)
            if answer.status == _REFUSED:
                raise _stranger(answer, homes)
            yield cls(http, Service.read(answer.json(), answer.url, homes))

    async def call(self, method: str, account: str, **arguments: Any) -> dict[str, Any]:
        """The arguments that a method answers with.

        Raises:
            MethodRefused: it answers with an error.
            AuthFailed: the account may not be read.
            RateLimited: too many requests at once.
        """
        asked = {"using": [CORE, MAIL], "methodCalls": [[method, {"accountId": account, **arguments}, "0"]]}
        answer = await self._http.post(self.service.api, json=asked, also=_PROBLEMS)
        if answer.status in _PROBLEMS:
            raise _problem(answer)
        self.clock = answer.date or self.clock
        name, told = _response(answer.json())
        if name != "error":
            return told
        kind = str(told.get("type"))
        if kind in _CLOSED:
            raise AuthFailed("The account may not be read with these credentials.", hint="Check `accounts`.")
        raise MethodRefused(method, kind, told.get("arguments"))

    async def mailboxes(self, account: str) -> list[dict[str, Any]]:
        """All mailboxes (RFC 8621, section 2)."""
        told = await self.call(
            "Mailbox/get", account, ids=None, properties=["id", "name", "parentId", "role", "totalEmails"]
        )
        return [each for each in _list(told.get("list")) if isinstance(each, dict) and isinstance(each.get("id"), str)]

    async def state(self, account: str) -> str:
        """The state of the account's mails, from which changes can be asked for."""
        return _text(await self.call("Email/get", account, ids=[], properties=["id"]), "state")

    async def changes(self, account: str, since: str, *, most: int | None) -> Changes:
        """What has changed since a state (RFC 8620, section 5.2).

        Raises:
            MethodRefused: among others with ``cannotCalculateChanges``.
        """
        told = await self.call(
            "Email/changes", account, sinceState=since, **({"maxChanges": most} if most is not None else {})
        )
        alive = dict.fromkeys([*_ids(told.get("created")), *_ids(told.get("updated"))])
        return Changes(
            _text(told, "newState"), told.get("hasMoreChanges") is True, tuple(alive), _ids(told.get("destroyed"))
        )

    async def found(
        self, account: str, mailboxes: Sequence[str], *, after: int | None, anchor: str | None, limit: int
    ) -> tuple[str, ...]:
        """The ids of mails in any of the mailboxes by time of arrival, from ``after`` (seconds since 1970) on; with an
        ``anchor``, those behind it.

        Raises:
            MethodRefused: ``anchorNotFound`` where the anchor is no longer among them.
        """
        wanted: dict[str, Any] = {"operator": "OR", "conditions": [{"inMailbox": each} for each in mailboxes]}
        if after is not None:
            since = datetime.fromtimestamp(after, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            wanted = {"operator": "AND", "conditions": [{"after": since}, wanted]}
        told = await self.call(
            "Email/query",
            account,
            filter=wanted,
            sort=[{"property": "receivedAt", "isAscending": True}],
            limit=limit,
            **({"anchor": anchor, "anchorOffset": 1} if anchor else {}),
        )
        return _ids(told.get("ids"))

    async def emails(self, account: str, ids: Sequence[str]) -> list[Email]:
        """What the server says of mails, in the order of the ids; those that are no more are left out."""
        found: dict[str, Email] = {}
        for at in range(0, len(ids), self.service.most_ids):
            some = list(ids[at : at + self.service.most_ids])
            told = await self.call("Email/get", account, ids=some, properties=_PROPERTIES)
            found.update({each.id: each for each in map(_email, _list(told.get("list")))})
        return [found[each] for each in ids if each in found]

    async def blob(self, account: str, email: Email, *, most: int | None) -> bytes:
        """A mail as it came over the wire, or its first ``most`` bytes."""
        values = {"accountId": account, "blobId": email.blob, "type": "message/rfc822", "name": "mail.eml"}
        part = {"Range": f"bytes=0-{most - 1}", "Accept-Encoding": "identity"} if most else {}
        wanted = {"Accept": "*/*", **part}
        answer = await self._http.get(filled(self.service.download, values), headers=wanted)
        return answer.body[:most]

    async def news(self, seconds: float) -> bool:
        """Wait until the server says that mails have changed, or ends the wait (RFC 8620, section 7.3). False: it
        offers no such thing.

        Raises:
            TimeoutError: nothing has changed for so long.
        """
        if self.service.events is None:
            return False
        address = filled(self.service.events, {"types": "Email", "closeafter": "state", "ping": "10"})
        async with asyncio.timeout(seconds):
            answer = await self._http.get(address, headers={"Accept": "text/event-stream"})
        return "event-stream" in answer.headers.get("content-type", "").lower()


def client_for(config: JmapConfig, limits: HttpLimits | None = None) -> Http:
    """The HTTP client with the credentials, which go to the configured addresses alone."""
    if config.token is not None:
        credentials = f"Bearer {config.token.get_secret_value()}"
    else:
        password = config.password.get_secret_value() if config.password else ""
        credentials = "Basic " + base64.b64encode(f"{config.user}:{password}".encode()).decode("ascii")
    most = max(config.limits.mail_bytes + _ROOM, HttpLimits().most_bytes)
    return Http(
        headers={"Authorization": credentials, "Accept": "application/json"},
        homes=(config.url, *config.also_at),
        private_network=config.private_network,
        limits=limits or HttpLimits(most_bytes=most),
    )


def _stranger(answer: Answer, homes: Iterable[str]) -> AuthFailed | SourceUnavailable:
    """Why a session was refused: the credentials are wrong, or were kept back from an address it redirected to."""
    where = origin(answer.url)
    if where in {origin(home) for home in homes}:
        return AuthFailed("The server refuses the credentials.", hint="Check user and password, or the token.")
    return SourceUnavailable(
        f"The server redirects to {where[0]}://{where[1]}, which gets no credentials.",
        hint="If you trust it, add it to `also_at`, or set `url` to the session resource there.",
    )


def _problem(answer: Answer) -> RateLimited | SourceUnavailable:
    """What a request that was refused whole failed by (RFC 8620, section 3.6.1)."""
    try:
        told = answer.json()
    except SourceUnavailable:
        told = None
    kind = str(told.get("type")) if isinstance(told, dict) else ""
    if kind.endswith(":limit"):
        if "oncurrent" in str(told.get("limit")):
            return RateLimited(retry_after=_BUSY)
        return SourceUnavailable("A request is larger than the server takes.", hint="Lower limits.page_records.")
    return SourceUnavailable(f"The server refuses a request ({answer.status}).", hint="Is it a JMAP server?")


def _response(found: Any) -> tuple[str, dict[str, Any]]:
    """Name and arguments of the one response."""
    for each in _list(found.get("methodResponses") if isinstance(found, dict) else None):
        if isinstance(each, list) and len(each) == 3 and isinstance(each[1], dict):  # noqa: PLR2004 - name, arguments, id
            return str(each[0]), each[1]
    raise _malformed()


def _email(found: Any) -> Email:
    if not isinstance(found, dict):
        raise _malformed()
    boxes, keywords = found.get("mailboxIds"), found.get("keywords")
    if not isinstance(boxes, dict) or not (keywords is None or isinstance(keywords, dict)):
        raise _malformed()
    size, received = found.get("size"), found.get("receivedAt")
    try:
        seconds = int(datetime.fromisoformat(str(received)).timestamp())
    except (ValueError, OverflowError) as exc:
        raise _malformed() from exc
    return Email(
        id=_text(found, "id"),
        blob=_text(found, "blobId"),
        mailboxes=frozenset(key for key, lies in boxes.items() if lies is True),
        draft=bool((keywords or {}).get("$draft")),
        size=size if isinstance(size, int) and size >= 0 else 0,
        received_at=min(max(seconds, 0), _FAR),
    )


_FAR = int(datetime(9999, 1, 1, tzinfo=UTC).timestamp())
_LONGEST = 255


def _ids(found: Any) -> tuple[str, ...]:
    listed = [] if found is None else _list(found)
    if not all(isinstance(each, str) and 0 < len(each) <= _LONGEST for each in listed):
        raise _malformed()
    return tuple(dict.fromkeys(listed))


def _list(found: Any) -> list[Any]:
    if not isinstance(found, list):
        raise _malformed()
    return found


def _text(found: dict[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST:
        raise _malformed()
    return value


def _malformed() -> SourceUnavailable:
    return SourceUnavailable("The server's answer is not as JMAP has it (RFC 8620).", hint="Is it a JMAP server?")
