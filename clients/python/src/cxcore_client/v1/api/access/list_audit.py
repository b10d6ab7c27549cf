from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.audit_out import AuditOut
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    customer_id: None | Unset | UUID = UNSET,
    before: int | None | Unset = UNSET,
    limit: int | Unset = 50,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_customer_id: None | str | Unset
    if isinstance(customer_id, Unset):
        json_customer_id = UNSET
    elif isinstance(customer_id, UUID):
        json_customer_id = str(customer_id)
    else:
        json_customer_id = customer_id
    params["customer_id"] = json_customer_id

    json_before: int | None | Unset
    if isinstance(before, Unset):
        json_before = UNSET
    else:
        json_before = before
    params["before"] = json_before

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/audit",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> AuditOut | Problem | None:
    if response.status_code == 200:
        response_200 = AuditOut.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

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


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[AuditOut | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    customer_id: None | Unset | UUID = UNSET,
    before: int | None | Unset = UNSET,
    limit: int | Unset = 50,
) -> Response[AuditOut | Problem]:
    """Page

     Read the audit, newest first: reads of customers by staff, values revealed, sign-ins, changes of
    access.

    Args:
        customer_id (None | Unset | UUID): Only what was done of this customer.
        before (int | None | Unset): `next` of the page before.
        limit (int | Unset): Rows a page. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AuditOut | Problem]
    """

    kwargs = _get_kwargs(
        customer_id=customer_id,
        before=before,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    customer_id: None | Unset | UUID = UNSET,
    before: int | None | Unset = UNSET,
    limit: int | Unset = 50,
) -> AuditOut | Problem | None:
    """Page

     Read the audit, newest first: reads of customers by staff, values revealed, sign-ins, changes of
    access.

    Args:
        customer_id (None | Unset | UUID): Only what was done of this customer.
        before (int | None | Unset): `next` of the page before.
        limit (int | Unset): Rows a page. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AuditOut | Problem
    """

    return sync_detailed(
        client=client,
        customer_id=customer_id,
        before=before,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    customer_id: None | Unset | UUID = UNSET,
    before: int | None | Unset = UNSET,
    limit: int | Unset = 50,
) -> Response[AuditOut | Problem]:
    """Page

     Read the audit, newest first: reads of customers by staff, values revealed, sign-ins, changes of
    access.

    Args:
        customer_id (None | Unset | UUID): Only what was done of this customer.
        before (int | None | Unset): `next` of the page before.
        limit (int | Unset): Rows a page. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AuditOut | Problem]
    """

    kwargs = _get_kwargs(
        customer_id=customer_id,
        before=before,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    customer_id: None | Unset | UUID = UNSET,
    before: int | None | Unset = UNSET,
    limit: int | Unset = 50,
) -> AuditOut | Problem | None:
    """Page

     Read the audit, newest first: reads of customers by staff, values revealed, sign-ins, changes of
    access.

    Args:
        customer_id (None | Unset | UUID): Only what was done of this customer.
        before (int | None | Unset): `next` of the page before.
        limit (int | Unset): Rows a page. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AuditOut | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            customer_id=customer_id,
            before=before,
            limit=limit,
        )
    ).parsed
