from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.customer_out import CustomerOut
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    customer_id: UUID,
    *,
    explain: bool | Unset = False,
    if_none_match: None | str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_none_match, Unset):
        headers["If-None-Match"] = if_none_match

    params: dict[str, Any] = {}

    params["explain"] = explain

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/customers/{customer_id}".format(
            customer_id=quote(str(customer_id), safe=""),
        ),
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | CustomerOut | Problem | None:
    if response.status_code == 200:
        response_200 = CustomerOut.from_dict(response.json())

        return response_200

    if response.status_code == 304:
        response_304 = cast(Any, None)
        return response_304

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
) -> Response[Any | CustomerOut | Problem]:
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
    explain: bool | Unset = False,
    if_none_match: None | str | Unset = UNSET,
) -> Response[Any | CustomerOut | Problem]:
    """Read

     Read a customer with the profiles that make it and the reasons that tie them. A merged id redirects
    (307).

    Args:
        customer_id (UUID):
        explain (bool | Unset): Whether to say why each value is shown, and over which others.
            Default: False.
        if_none_match (None | str | Unset): An `ETag` that is known already: 304 when it still
            holds.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | CustomerOut | Problem]
    """

    kwargs = _get_kwargs(
        customer_id=customer_id,
        explain=explain,
        if_none_match=if_none_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    customer_id: UUID,
    *,
    client: AuthenticatedClient,
    explain: bool | Unset = False,
    if_none_match: None | str | Unset = UNSET,
) -> Any | CustomerOut | Problem | None:
    """Read

     Read a customer with the profiles that make it and the reasons that tie them. A merged id redirects
    (307).

    Args:
        customer_id (UUID):
        explain (bool | Unset): Whether to say why each value is shown, and over which others.
            Default: False.
        if_none_match (None | str | Unset): An `ETag` that is known already: 304 when it still
            holds.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | CustomerOut | Problem
    """

    return sync_detailed(
        customer_id=customer_id,
        client=client,
        explain=explain,
        if_none_match=if_none_match,
    ).parsed


async def asyncio_detailed(
    customer_id: UUID,
    *,
    client: AuthenticatedClient,
    explain: bool | Unset = False,
    if_none_match: None | str | Unset = UNSET,
) -> Response[Any | CustomerOut | Problem]:
    """Read

     Read a customer with the profiles that make it and the reasons that tie them. A merged id redirects
    (307).

    Args:
        customer_id (UUID):
        explain (bool | Unset): Whether to say why each value is shown, and over which others.
            Default: False.
        if_none_match (None | str | Unset): An `ETag` that is known already: 304 when it still
            holds.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | CustomerOut | Problem]
    """

    kwargs = _get_kwargs(
        customer_id=customer_id,
        explain=explain,
        if_none_match=if_none_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    customer_id: UUID,
    *,
    client: AuthenticatedClient,
    explain: bool | Unset = False,
    if_none_match: None | str | Unset = UNSET,
) -> Any | CustomerOut | Problem | None:
    """Read

     Read a customer with the profiles that make it and the reasons that tie them. A merged id redirects
    (307).

    Args:
        customer_id (UUID):
        explain (bool | Unset): Whether to say why each value is shown, and over which others.
            Default: False.
        if_none_match (None | str | Unset): An `ETag` that is known already: 304 when it still
            holds.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | CustomerOut | Problem
    """

    return (
        await asyncio_detailed(
            customer_id=customer_id,
            client=client,
            explain=explain,
            if_none_match=if_none_match,
        )
    ).parsed
