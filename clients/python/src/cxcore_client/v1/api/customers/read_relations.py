from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.relations_out import RelationsOut
from ...types import UNSET, Response, Unset


def _get_kwargs(
    customer_id: UUID,
    *,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 20,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_cursor: None | str | Unset
    if isinstance(cursor, Unset):
        json_cursor = UNSET
    else:
        json_cursor = cursor
    params["cursor"] = json_cursor

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/customers/{customer_id}/relations".format(
            customer_id=quote(str(customer_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | RelationsOut | None:
    if response.status_code == 200:
        response_200 = RelationsOut.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())

        return response_429

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problem | RelationsOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    customer_id: UUID,
    *,
    client: AuthenticatedClient,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 20,
) -> Response[Problem | RelationsOut]:
    """Related To

     Read who a customer shares a household, a company or a line with, and why. They are no merges, nor
    candidates for
    one. Computed anew from what is stored. A merged id redirects (307).

    Args:
        customer_id (UUID):
        cursor (None | str | Unset): `next` of the page before, unchanged.
        limit (int | Unset): Relations a page. Default: 20.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RelationsOut]
    """

    kwargs = _get_kwargs(
        customer_id=customer_id,
        cursor=cursor,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    customer_id: UUID,
    *,
    client: AuthenticatedClient,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 20,
) -> Problem | RelationsOut | None:
    """Related To

     Read who a customer shares a household, a company or a line with, and why. They are no merges, nor
    candidates for
    one. Computed anew from what is stored. A merged id redirects (307).

    Args:
        customer_id (UUID):
        cursor (None | str | Unset): `next` of the page before, unchanged.
        limit (int | Unset): Relations a page. Default: 20.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RelationsOut
    """

    return sync_detailed(
        customer_id=customer_id,
        client=client,
        cursor=cursor,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    customer_id: UUID,
    *,
    client: AuthenticatedClient,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 20,
) -> Response[Problem | RelationsOut]:
    """Related To

     Read who a customer shares a household, a company or a line with, and why. They are no merges, nor
    candidates for
    one. Computed anew from what is stored. A merged id redirects (307).

    Args:
        customer_id (UUID):
        cursor (None | str | Unset): `next` of the page before, unchanged.
        limit (int | Unset): Relations a page. Default: 20.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RelationsOut]
    """

    kwargs = _get_kwargs(
        customer_id=customer_id,
        cursor=cursor,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    customer_id: UUID,
    *,
    client: AuthenticatedClient,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 20,
) -> Problem | RelationsOut | None:
    """Related To

     Read who a customer shares a household, a company or a line with, and why. They are no merges, nor
    candidates for
    one. Computed anew from what is stored. A merged id redirects (307).

    Args:
        customer_id (UUID):
        cursor (None | str | Unset): `next` of the page before, unchanged.
        limit (int | Unset): Relations a page. Default: 20.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RelationsOut
    """

    return (
        await asyncio_detailed(
            customer_id=customer_id,
            client=client,
            cursor=cursor,
            limit=limit,
        )
    ).parsed
