"""The way to the service: the key, what is sent again, and refusals as exceptions."""

from typing import TypeVar

import httpx

from cxcore_client.errors import failed
from cxcore_client.retrying import AsyncRetrying, Patience, Retrying
from cxcore_client.v1.client import AuthenticatedClient
from cxcore_client.v1.models.problem import Problem

_T = TypeVar("_T")
_FAILED = 400


def connect(url: str, key: str, *, timeout: float = 30.0, patience: Patience | None = None) -> AuthenticatedClient:
    """A client of the service at ``url``, for the operations under ``cxcore_client.v1.api``, sync and async.

    A POST or PATCH carries an ``Idempotency-Key`` of its own; what was not answered, or with 429, 502, 503 or 504, is
    sent again with that same key, as ``patience`` says. Ids of merged customers are followed. Every refusal is raised
    as ``Failed``. Use the client as a context manager (``with`` or ``async with``) to have connections closed.
    """
    patience = patience or Patience()
    base, headers = url.rstrip("/"), {"Authorization": f"Bearer {key}"}
    client = AuthenticatedClient(base_url=base, token=key, raise_on_unexpected_status=True)
    client.set_httpx_client(
        httpx.Client(
            base_url=base,
            headers=headers,
            timeout=timeout,
            follow_redirects=True,
            transport=Retrying(httpx.HTTPTransport(), patience),
            event_hooks={"response": [_refuse]},
        )
    )
    client.set_async_httpx_client(
        httpx.AsyncClient(
            base_url=base,
            headers=headers,
            timeout=timeout,
            follow_redirects=True,
            transport=AsyncRetrying(httpx.AsyncHTTPTransport(), patience),
            event_hooks={"response": [_refuse_async]},
        )
    )
    return client


def result(answer: Problem | _T | None) -> _T:
    """What an operation answered, without the problem that its type allows for, which was raised.

    Raises:
        TypeError: there is no answer, or a problem, since the client was not made by ``connect``.
    """
    if answer is None or isinstance(answer, Problem):
        raise TypeError("Make the client with cxcore_client.connect.")
    return answer


def _refuse(answer: httpx.Response) -> None:
    if answer.status_code >= _FAILED:
        answer.read()
        raise failed(answer)


async def _refuse_async(answer: httpx.Response) -> None:
    if answer.status_code >= _FAILED:
        await answer.aread()
        raise failed(answer)
