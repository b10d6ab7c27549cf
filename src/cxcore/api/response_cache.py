"""Timeline pages kept in memory: a page asked for again is given as it was, once the database has said that nothing changed.

Before a page is given the lookout looks, and whatever it hears of takes its pages along; so nobody gets one that is
older than their request. Kept are pages that are the same for all who may read them: who has masks, and whose reading
is noted in the audit, goes the whole way.
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cxcore.api import costs
from cxcore.api.access import KeyRing
from cxcore.auth import audit
from cxcore.auth.masks import MASKS
from cxcore.auth.metering import Meter
from cxcore.auth.policy import Principal
from cxcore.auth.scopes import Scope as Permission
from cxcore.db.session import Database
from cxcore.errors import CxError
from cxcore.events.lookout import Lookout, Seen
from cxcore.events.outbox import EventType

_KEPT = re.compile(r"/v1/customers/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/timeline")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NOBODYS = frozenset({EventType.SOURCE_STOPPED, EventType.WEBHOOK_PAUSED, EventType.WEBHOOK_TESTED})
_BEARER = b"bearer "
_OK = 200
_PATIENCE = 1.0
"""Seconds that a look may take before the page is made anew."""
_AROUND = 1000
"""Bytes that a page takes beside its body, about."""


@dataclass(frozen=True, slots=True)
class _Page:
    customer: str
    headers: list[tuple[bytes, bytes]]
    body: bytes

    @property
    def size(self) -> int:
        return len(self.body) + _AROUND


@dataclass(slots=True, eq=False)
class _Making:
    """A page on its way. ``sound``: nothing of its customer changed since it was begun."""

    customer: str
    sound: bool = True


@dataclass(slots=True)
class Pages:
    """Pages by what was asked for, ``most`` bytes of them; who was asked for longest ago goes first."""

    most: int
    held: int = 0
    _pages: OrderedDict[bytes, _Page] = field(default_factory=OrderedDict)
    _of: dict[str, set[bytes]] = field(default_factory=dict)
    _making: set[_Making] = field(default_factory=set)

    def find(self, asked: bytes) -> _Page | None:
        found = self._pages.get(asked)
        if found is not None:
            self._pages.move_to_end(asked)
        return found

    def begin(self, customer: str) -> _Making:
        """Watch a customer whose page is being made; to be given to ``end``."""
        making = _Making(customer)
        self._making.add(making)
        return making

    def end(self, making: _Making, asked: bytes, page: _Page | None) -> None:
        """Keep the page that was made, unless its customer changed meanwhile."""
        self._making.discard(making)
        if page is None or not making.sound or page.size > self.most:
            return
        self._leave_out(asked)
        self._pages[asked] = page
        self._of.setdefault(page.customer, set()).add(asked)
        self.held += page.size
        while self.held > self.most:
            self._leave_out(next(iter(self._pages)))

    def hear(self, events: Collection[Seen] | None) -> None:
        """Leave out the pages of all whom the events name; all pages when it is not known what happened."""
        if events is None:
            self._pages.clear()
            self._of.clear()
            self.held = 0
        changed = None if events is None else {name for event in events for name in _named(event)}
        for customer in (self._of.keys() & changed) if changed else ():
            for asked in list(self._of[customer]):
                self._leave_out(asked)
        for making in self._making:
            making.sound &= changed is not None and making.customer not in changed

    def _leave_out(self, asked: bytes) -> None:
        page = self._pages.pop(asked, None)
        if page is None:
            return
        self.held -= page.size
        others = self._of[page.customer]
        others.discard(asked)
        if not others:
            del self._of[page.customer]


def _named(event: Seen) -> Iterator[str]:
    """All ids that an event names, whatever of: one too many costs a page made anew."""
    if event.type not in _NOBODYS:
        yield event.subject
        yield from _ID.findall(str(event.data))


class ResponseCache:
    """ASGI middleware around the API: gives the pages it has, and keeps those that it lets through. ``most``: bytes."""

    def __init__(self, app: ASGIApp, *, api: FastAPI, most: int) -> None:
        self.app, self._api = app, api
        self.pages = Pages(most)
        database: Database = api.state.database
        self.lookout = Lookout(database, self.pages.hear)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        place = _KEPT.fullmatch(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
        who = await self._reader(scope) if place else None
        if place is None or who is None:
            await self.app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(_PATIENCE):
                await self.lookout.look()
        except (CxError, TimeoutError):  # the database is away or busy: the application says so
            await self.app(scope, receive, send)
            return
        asked = scope["raw_path"] + b"?" + scope["query_string"]
        page = self.pages.find(asked)
        if page is not None and await self._give(page, who, scope, send):
            return
        await self._make(place[1], asked, scope, receive, send)

    async def _reader(self, scope: Scope) -> Principal | None:
        """Who asks, when they may read and are given what everybody is; whoever else is told so by the application."""
        given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        if given[: len(_BEARER)].lower() != _BEARER:
            return None
        ring: KeyRing = self._api.state.keys
        try:
            who = await ring.authenticate(self._api.state.database, given[len(_BEARER) :].strip().decode("latin-1"))
        except CxError:
            return None
        if not who.may(Permission.READ_CUSTOMERS) or MASKS[who.role] or audit.is_of_note(who):
            return None
        return who

    async def _give(self, page: _Page, who: Principal, scope: Scope, send: Send) -> bool:
        meter: Meter = self._api.state.meter
        try:
            scope.setdefault("state", {})["rate"] = await meter.spend(who.actor, costs.cost(scope["path"]))
        except CxError:  # too often: the application says so
            return False
        await send({"type": "http.response.start", "status": _OK, "headers": list(page.headers)})
        await send({"type": "http.response.body", "body": page.body})
        return True

    async def _make(self, customer: str, asked: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        parts: list[Message] = []

        async def overheard(message: Message) -> None:
            parts.append(dict(message))  # what surrounds us adds to the message itself
            await send(message)

        making, page = self.pages.begin(customer), None
        try:
            await self.app(scope, receive, overheard)
            page = _page(customer, parts)
        finally:
            self.pages.end(making, asked, page)


def _page(customer: str, parts: list[Message]) -> _Page | None:
    """The page that was sent, if it was one."""
    whole = len(parts) > 1 and parts[0]["status"] == _OK and not parts[-1].get("more_body", False)
    return _Page(customer, parts[0]["headers"], b"".join(p.get("body", b"") for p in parts[1:])) if whole else None
