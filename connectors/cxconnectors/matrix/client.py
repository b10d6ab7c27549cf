"""The calls of Matrix' client-server API (v1.3 and newer) that a pull needs, and Synapse's of people.

https://spec.matrix.org/latest/client-server-api/
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from cxcore.sdk import SourceUnavailable
from cxcore.sdk.http import Answer, Http

_CLIENT = "/_matrix/client/v3"
_ADMIN = "/_synapse/admin/v2"
_HIDDEN = 404


class Client:
    """A homeserver as one account sees it."""

    def __init__(self, http: Http, url: str) -> None:
        self._http, self._url = http, url
        self.clock: datetime | None = None
        """What time it was there when it last answered."""

    async def whoami(self) -> str:
        """The account's Matrix id."""
        return _text(await self._get(f"{_CLIENT}/account/whoami"), "user_id")

    async def sync(self, since: str | None, *, limit: int, wait: int = 0) -> dict[str, Any]:
        """What is new since a token; without one, where things stand, with a last event of each room.

        ``wait``: seconds that the homeserver may wait for something new.
        """
        kept = {
            "room": {"timeline": {"limit": limit}, "state": {"lazy_load_members": True}, "ephemeral": {"types": []}}
        }
        kept |= {"presence": {"types": []}, "account_data": {"types": []}}
        asked = {"filter": orjson.dumps(kept).decode(), "timeout": str(wait * 1000)} | (
            {"since": since} if since else {}
        )
        return await self._get(f"{_CLIENT}/sync", asked)

    async def rooms(self) -> list[str]:
        """The rooms that the account is in, sorted."""
        found = (await self._get(f"{_CLIENT}/joined_rooms")).get("joined_rooms", [])
        return sorted(r for r in found if isinstance(r, str))

    async def messages(
        self, room: str, *, backwards: bool, start: str | None, end: str | None, limit: int
    ) -> tuple[list[dict[str, Any]], str | None]:
        """A page of a room's events, and where to go on; None at the end."""
        asked = {"dir": "b" if backwards else "f", "limit": str(limit)}
        asked |= {name: value for name, value in (("from", start), ("to", end)) if value is not None}
        found = await self._get(f"{_CLIENT}/rooms/{quote(room, safe='')}/messages", asked)
        following = found.get("end")
        return _events(found.get("chunk")), following if isinstance(following, str) else None

    async def event(self, room: str, event: str) -> dict[str, Any] | None:
        """An event as it stands, its last edit included; None where the account may not see it."""
        path = f"{_CLIENT}/rooms/{quote(room, safe='')}/event/{quote(event, safe='')}"
        answer = await self._http.get(self._url + path, also=(_HIDDEN,))
        return None if answer.status == _HIDDEN else self._object(answer)

    async def members(self, room: str) -> dict[str, str | None]:
        """Everybody who is or was in a room, with the name they go by there."""
        found = await self._get(f"{_CLIENT}/rooms/{quote(room, safe='')}/members")
        named: dict[str, str | None] = {}
        for event in _events(found.get("chunk")):
            content = event.get("content")
            if isinstance(user := event.get("state_key"), str) and isinstance(content, dict):
                shown = content.get("displayname")
                named[user] = shown if isinstance(shown, str) else None
        return named

    async def account(self, user: str) -> dict[str, Any]:
        """What the server knows of a user: display name and third-party ids. Needs an administrator's token."""
        return await self._get(f"{_ADMIN}/users/{quote(user, safe='')}")

    async def _get(self, path: str, asked: Mapping[str, str] | None = None) -> dict[str, Any]:
        return self._object(await self._http.get(f"{self._url}{path}{'?' + urlencode(asked) if asked else ''}"))

    def _object(self, answer: Answer) -> dict[str, Any]:
        self.clock = answer.date or self.clock
        found = answer.json()
        if not isinstance(found, dict):
            raise SourceUnavailable("The homeserver answers something that is no object.", hint="Check url.")
        return found


def _events(found: object) -> list[dict[str, Any]]:
    return [e for e in found if isinstance(e, dict)] if isinstance(found, list) else []


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str):
        raise SourceUnavailable(f"The homeserver's answer has no {name}.", hint="Check url.")
    return value
