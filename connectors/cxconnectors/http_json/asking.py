"""Asking: requests to the source, with its address and credentials."""

import base64
from collections.abc import Collection, Mapping
from types import TracebackType
from typing import Self, cast
from urllib.parse import parse_qsl, urlencode

from pydantic import JsonValue

from cxconnectors.http_json.config import Basic, Bearer, Header, HttpJsonConfig, OAuth2, Query, Walls
from cxconnectors.http_json.oauth2 import Tokens
from cxconnectors.http_json.stream_config import StreamEntry
from cxconnectors.http_json.template import Values, filled
from cxcore.sdk import AuthFailed
from cxcore.sdk.http import Answer, Http, Limits
from cxcore.sdk.http.redirects import origin

_UNAUTHORISED = 401


class Asking:
    """The source's client for one pull: ``async with Asking(config) as asking``."""

    def __init__(self, config: HttpJsonConfig) -> None:
        self._config = config
        limits = _limits(config.limits)
        self._http = Http(
            headers={"Accept": "application/json", **config.headers, **_credentials(config)},
            homes=[config.base_url],
            private_network=config.private_network,
            limits=limits,
            rate=config.rate,
        )
        secret = config.secret.get_secret_value() if config.secret else ""
        self._tokens = Tokens(config.auth, secret, config, limits) if isinstance(config.auth, OAuth2) else None
        self._query = {config.auth.parameter: secret} if isinstance(config.auth, Query) else {}

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._http.__aexit__(kind, exc, traceback)

    @property
    def hidden(self) -> str | None:
        """The query parameter that is a secret."""
        return next(iter(self._query), None)

    async def page(
        self, entry: StreamEntry, values: Values, *, link: str | None = None, also: Collection[int] = ()
    ) -> Answer:
        """A page of a stream; ``link`` is the address that the page before gave, without its origin."""
        body = filled(entry.body, values) if entry.body is not None else None
        if link is not None:
            path, _, query = link.partition("?")
            scheme, host, port = origin(self._config.base_url)
            bare = f"[{host}]" if ":" in host else host
            return await self._ask(
                entry.method, f"{scheme}://{bare}:{port}{path}", parse_qsl(query, keep_blank_values=True), body, also
            )
        parameters = cast("dict[str, JsonValue]", filled(entry.parameters, values))
        return await self._ask(entry.method, self._config.base_url + entry.path, _pairs(parameters), body, also)

    async def one(self, path: str, *, also: Collection[int] = ()) -> Answer:
        """What is at a path."""
        return await self._ask("GET", self._config.base_url + path, [], None, also)

    async def _ask(
        self, method: str, url: str, query: list[tuple[str, str]], body: JsonValue, also: Collection[int]
    ) -> Answer:
        if pairs := [*query, *self._query.items()]:
            url += f"?{urlencode(pairs)}"
        if self._tokens is None:
            return await self._send(method, url, {}, body, also)
        answer = await self._send(method, url, await self._tokens.header(), body, {*also, _UNAUTHORISED})
        if answer.status == _UNAUTHORISED:
            answer = await self._send(method, url, await self._tokens.header(anew=True), body, {*also, _UNAUTHORISED})
        if answer.status == _UNAUTHORISED:
            raise AuthFailed("The source refuses us (401), also with a new token.", hint="Check client and scope.")
        return answer

    async def _send(
        self, method: str, url: str, headers: Mapping[str, str], body: JsonValue, also: Collection[int]
    ) -> Answer:
        if method == "POST":
            return await self._http.post(url, json=body, headers=headers, also=also)
        return await self._http.get(url, headers=headers, also=also)


def _pairs(parameters: Mapping[str, JsonValue]) -> list[tuple[str, str]]:
    """Query parameters: a list is a parameter given several times, true and false are JSON's words."""
    pairs: list[tuple[str, str]] = []
    for name, value in parameters.items():
        given = [each for each in (value if isinstance(value, list) else [value]) if each is not None]
        pairs += [(name, str(each).lower() if isinstance(each, bool) else str(each)) for each in given]
    return pairs


def _limits(walls: Walls) -> Limits:
    """The client's limits; shorter requests shorten its other times."""
    usual = Limits()
    return Limits(
        most_bytes=walls.body_bytes,
        request=walls.request_seconds,
        first=min(usual.first, walls.request_seconds),
        window=min(usual.window, walls.request_seconds / 2),
    )


def _credentials(config: HttpJsonConfig) -> dict[str, str]:
    """The headers that prove who asks."""
    secret = config.secret.get_secret_value() if config.secret else ""
    match config.auth:
        case Bearer():
            return {"Authorization": f"Bearer {secret}"}
        case Header(name=name, prefix=prefix):
            return {name: f"{prefix}{secret}"}
        case Basic(user=user):
            return {"Authorization": "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode("ascii")}
        case _:
            return {}
