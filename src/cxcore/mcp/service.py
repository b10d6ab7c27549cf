"""The service behind the tools: asked over HTTP with the assistant's key, so that whatever holds for the API holds here."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import httpx2
from starlette.types import ASGIApp

from cxcore.errors import CxError

Parameters = Mapping[str, str | int | bool | Sequence[str]]
_REFUSED = 400


class Refused(CxError):
    """The service does not do what it was asked, or does not answer; the message is for the assistant."""

    code = "mcp_refused"
    status = 502


class Service:
    """``async with Service(url, key)``; ``transport`` is for a service in the same process."""

    def __init__(self, url: str, key: str, *, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._client = httpx2.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {key}", "User-Agent": "cxcore-mcp"},
            timeout=httpx2.Timeout(30.0),
            transport=transport,
            follow_redirects=True,  # to the customer that a merged one has become
            trust_env=False,
        )

    @classmethod
    def inside(cls, app: ASGIApp, key: str) -> Self:
        """The service in this process."""
        return cls("http://cxcore", key, transport=httpx2.ASGITransport(app=app, raise_app_exceptions=False))

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *args: object) -> None:
        await self._client.aclose()

    async def read(self, path: str, parameters: Parameters | None = None) -> dict[str, Any]:
        """What a GET answers.

        Raises:
            Refused: the service refuses, or does not answer.
        """
        return await self._ask("GET", path, params=dict(parameters or {}))

    async def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What a POST answers that writes nothing.

        Raises:
            Refused: the service refuses, or does not answer.
        """
        return await self._ask("POST", path, json=body)

    async def _ask(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        try:
            answer = await self._client.request(method, path, **content)
        except httpx2.HTTPError as exc:
            raise Refused("cxcore does not answer.", hint="Is it running, and is CX_URL where it is?") from exc
        try:
            found = answer.json()
        except ValueError as exc:
            raise Refused(f"What answers ({answer.status_code}) is not cxcore.", hint="Check CX_URL.") from exc
        if answer.status_code >= _REFUSED or not isinstance(found, dict):
            raise _refused(answer, found if isinstance(found, dict) else {})
        return found


def _refused(answer: httpx2.Response, problem: dict[str, Any]) -> Refused:
    """The problem (RFC 9457) in words: what happened, which fields are at fault, and when to come back."""
    said = [f"{problem.get('code', answer.status_code)}: {problem.get('detail', 'refused.')}"]
    said += [f"{e.get('pointer')}: {e.get('detail')}." for e in problem.get("errors", ())]
    if after := answer.headers.get("retry-after"):
        said.append(f"Ask again after {after} seconds.")
    return Refused(" ".join(said))
