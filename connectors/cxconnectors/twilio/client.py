"""The calls of Twilio's API of 2010-04-01 that a pull needs; lists page by page.

https://github.com/twilio/twilio-oai, spec/json/twilio_api_v2010.json; paging as in "Twilio's response" of its REST docs.
"""

import base64
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from cxconnectors.twilio.config import TwilioConfig
from cxcore.sdk import AuthFailed, Manifest, SourceUnavailable
from cxcore.sdk.http import Answer, Http

VERSION = "/2010-04-01"
_FORGOTTEN = frozenset({400, 404, 410})
"""What a page that is no longer known is answered with."""
_MISSING = 404
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list, and the path of the next one."""

    items: list[dict[str, Any]]
    next: str | None


class PageForgotten(Exception):
    """The page asked for is not known any more."""


class Client:
    """An account as its credentials see it."""

    def __init__(self, http: Http, config: TwilioConfig) -> None:
        self._http, self._config = http, config
        self.clock: datetime | None = None
        """What time it was there when it last answered."""

    async def account(self) -> dict[str, Any]:
        return await self._object(f"{VERSION}/Accounts/{self._config.account_sid}.json")

    async def accounts(self) -> list[str]:
        """The account's own sid and those of its subaccounts that are not closed, sorted."""
        found = {self._config.account_sid}
        async for page in self._pages(f"{VERSION}/Accounts.json?{urlencode({'PageSize': 1000})}", "accounts"):
            found |= {str(each.get("sid")) for each in page if each.get("status") != "closed" and each.get("sid")}
        return sorted(found)

    async def listed(self, path: str, name: str) -> Listed:
        """A page of a list.

        Raises:
            PageForgotten: there is no such page any more.
        """
        answer = await self._get(path, also=_FORGOTTEN)
        if answer.status in _FORGOTTEN:
            raise PageForgotten
        found = _object(answer)
        items = found.get(name)
        following = found.get("next_page_uri")
        if not isinstance(items, list):
            raise SourceUnavailable(f"Twilio's answer has no {name}.", hint="Check url.")
        if following is not None and not (isinstance(following, str) and _is_path(following) and following != path):
            raise SourceUnavailable("Twilio's answer does not lead to its next page.", hint="Check url.")
        return Listed([each for each in items if isinstance(each, dict)], following or None)

    async def recordings(self, account: str, since: date, until: date | None) -> dict[str, list[dict[str, Any]]]:
        """What was recorded in some days, by the call's sid."""
        asked = {"PageSize": "1000", "DateCreated>": since.isoformat()}
        asked |= {"DateCreated<": until.isoformat()} if until else {}
        by_call: dict[str, list[dict[str, Any]]] = {}
        async for page in self._pages(f"{VERSION}/Accounts/{account}/Recordings.json?{urlencode(asked)}", "recordings"):
            for each in page:
                kept = {name: each.get(name) for name in ("sid", "duration", "source", "status")}
                by_call.setdefault(str(each.get("call_sid")), []).append(kept)
        return {call: sorted(found, key=lambda each: str(each["sid"])) for call, found in by_call.items()}

    async def call(self, account: str, sid: str) -> dict[str, Any] | None:
        """A call by its sid; None where it was deleted."""
        answer = await self._get(f"{VERSION}/Accounts/{account}/Calls/{sid}.json", also={_MISSING})
        return None if answer.status == _MISSING else _object(answer)

    async def _pages(self, path: str, name: str) -> AsyncGenerator[list[dict[str, Any]]]:
        following: str | None = path
        while following is not None:
            try:
                listed = await self.listed(following, name)
            except PageForgotten as exc:
                raise SourceUnavailable(f"Twilio does not give its list of {name}.", hint="Check url.") from exc
            yield listed.items
            following = listed.next

    async def _object(self, path: str) -> dict[str, Any]:
        return _object(await self._get(path))

    async def _get(self, path: str, *, also: frozenset[int] | set[int] = frozenset()) -> Answer:
        try:
            answer = await self._http.get(self._config.url + path, also=also)
        except AuthFailed as exc:
            raise AuthFailed(
                "Twilio refuses us.",
                hint="Check account_sid with auth_token, or api_key with api_secret; a restricted key needs to read"
                " accounts, calls, messages and recordings (or set recordings to false).",
            ) from exc
        self.clock = answer.date or self.clock
        return answer


def http(config: TwilioConfig, manifest: Manifest) -> Http:
    """A client with the account's credentials."""
    secret = config.api_secret or config.auth_token
    pair = f"{config.api_key or config.account_sid}:{secret.get_secret_value() if secret else ''}"
    headers = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode("ascii")}
    return Http(headers=headers, homes=(config.url,), rate=manifest.rate)


def _object(answer: Answer) -> dict[str, Any]:
    found: Mapping[str, Any] | Any = answer.json()
    if not isinstance(found, dict):
        raise SourceUnavailable("Twilio answers something that is no object.", hint="Check url.")
    return found


def _is_path(uri: str) -> bool:
    """Whether it is a path of this API, as Twilio gives it, and of a length that a cursor can keep."""
    return uri.startswith(f"{VERSION}/Accounts") and len(uri) < _LONGEST
