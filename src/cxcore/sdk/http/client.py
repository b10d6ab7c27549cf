"""Http: the client of connectors. Time-outs, limits, patience and retries in one place, failures named for the engine."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Self

import httpx2

from cxcore.sdk.errors import AuthFailed, ConnectorFailure, RateLimited, SourceUnavailable
from cxcore.sdk.http import body, redirects
from cxcore.sdk.http.answer import Answer
from cxcore.sdk.http.network import Hosts, Transport
from cxcore.sdk.http.patience import ATTEMPTS, PATIENCE, Limits, backoff, retry_after
from cxcore.sdk.http.rate import Bucket, shared
from cxcore.sdk.manifest import Rate

_SERVER_ERROR, _TOO_MANY = 500, 429
_BUSY = 60.0
"""Seconds after which a source is asked again that refused too many requests without saying for how long."""
_OK = frozenset({200, 201, 202, 203, 204, 206, 304})
_REFUSED = frozenset({401, 403})


class Http:
    """A client for one pull: ``async with Http() as http``. It only reads, so all it does may be repeated.

    ``headers`` go to the origins of ``homes`` (without homes: of each address asked for), never on to another by a
    redirect. A host that ``homes`` write as a private address or localhost may be reached there; names that DNS leads
    to private addresses, and other hosts there, only with ``private_network``. Cookies and environment proxies are
    not used.
    """

    def __init__(
        self,
        *,
        headers: Mapping[str, str] | None = None,
        homes: Iterable[str] = (),
        private_network: bool = False,
        limits: Limits | None = None,
        rate: Rate | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._headers = dict(headers or {})
        self._homes = frozenset(redirects.origin(home) for home in homes)
        self._bucket = shared(self._homes, rate) if rate and self._homes else Bucket(rate)
        hosts = Hosts((home[1] for home in self._homes), private_network=private_network)
        self._client = httpx2.AsyncClient(
            headers={"User-Agent": "cxcore", "Accept-Encoding": body.ENCODINGS},
            timeout=httpx2.Timeout(min(30.0, self._limits.request), connect=self._limits.connect),
            transport=transport or Transport(hosts),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            follow_redirects=False,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *args: object) -> None:
        await self._client.aclose()

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None, also: Collection[int] = ()) -> Answer:
        """Read a URL; a short ``Retry-After`` is waited for, outages are tried three times with full jitter.

        ``also``: statuses beyond those of success that are answers, too.

        Raises:
            AuthFailed: 401 or 403.
            RateLimited: the source asks for more patience than ``PATIENCE``, or does not stop asking.
            SourceUnavailable: no sensible answer, or none within the limits.
        """
        return await self._ask(url, {"headers": {**self._headers, **(headers or {})}}, also)

    async def post(
        self,
        url: str,
        *,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        also: Collection[int] = (),
    ) -> Answer:
        """Read by a POST that changes nothing, such as a search, with JSON or a form; the rest is as with ``get``."""
        sent = {"data": dict(form)} if form is not None else {"json": json}
        return await self._ask(url, {"headers": {**self._headers, **(headers or {})}, **sent}, also)

    async def _ask(self, url: str, request: dict[str, Any], also: Collection[int]) -> Answer:
        try:
            async with asyncio.timeout(self._limits.whole):
                return await self._attempts(url, request, also)
        except TimeoutError as exc:
            raise SourceUnavailable(
                f"The source took longer than {self._limits.whole:g} seconds.", hint="Ask for smaller pages."
            ) from exc

    async def _attempts(self, url: str, request: dict[str, Any], also: Collection[int]) -> Answer:
        failure: ConnectorFailure = SourceUnavailable("The source does not answer.")
        for attempt in range(ATTEMPTS):
            if attempt:
                await asyncio.sleep(backoff(attempt))
            await self._bucket.wait()
            try:
                async with asyncio.timeout(self._limits.request):
                    answer = await self._follow(url, request, also)
            except httpx2.InvalidURL as exc:
                raise SourceUnavailable("The source's address cannot be read.", hint="Correct it.") from exc
            except body.TooSlow:
                failure = SourceUnavailable("The source's answer comes too slowly.", hint="Ask for smaller pages.")
                continue
            except (httpx2.HTTPError, TimeoutError) as exc:
                failure = SourceUnavailable(
                    f"The source does not answer: {type(exc).__name__}.", hint="Is it up, and its address right?"
                )
                continue
            if answer.status in _OK or answer.status in also:
                return answer
            failure = await self._refusal(answer)
        raise failure

    async def _refusal(self, answer: Answer) -> ConnectorFailure:
        """The failure that stands if nothing better comes; waits as long as the source asks, within patience.

        Raises:
            ConnectorFailure: another attempt has no sense.
        """
        status = answer.status
        if status in _REFUSED:
            raise AuthFailed(f"The source refuses us ({status}).", hint="Check its address and credentials.")
        if status == _TOO_MANY or status >= _SERVER_ERROR:
            wait = retry_after(answer.headers.get("retry-after")) if status in {_TOO_MANY, 503} else None
            if wait is not None and wait > PATIENCE:
                raise RateLimited(retry_after=wait)
            await asyncio.sleep(wait or 0.0)
            if status == _TOO_MANY:
                return RateLimited(retry_after=max(wait or 0.0, _BUSY))
            return SourceUnavailable(f"The source answers {status}.", hint="It is tried again by itself.")
        raise SourceUnavailable(f"The source answers {status}.", hint="Is the address right?")

    async def _follow(self, url: str, request: dict[str, Any], also: Collection[int]) -> Answer:
        """The answer at the end of all redirects."""
        method = "GET" if request.keys() == {"headers"} else "POST"
        trusted = not self._homes or redirects.origin(url) in self._homes
        for number in range(redirects.MOST + 1):
            if number:
                await self._bucket.wait()
            sent = request if trusted else {**request, "headers": {}}
            answer = await self._read(method, url, sent, also)
            location = answer.headers.get("location")
            if answer.status not in redirects.STATUSES or not location:
                return answer
            hop = redirects.hop(at=url, location=location, status=answer.status, method=method)
            url, trusted = hop.url, trusted and hop.trusted
        raise SourceUnavailable("The source redirects in circles.", hint="Configure the address it should end at.")

    async def _read(self, method: str, url: str, request: dict[str, Any], also: Collection[int]) -> Answer:
        async with asyncio.timeout(self._limits.first):
            response = await self._client.send(self._client.build_request(method, url, **request), stream=True)
        try:
            read = b""
            if response.status_code in _OK or response.status_code in also:
                # not aiter_bytes, which decompresses a whole chunk, whatever comes of it
                read = await body.read(
                    aiter(response.stream),  # type: ignore[arg-type]  # an async client's responses are async
                    encoding=response.headers.get("content-encoding", ""),
                    length=response.headers.get("content-length"),
                    limits=self._limits,
                )
            return Answer(response.status_code, dict(response.headers), read, url)
        finally:
            await response.aclose()
