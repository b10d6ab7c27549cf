from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.compared_out import ComparedOut
from ...models.problem import Problem
from ...types import UNSET, Response


def _get_kwargs(
    *,
    left: UUID,
    right: UUID,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_left = str(left)
    params["left"] = json_left

    json_right = str(right)
    params["right"] = json_right

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/identity:explain",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> ComparedOut | Problem | None:
    if response.status_code == 200:
        response_200 = ComparedOut.from_dict(response.json())

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
) -> Response[ComparedOut | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    left: UUID,
    right: UUID,
) -> Response[ComparedOut | Problem]:
    """Explain

     Why two ids are one customer, or why they are not: decisions, score, and what speaks for and
    against.

    Args:
        left (UUID): A customer's id, present or past, or a profile's.
        right (UUID): Another.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ComparedOut | Problem]
    """

    kwargs = _get_kwargs(
        left=left,
        right=right,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    left: UUID,
    right: UUID,
) -> ComparedOut | Problem | None:
    """Explain

     Why two ids are one customer, or why they are not: decisions, score, and what speaks for and
    against.

    Args:
        left (UUID): A customer's id, present or past, or a profile's.
        right (UUID): Another.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ComparedOut | Problem
    """

    return sync_detailed(
        client=client,
        left=left,
        right=right,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    left: UUID,
    right: UUID,
) -> Response[ComparedOut | Problem]:
    """Explain

     Why two ids are one customer, or why they are not: decisions, score, and what speaks for and
    against.

    Args:
        left (UUID): A customer's id, present or past, or a profile's.
        right (UUID): Another.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ComparedOut | Problem]
    """

    kwargs = _get_kwargs(
        left=left,
        right=right,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    left: UUID,
    right: UUID,
) -> ComparedOut | Problem | None:
    """Explain

     Why two ids are one customer, or why they are not: decisions, score, and what speaks for and
    against.

    Args:
        left (UUID): A customer's id, present or past, or a profile's.
        right (UUID): Another.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ComparedOut | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            left=left,
            right=right,
        )
    ).parsed
