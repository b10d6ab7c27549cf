"""The connector: the history of all rooms once, then what is new, with gaps filled."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from cxconnectors.matrix import meaning, pushed
from cxconnectors.matrix.client import Client
from cxconnectors.matrix.config import MatrixConfig
from cxcore.model.interaction import Channel
from cxcore.sdk import Connector, Cursor, Delivery, Manifest, Mapped, Page, Received, Record, Stream
from cxcore.sdk.http import Http

EVENTS, PEOPLE = "events", "people"
_AT_ONCE = 50
"""People asked about before their page is handed over."""
_BEHIND = "\x01"
"""After a room's id: the place behind it in their order."""
_EVERY = timedelta(days=1)
"""People are asked about so often."""
_WAIT = 30
"""Seconds for which the homeserver is asked to keep us waiting for news."""
_EMPTY = 2
"""Syncs in a row that bring nothing, after which there is nothing new. The first may be an old answer: Synapse keeps the
answer to a token for two minutes, and somebody may have asked with it before (a pull that was killed)."""


class Matrix(Connector[MatrixConfig]):
    """``events``: messages; an edit is a new version, a redaction erases. ``people``: names, e-mail and phone."""

    Config = MatrixConfig
    manifest = Manifest(
        key="matrix",
        name="Matrix",
        channels=frozenset({Channel.CHAT}),
        streams=(Stream(name=EVENTS, hides_deletes=False, watched=True), Stream(name=PEOPLE)),
        owner="cxcore",
        docs="connectors/cxconnectors/matrix/README.md",
    )

    async def check(self) -> str:
        async with self._http() as http:
            client = Client(http, self.config.url)
            return f"{await client.whoami()}, in {len(await client.rooms())} rooms"

    def pull(self, stream: str, cursor: Cursor | None) -> AsyncGenerator[Page]:
        return self._events(cursor) if stream == EVENTS else self._people(cursor)

    def receive(self, delivery: Delivery) -> Received:
        return pushed.receive(delivery, self.config, EVENTS)

    async def watch(self, stream: str, cursor: Cursor) -> None:
        """Wait until a room has news; what the history still lacks is news."""
        since = str(cursor["next"])
        async with self._http() as http:
            client = Client(http, self.config.url)
            while "room" not in cursor:
                found = await client.sync(since, limit=1, wait=_WAIT)
                if _joined(found):
                    return
                since = str(found["next_batch"])

    def map(self, record: Record) -> Iterable[Mapped]:
        if record.stream == PEOPLE:
            return (meaning.person(record.payload),)
        return meaning.message(record.payload, self.config)

    def _http(self, *, admin: bool = False) -> Http:
        token = self.config.admin_token if admin and self.config.admin_token else self.config.token
        return Http(headers={"Authorization": f"Bearer {token.get_secret_value()}"}, homes=(self.config.url,))

    # events

    async def _events(self, cursor: Cursor | None) -> AsyncGenerator[Page]:
        async with self._http() as http:
            reading = _Reading(Client(http, self.config.url), self.config)
            place = dict(cursor or {})
            if "next" not in place:
                place = {"next": (await reading.client.sync(None, limit=1))["next_batch"], "room": "", "from": None}
            if "room" in place:
                async for page in self._history(reading, place):
                    yield page
                place = {"next": place["next"]}
            async for page in self._news(reading, str(place["next"])):
                yield page

    async def _history(self, reading: "_Reading", place: dict[str, Any]) -> AsyncGenerator[Page]:
        """All rooms from their beginnings; what comes meanwhile is new to the token that was fetched before."""
        rooms = [r for r in await reading.client.rooms() if r >= place["room"]]
        for number, room in enumerate(rooms, start=1):
            start = place["from"] if room == place["room"] else None
            while True:
                found, start = await reading.client.messages(
                    room, backwards=False, start=start, end=None, limit=self.config.page
                )
                ended = start is None or not found
                place |= {"room": room + _BEHIND if ended else room, "from": None if ended else start}
                yield Page(await reading.records(room, found), dict(place), done=number, total=len(rooms))
                if ended:
                    break

    async def _news(self, reading: "_Reading", since: str) -> AsyncGenerator[Page]:
        empty = 0
        while empty < _EMPTY:
            found = await reading.client.sync(since, limit=self.config.page)
            following, records = str(found["next_batch"]), []
            for room, told in _joined(found).items():
                timeline = told.get("timeline") or {}
                events = [e for e in timeline.get("events") or [] if isinstance(e, dict)]
                if timeline.get("limited"):
                    start, end = timeline.get("prev_batch"), None if await self._just_joined(reading, told) else since
                    async for page in self._gap(reading, room, start, end=end, since=since):
                        yield page
                records += await reading.records(room, events)
            yield Page(records, {"next": following}, complete_to=reading.client.clock)
            if following == since:
                return
            empty = 0 if _joined(found) else empty + 1
            since = following

    async def _gap(
        self, reading: "_Reading", room: str, start: str | None, *, end: str | None, since: str
    ) -> AsyncGenerator[Page]:
        """What a sync left out of a room, backwards to where the last one ended."""
        while start is not None:
            found, start = await reading.client.messages(
                room, backwards=True, start=start, end=end, limit=self.config.page
            )
            if not found:
                return
            yield Page(await reading.records(room, found), {"next": since})

    async def _just_joined(self, reading: "_Reading", told: Mapping[str, Any]) -> bool:
        """Whether the account came into a room since the last sync: then all of the room is new."""
        me = await reading.me()
        parts = [(told.get(part) or {}).get("events") or [] for part in ("state", "timeline")]
        return any(
            e.get("type") == "m.room.member" and e.get("state_key") == me and _came(e)
            for part in parts
            for e in part
            if isinstance(e, dict)
        )

    # people

    async def _people(self, cursor: Cursor | None) -> AsyncGenerator[Page]:
        place = dict(cursor or {})
        async with self._http() as http, self._http(admin=True) as admin:
            reading, knowing = _Reading(Client(http, self.config.url), self.config), Client(admin, self.config.url)
            rooms, (_, _, server) = await reading.client.rooms(), (await reading.me()).partition(":")
            now = reading.client.clock
            walked, stamp = place.get("walked"), now.isoformat() if now else None
            if now and isinstance(walked, str) and now - datetime.fromisoformat(walked) < _EVERY:
                return
            named: dict[str, str | None] = {}
            for room in rooms:
                named |= await reading.customers(room)
            after = str(place.get("after") or "")
            waiting = [user for user in sorted(named) if user > after]
            for n in range(0, max(len(waiting), 1), _AT_ONCE):
                some = waiting[n : n + _AT_ONCE]
                records = [await self._person(knowing, user, named[user], server) for user in some]
                last = n + _AT_ONCE >= len(waiting)
                following: Cursor = {"walked": stamp} if last else {**place, "after": some[-1]}
                yield Page(
                    records, following, complete_to=now if last else None, done=n + len(some), total=len(waiting)
                )

    async def _person(self, knowing: Client, user: str, name: str | None, server: str) -> Record:
        """``server``: the homeserver's name; its administrator knows only its own users."""
        payload: dict[str, Any] = {"user": user, "name": name}
        if self.config.admin_token is not None and user.partition(":")[2] == server:
            known = await knowing.account(user)
            payload["name"] = known.get("displayname") or name
            payload["threepids"] = sorted(
                [str(t.get("medium")), str(t.get("address"))]
                for t in known.get("threepids") or []
                if isinstance(t, dict)
            )
        return Record(PEOPLE, user, payload, origin=None)


