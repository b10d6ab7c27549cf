from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.chain_in import ChainIn
from ...models.chain_out import ChainOut
from ...models.field import Field
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    field: Field,
    *,
    body: ChainIn,
    if_match: None | str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/v1/survivorship/{field}".format(
            field=quote(str(field), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> ChainOut | Problem | None:
    if response.status_code == 200:
        response_200 = ChainOut.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 412:
        response_412 = Problem.from_dict(response.json())

        return response_412

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[ChainOut | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    field: Field,
    *,
    client: AuthenticatedClient,
    body: ChainIn,
    if_match: None | str | Unset = UNSET,
) -> Response[ChainOut | Problem]:
    """Put

     Have a field's value chosen by other rules, of all customers, from the next request on. Nothing else
    changes.

    Args:
        field (Field): What is shown of a customer, in the order of the page; email and phone are
            the main ones.
        if_match (None | str | Unset): The `ETag` that the change rests on: when it is another by
            now, nothing is changed and the answer is 412.
        body (ChainIn): By which rules a field's value is to be shown.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ChainOut | Problem]
    """

    kwargs = _get_kwargs(
        field=field,
        body=body,
        if_match=if_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    field: Field,
    *,
    client: AuthenticatedClient,
    body: ChainIn,
    if_match: None | str | Unset = UNSET,
) -> ChainOut | Problem | None:
    """Put

     Have a field's value chosen by other rules, of all customers, from the next request on. Nothing else
    changes.

    Args:
        field (Field): What is shown of a customer, in the order of the page; email and phone are
            the main ones.
        if_match (None | str | Unset): The `ETag` that the change rests on: when it is another by
            now, nothing is changed and the answer is 412.
        body (ChainIn): By which rules a field's value is to be shown.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ChainOut | Problem
    """

    return sync_detailed(
        field=field,
        client=client,
        body=body,
        if_match=if_match,
    ).parsed


async def asyncio_detailed(
    field: Field,
    *,
    client: AuthenticatedClient,
    body: ChainIn,
    if_match: None | str | Unset = UNSET,
) -> Response[ChainOut | Problem]:
    """Put

     Have a field's value chosen by other rules, of all customers, from the next request on. Nothing else
    changes.

    Args:
        field (Field): What is shown of a customer, in the order of the page; email and phone are
            the main ones.
        if_match (None | str | Unset): The `ETag` that the change rests on: when it is another by
            now, nothing is changed and the answer is 412.
        body (ChainIn): By which rules a field's value is to be shown.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ChainOut | Problem]
    """

    kwargs = _get_kwargs(
        field=field,
        body=body,
        if_match=if_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    field: Field,
    *,
    client: AuthenticatedClient,
    body: ChainIn,
    if_match: None | str | Unset = UNSET,
) -> ChainOut | Problem | None:
    """Put

     Have a field's value chosen by other rules, of all customers, from the next request on. Nothing else
    changes.

    Args:
        field (Field): What is shown of a customer, in the order of the page; email and phone are
            the main ones.
        if_match (None | str | Unset): The `ETag` that the change rests on: when it is another by
            now, nothing is changed and the answer is 412.
        body (ChainIn): By which rules a field's value is to be shown.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ChainOut | Problem
    """

    return (
        await asyncio_detailed(
            field=field,
            client=client,
            body=body,
            if_match=if_match,
        )
    ).parsed
