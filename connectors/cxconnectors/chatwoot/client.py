"""The calls of Chatwoot's application API that a pull needs.

https://developers.chatwoot.com/api-reference; the order of lists and the sizes of their pages are those of Chatwoot 4.16.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from cxconnectors.chatwoot.config import ChatwootConfig
from cxcore.sdk import AuthFailed, Manifest, SourceUnavailable
from cxcore.sdk.http import Answer, Http

MOST_MESSAGES = 100
"""Messages in an answer that asks for those after one; fewer are the last."""
_GONE = 404


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list, and how long the whole list is."""

    items: list[dict[str, Any]]
    count: int


class Client:
    """An account as its token sees it."""

    def __init__(self, http: Http, config: ChatwootConfig) -> None:
        self._http, self._home = http, f"{config.url}/api/v1/accounts/{config.account}"
        self.clock: datetime | None = None
        """What time it was there when it last answered."""

    async def account(self) -> dict[str, Any]:
        found = await self._get("")
        if not isinstance(found, dict):
            raise _odd("account")
        return found

    async def contacts(self, page: int) -> Listed:
        """Contacts with an e-mail address, phone number or identifier, newest activity first, those without any last."""
        found = await self._get("/contacts", sort="-last_activity_at", page=page)
        return _listed(found, "contacts")

    async def conversations(self, page: int) -> Listed:
        """Conversations in any state, newest activity first."""
        found = await self._get("/conversations", status="all", assignee_type="all", page=page)
        return _listed(found.get("data") if isinstance(found, dict) else None, "conversations")

    async def messages(self, conversation: int, after: int) -> list[dict[str, Any]]:
        """The first hundred messages of a conversation whose id is above ``after``; none of one that is gone."""
        answer = await self._ask(f"/conversations/{conversation}/messages", {"after": after}, also={_GONE})
        if answer.status == _GONE:
            return []
        found = answer.json()
        items = found.get("payload") if isinstance(found, dict) else None
        if not isinstance(items, list):
            raise _odd("messages")
        return [each for each in items if isinstance(each, dict) and isinstance(each.get("id"), int)]

    async def _get(self, path: str, **asked: str | int) -> Any:
        return (await self._ask(path, asked)).json()

    async def _ask(self, path: str, asked: Mapping[str, str | int], *, also: Collection[int] = ()) -> Answer:
        query = f"?{urlencode(asked)}" if asked else ""
        try:
            answer = await self._http.get(self._home + path + query, also=also)
        except AuthFailed as exc:
            raise AuthFailed(
                "Chatwoot refuses us.",
                hint="Check account and token; an administrator's token sees all inboxes, an agent's its own.",
            ) from exc
        self.clock = answer.date or self.clock
        return answer

    def now(self) -> datetime:
        """What time it is there."""
        if self.clock is None:
            raise SourceUnavailable("Chatwoot does not say what time it is there.", hint="Check url.")
        return self.clock


def http(config: ChatwootConfig, manifest: Manifest) -> Http:
    """A client with the account's token."""
    headers = {"api_access_token": config.token.get_secret_value()}
    return Http(headers=headers, homes=(config.url,), rate=manifest.rate)


def _listed(found: Any, name: str) -> Listed:
    meta, items = (found.get("meta"), found.get("payload")) if isinstance(found, dict) else (None, None)
    if not isinstance(meta, dict) or not isinstance(items, list):
        raise _odd(name)
    count = meta.get("all_count", meta.get("count"))
    known = [each for each in items if isinstance(each, dict) and isinstance(each.get("id"), int)]
    return Listed(known, int(count) if isinstance(count, int | float) else 0)


def _odd(name: str) -> SourceUnavailable:
    return SourceUnavailable(f"Chatwoot's answer has no {name}.", hint="Check url and account.")
