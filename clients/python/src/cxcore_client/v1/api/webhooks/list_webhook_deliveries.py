from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.deliveries_out import DeliveriesOut
from ...models.list_webhook_deliveries_state_type_0 import (
    ListWebhookDeliveriesStateType0,
)
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    webhook_id: UUID,
    *,
    before: int | None | Unset = UNSET,
    state: ListWebhookDeliveriesStateType0 | None | Unset = UNSET,
    limit: int | Unset = 50,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_before: int | None | Unset
    if isinstance(before, Unset):
        json_before = UNSET
    else:
        json_before = before
    params["before"] = json_before

    json_state: None | str | Unset
    if isinstance(state, Unset):
        json_state = UNSET
    elif isinstance(state, ListWebhookDeliveriesStateType0):
        json_state = state.value
    else:
        json_state = state
    params["state"] = json_state

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/webhooks/{webhook_id}/deliveries".format(
            webhook_id=quote(str(webhook_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> DeliveriesOut | Problem | None:
    if response.status_code == 200:
        response_200 = DeliveriesOut.from_dict(response.json())

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
) -> Response[DeliveriesOut | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    webhook_id: UUID,
    *,
    client: AuthenticatedClient,
    before: int | None | Unset = UNSET,
    state: ListWebhookDeliveriesStateType0 | None | Unset = UNSET,
    limit: int | Unset = 50,
) -> Response[DeliveriesOut | Problem]:
    """Log

     What was sent to a webhook, attempt by attempt, for 30 days.

    Args:
        webhook_id (UUID): Id of the webhook.
        before (int | None | Unset): Only before this position.
        state (ListWebhookDeliveriesStateType0 | None | Unset): Only those in this state.
        limit (int | Unset): How many, the newest event first. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeliveriesOut | Problem]
    """

    kwargs = _get_kwargs(
        webhook_id=webhook_id,
        before=before,
        state=state,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    webhook_id: UUID,
    *,
    client: AuthenticatedClient,
    before: int | None | Unset = UNSET,
    state: ListWebhookDeliveriesStateType0 | None | Unset = UNSET,
    limit: int | Unset = 50,
) -> DeliveriesOut | Problem | None:
    """Log

     What was sent to a webhook, attempt by attempt, for 30 days.

    Args:
        webhook_id (UUID): Id of the webhook.
        before (int | None | Unset): Only before this position.
        state (ListWebhookDeliveriesStateType0 | None | Unset): Only those in this state.
        limit (int | Unset): How many, the newest event first. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeliveriesOut | Problem
    """

    return sync_detailed(
        webhook_id=webhook_id,
        client=client,
        before=before,
        state=state,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    webhook_id: UUID,
    *,
    client: AuthenticatedClient,
    before: int | None | Unset = UNSET,
    state: ListWebhookDeliveriesStateType0 | None | Unset = UNSET,
    limit: int | Unset = 50,
) -> Response[DeliveriesOut | Problem]:
    """Log

     What was sent to a webhook, attempt by attempt, for 30 days.

    Args:
        webhook_id (UUID): Id of the webhook.
        before (int | None | Unset): Only before this position.
        state (ListWebhookDeliveriesStateType0 | None | Unset): Only those in this state.
        limit (int | Unset): How many, the newest event first. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeliveriesOut | Problem]
    """

    kwargs = _get_kwargs(
        webhook_id=webhook_id,
        before=before,
        state=state,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    webhook_id: UUID,
    *,
    client: AuthenticatedClient,
    before: int | None | Unset = UNSET,
    state: ListWebhookDeliveriesStateType0 | None | Unset = UNSET,
    limit: int | Unset = 50,
) -> DeliveriesOut | Problem | None:
    """Log

     What was sent to a webhook, attempt by attempt, for 30 days.

    Args:
        webhook_id (UUID): Id of the webhook.
        before (int | None | Unset): Only before this position.
        state (ListWebhookDeliveriesStateType0 | None | Unset): Only those in this state.
        limit (int | Unset): How many, the newest event first. Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeliveriesOut | Problem
    """

    return (
        await asyncio_detailed(
            webhook_id=webhook_id,
            client=client,
            before=before,
            state=state,
            limit=limit,
        )
    ).parsed