class _Reading:
    """One pull's way through a homeserver, with what it has learnt of the rooms."""

    def __init__(self, client: Client, config: MatrixConfig) -> None:
        self.client = client
        self._config = config
        self._customers: dict[str, dict[str, str | None]] = {}
        self._me: str | None = None

    async def me(self) -> str:
        if self._me is None:
            self._me = await self.client.whoami()
        return self._me

    async def customers(self, room: str) -> dict[str, str | None]:
        """Who in a room is not the company's, with their names there."""
        if room not in self._customers:
            everyone = await self.client.members(room)
            self._customers[room] = {u: n for u, n in everyone.items() if not self._config.own(u)}
        return self._customers[room]

    async def records(self, room: str, events: Sequence[Mapping[str, Any]]) -> list[Record]:
        """What events mean for the messages of a room: new ones, new versions, and ones erased.

        A message is asked about again where another event edits or erases it, also one that stands beside it: a sync
        gives messages without their edits.
        """
        found: dict[str, Record] = {}
        again: set[str] = set()
        for event in events:
            concerned = meaning.concerned(event)
            if concerned is None or concerned in again:
                continue
            whole: Mapping[str, Any] | None = event
            if concerned != event.get("event_id"):
                again.add(concerned)
                whole = await self._again(room, concerned)
            if whole is not None:
                found[concerned] = await self._record(room, whole)
        return list(found.values())

    async def _record(self, room: str, event: Mapping[str, Any]) -> Record:
        """A message, and to whom the company's own people said it."""
        own = self._config.own(str(event.get("sender")))
        return meaning.record(EVENTS, room, event, sorted(await self.customers(room)) if own else ())

    async def _again(self, room: str, event: str) -> Mapping[str, Any] | None:
        """A message that another event edits or erases, as it stands now; None if it is none of ours."""
        whole = await self.client.event(room, event)
        return whole if whole is not None and meaning.concerned(whole) == event else None


def _joined(found: Mapping[str, Any]) -> dict[str, Any]:
    rooms = (found.get("rooms") or {}).get("join") or {}
    return {str(room): told for room, told in sorted(rooms.items()) if isinstance(told, dict)}


def _came(event: Mapping[str, Any]) -> bool:
    now, before = event.get("content") or {}, (event.get("unsigned") or {}).get("prev_content") or {}
    return bool(now.get("membership") == "join" and before.get("membership") != "join")
