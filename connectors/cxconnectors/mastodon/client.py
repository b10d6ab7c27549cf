"""The calls of Mastodon's client API that a pull needs, its limits kept, its refusals explained.

https://docs.joinmastodon.org/methods/ and https://docs.joinmastodon.org/api/rate-limits/
"""

import asyncio
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from cxconnectors.mastodon.config import MastodonConfig
from cxcore.sdk import AuthFailed, Rate, RateLimited, SourceUnavailable
from cxcore.sdk.http import PATIENCE, Answer, Http, retry_after

AT_ONCE = 20
"""Posts that may be asked for by their ids in one call."""
_UNKNOWN_TOKEN, _FORBIDDEN, _MISSING, _GONE, _TOO_MANY = 401, 403, 404, 410, 429
_ATTEMPTS = 3
_WINDOW = timedelta(minutes=5)
_UNSAID = 300.0
"""Seconds to wait where a server does not say how long: its window."""

Told = dict[str, Any]


class Client:
    """A server as one account sees it."""

    def __init__(self, http: Http, config: MastodonConfig) -> None:
        self._http, self._config = http, config
        self.clock: datetime | None = None
        """What time it was there when it last answered."""

    @staticmethod
    def http(config: MastodonConfig) -> Http:
        return Http(
            headers={"Authorization": f"Bearer {config.token.get_secret_value()}", "Accept": "application/json"},
            homes=[config.url],
            private_network=config.private_network,
            rate=Rate(calls=config.calls, per=_WINDOW),
        )

    async def me(self) -> Told:
        """The account that the token is of."""
        found = (await self._get("/api/v1/accounts/verify_credentials")).json()
        if not isinstance(found, dict) or not isinstance(found.get("id"), str):
            raise SourceUnavailable("The server does not say whose token it is.", hint="Is url that of a Mastodon?")
        return found

    async def mentions(self, after: str) -> list[Told]:
        """Notifications of mentions next after one, in their order; those that a policy filters, too."""
        asked = [("types[]", "mention"), ("include_filtered", "true"), ("min_id", after)]
        return await self._upwards("/api/v1/notifications", asked)

    async def posts(self, account: str, after: str) -> list[Told]:
        """Posts of an account next after one, in their order, without those of others that it boosts."""
        asked = [("exclude_reblogs", "true"), ("min_id", after)]
        return await self._upwards(f"/api/v1/accounts/{quote(account, safe='')}/statuses", asked)

    async def some(self, posts: Sequence[str]) -> list[Told] | None:
        """Those of at most ``AT_ONCE`` posts that the account may see; None where the server cannot tell (before 4.3)."""
        answer = await self._get(f"/api/v1/statuses?{urlencode([('id[]', post) for post in posts])}", also=(_MISSING,))
        return None if answer.status == _MISSING else self._objects(answer)

    async def is_there(self, post: str) -> bool:
        """Whether the account may see a post."""
        answer = await self._get(f"/api/v1/statuses/{quote(post, safe='')}", also=(_MISSING, _GONE))
        return answer.status not in {_MISSING, _GONE}

    async def _upwards(self, path: str, asked: list[tuple[str, str]]) -> list[Told]:
        query = urlencode([*asked, ("limit", str(self._config.page))])
        found = self._objects(await self._get(f"{path}?{query}"))
        return sorted((each for each in found if isinstance(each.get("id"), str)), key=lambda each: order(each["id"]))

    async def _get(self, path: str, *, also: Collection[int] = ()) -> Answer:
        """Read a path; 429 is waited for as ``Retry-After`` or ``X-RateLimit-Reset`` say.

        Raises:
            AuthFailed: the token is not known any more, or its scopes do not do.
            RateLimited: the wait would be too long.
        """
        handled = {_UNKNOWN_TOKEN, _FORBIDDEN, _TOO_MANY, *also}
        wait = 0.0
        for _ in range(_ATTEMPTS):
            answer = await self._http.get(self._config.url + path, also=handled)
            self.clock = answer.date or self.clock
            if answer.status != _TOO_MANY:
                return _allowed(answer)
            wait = _patience(answer)
            if wait > PATIENCE:
                break
            await asyncio.sleep(wait)
        raise RateLimited("The server's limit of calls is reached.", retry_after=wait)

    @staticmethod
    def _objects(answer: Answer) -> list[Told]:
        found = answer.json()
        if not isinstance(found, list):
            raise SourceUnavailable("The server answers something that is no list.", hint="Check url.")
        return [each for each in found if isinstance(each, dict)]


def order(number: str) -> tuple[int, str]:
    """Ids are numbers written as texts."""
    return len(number), number


def _allowed(answer: Answer) -> Answer:
    if answer.status == _UNKNOWN_TOKEN:
        raise AuthFailed("The server does not accept the token.", hint="Make a new one for the account.")
    if answer.status == _FORBIDDEN:
        raise AuthFailed(
            "The server refuses the token what it is to read.",
            hint="Give its application read:accounts, read:notifications and read:statuses; is the account in order?",
        )
    return answer


def _patience(answer: Answer) -> float:
    """Seconds that a server asks us to wait: ``Retry-After``, else until the time in ``X-RateLimit-Reset``."""
    asked = retry_after(answer.headers.get("retry-after"))
    if asked is not None:
        return asked
    try:
        reset = datetime.fromisoformat(answer.headers.get("x-ratelimit-reset", ""))
    except ValueError:
        return _UNSAID
    if answer.date is None:
        return _UNSAID
    return max(0.0, ((reset if reset.tzinfo else reset.replace(tzinfo=UTC)) - answer.date).total_seconds())
