"""One pull's way through the lists: the records of a page, and what belongs to them but stands elsewhere."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from cxconnectors.twilio.client import VERSION, Client, Listed, PageForgotten
from cxconnectors.twilio.config import TwilioConfig
from cxconnectors.twilio.walk import Walk
from cxcore.sdk import Record, SourceUnavailable

CALLS, MESSAGES = "calls", "messages"
_LISTS = {CALLS: ("Calls", "StartTime"), MESSAGES: ("Messages", "DateSent")}
"""The list of a stream, and the date that it is filtered by."""
_RECORDED_LATER = timedelta(days=2)
"""After a window's last day: a call may last a day, and its recording is made when it ends."""


class Reading:
    """The lists of a stream."""

    def __init__(self, client: Client, stream: str, config: TwilioConfig) -> None:
        self._client, self._stream, self._config = client, stream, config
        self._window: tuple[str | None, date] | None = None
        self._recorded: dict[str, list[dict[str, Any]]] | None = None
        self._sides: dict[str, dict[str, Any] | None] = {}

    async def now(self) -> datetime:
        """What time it is there. Asks the stream's own list, which any credentials that are of use may read."""
        name, _ = _LISTS[self._stream]
        await self._first(f"{VERSION}/Accounts/{self._config.account_sid}/{name}.json?PageSize=1")
        if self._client.clock is None:
            raise SourceUnavailable("Twilio does not say what time it is there.", hint="Check url.")
        return self._client.clock

    async def page(self, here: Walk) -> tuple[list[Record], str | None]:
        """The records of the page at a place, and the path of the next one."""
        if self._window != (here.account, here.at):
            self._window, self._recorded = (here.account, here.at), None
            self._sides.clear()
        listed = await self._listed(here)
        items = [each for each in listed.items if isinstance(each.get("sid"), str)]
        calls = self._stream == CALLS
        payloads = [await self._call(each, here, items) if calls else each for each in items]
        records = [
            Record(self._stream, each["sid"], payload, origin=each["sid"])
            for each, payload in zip(items, payloads, strict=True)
        ]
        return records, listed.next

    async def _listed(self, here: Walk) -> Listed:
        """The list's page; where Twilio has forgotten it, the first one again."""
        name, filtered = _LISTS[self._stream]
        if here.next is not None:
            try:
                return await self._client.listed(here.next, name.lower())
            except PageForgotten:
                pass
        asked = {"PageSize": str(self._config.page), f"{filtered}>": here.at.isoformat()}
        asked |= {f"{filtered}<": here.until.isoformat()} if here.until else {}
        return await self._first(f"{VERSION}/Accounts/{here.account}/{name}.json?{urlencode(asked)}")

    async def _first(self, path: str) -> Listed:
        try:
            return await self._client.listed(path, _LISTS[self._stream][0].lower())
        except PageForgotten as exc:
            raise SourceUnavailable(f"Twilio does not give its list of {self._stream}.", hint="Check url.") from exc

    async def _call(self, call: dict[str, Any], here: Walk, page: list[dict[str, Any]]) -> dict[str, Any]:
        """A call with what was recorded of it, and the sides of the call that it is a leg of."""
        payload: dict[str, Any] = {"call": call}
        if self._config.recordings and (recorded := (await self._recordings(here)).get(call["sid"])):
            payload["recordings"] = recorded
        if isinstance(parent := call.get("parent_call_sid"), str) and parent:
            payload["parent"] = await self._parent(parent, str(here.account), page)
        return payload

    async def _recordings(self, here: Walk) -> dict[str, list[dict[str, Any]]]:
        """What was recorded in the window, by the call's sid."""
        if self._recorded is None:
            until = here.until + _RECORDED_LATER if here.until else None
            self._recorded = await self._client.recordings(str(here.account), here.at, until)
        return self._recorded

    async def _parent(self, sid: str, account: str, page: list[dict[str, Any]]) -> dict[str, Any] | None:
        if sid not in self._sides:
            found = next((each for each in page if each["sid"] == sid), None) or await self._client.call(account, sid)
            self._sides[sid] = {name: found.get(name) for name in ("from", "to", "direction")} if found else None
        return self._sides[sid]
