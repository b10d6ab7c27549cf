"""The calls of WordPress' REST API that a pull needs (https://developer.wordpress.org/rest-api/reference/comments/)."""

import base64
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from cxconnectors.wordpress.config import WordPressConfig
from cxcore.sdk import AuthFailed, SourceUnavailable
from cxcore.sdk.http import Answer, Http

_FIELDS = "id,post,parent,author,author_name,author_email,author_url,date_gmt,content,link,status,_links,_embedded"
_REFUSED = (401, 403)
_MOST = 100


class Client:
    """A site as a user of it sees it, or as everybody does."""

    def __init__(self, http: Http, config: WordPressConfig) -> None:
        self._http, self._config = http, config
        self.clock: datetime | None = None
        """What time it was there when it last answered."""

    @classmethod
    @asynccontextmanager
    async def opened(cls, config: WordPressConfig, transport: Any) -> AsyncGenerator["Client"]:
        headers = {}
        if config.app_password is not None:
            pair = f"{config.user}:{config.app_password.get_secret_value()}"
            headers = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode("ascii")}
        async with Http(
            headers=headers, homes=[config.url], private_network=config.private_network, transport=transport
        ) as http:
            yield cls(http, config)

    async def name(self) -> str:
        """What the site calls itself."""
        found = (await self._get("/", {})).json()
        if not isinstance(found, dict) or "wp/v2" not in str(found.get("namespaces")):
            raise SourceUnavailable("There is no WordPress with its REST API here.", hint="Check `url`.")
        return str(found.get("name") or "")

    async def comments(self, *, after: int | None, offset: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """Comments from the oldest on, behind a time (s since 1970), and how many there are in all."""
        asked = {"orderby": "date_gmt", "order": "asc", "offset": str(offset), "per_page": str(limit)}
        if after is not None:
            asked["after"] = datetime.fromtimestamp(after, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        answer = await self._list(asked)
        total = answer.headers.get("x-wp-total", "")
        return _objects(answer), int(total) if total.isascii() and total.isdigit() else 0

    async def these(self, ids: Sequence[int]) -> list[dict[str, Any]]:
        """Comments by their ids, as far as they are there."""
        found: list[dict[str, Any]] = []
        for at in range(0, len(ids), _MOST):
            some = ",".join(str(each) for each in ids[at : at + _MOST])
            found += _objects(await self._list({"include": some, "per_page": str(_MOST)}))
        return found

    async def _list(self, asked: dict[str, str]) -> Answer:
        more = {"context": "edit", "status": "all"} if self._config.app_password is not None else {}
        return await self._get("/wp/v2/comments", {**asked, **more, "_fields": _FIELDS, "_embed": "up"})

    async def _get(self, route: str, asked: dict[str, str]) -> Answer:
        """By the address that works whatever the site's permalinks are."""
        url = f"{self._config.url}/?{urlencode({'rest_route': route, **asked})}"
        answer = await self._http.get(url, also=_REFUSED)
        if answer.status in _REFUSED:
            raise AuthFailed(
                f"The site refuses us ({answer.status}).",
                hint="Check user and app_password; the user must be one who may moderate comments, such as an editor.",
            )
        self.clock = answer.date or self.clock
        return answer


def _objects(answer: Answer) -> list[dict[str, Any]]:
    found = answer.json()
    if not isinstance(found, list):
        raise SourceUnavailable("The site does not answer with comments.", hint="Check `url`.")
    return [each for each in found if isinstance(each, dict)]
