import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.channel import Channel
from ...models.direction import Direction
from ...models.kind import Kind
from ...models.problem import Problem
from ...models.timeline_out import TimelineOut
from ...types import UNSET, Response, Unset


def _get_kwargs(
    customer_id: UUID,
    *,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    channel: list[Channel] | Unset = UNSET,
    direction: list[Direction] | Unset = UNSET,
    kind: list[Kind] | Unset = UNSET,
    since: datetime.datetime | None | Unset = UNSET,
    until: datetime.datetime | None | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_cursor: None | str | Unset
    if isinstance(cursor, Unset):
        json_cursor = UNSET
    else:
        json_cursor = cursor
    params["cursor"] = json_cursor

    params["limit"] = limit

    json_channel: list[str] | Unset = UNSET
    if not isinstance(channel, Unset):
        json_channel = []
        for channel_item_data in channel:
            channel_item = channel_item_data.value
            json_channel.append(channel_item)

    params["channel"] = json_channel

    json_direction: list[str] | Unset = UNSET
    if not isinstance(direction, Unset):
        json_direction = []
        for direction_item_data in direction:
            direction_item = direction_item_data.value
            json_direction.append(direction_item)

    params["direction"] = json_direction

    json_kind: list[str] | Unset = UNSET
    if not isinstance(kind, Unset):
        json_kind = []
        for kind_item_data in kind:
            kind_item = kind_item_data.value
            json_kind.append(kind_item)

    params["kind"] = json_kind

    json_since: None | str | Unset
    if isinstance(since, Unset):
        json_since = UNSET
    elif isinstance(since, datetime.datetime):
        json_since = since.isoformat()
    else:
        json_since = since
    params["since"] = json_since

    json_until: None | str | Unset
    if isinstance(until, Unset):
        json_until = UNSET
    elif isinstance(until, datetime.datetime):
        json_until = until.isoformat()
    else:
        json_until = until
    params["until"] = json_until

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/customers/{customer_id}/timeline".format(
            customer_id=quote(str(customer_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | TimelineOut | None:
    if response.status_code == 200:
        response_200 = TimelineOut.from_dict(response.json())

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
) -> Response[Problem | TimelineOut]:
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
    limit: int | Unset = 50,
    channel: list[Channel] | Unset = UNSET,
    direction: list[Direction] | Unset = UNSET,
    kind: list[Kind] | Unset = UNSET,
    since: datetime.datetime | None | Unset = UNSET,
    until: datetime.datetime | None | Unset = UNSET,
) -> Response[Problem | TimelineOut]:
    """Timeline

     Read a customer's interactions over all channels in one stream, newest first. A merged id redirects
    (307).

    Args:
        customer_id (UUID):
        cursor (None | str | Unset): `next` of the page before, unchanged.
        limit (int | Unset): Interactions a page. Default: 50.
        channel (list[Channel] | Unset): Only these channels.
        direction (list[Direction] | Unset): Only these directions.
        kind (list[Kind] | Unset): Only these kinds.
        since (datetime.datetime | None | Unset): Not before this time.
        until (datetime.datetime | None | Unset): Before this time.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TimelineOut]
    """

    kwargs = _get_kwargs(
        customer_id=customer_id,
        cursor=cursor,
        limit=limit,
        channel=channel,
        direction=direction,
        kind=kind,
        since=since,
        until=until,
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
    limit: int | Unset = 50,
    channel: list[Channel] | Unset = UNSET,
    direction: list[Direction] | Unset = UNSET,
    kind: list[Kind] | Unset = UNSET,
    since: datetime.datetime | None | Unset = UNSET,
    until: datetime.datetime | None | Unset = UNSET,
) -> Problem | TimelineOut | None:
    """Timeline

     Read a customer's interactions over all channels in one stream, newest first. A merged id redirects
    (307).

    Args:
        customer_id (UUID):
        cursor (None | str | Unset): `next` of the page before, unchanged.
        limit (int | Unset): Interactions a page. Default: 50.
        channel (list[Channel] | Unset): Only these channels.
        direction (list[Direction] | Unset): Only these directions.
        kind (list[Kind] | Unset): Only these kinds.
        since (datetime.datetime | None | Unset): Not before this time.
        until (datetime.datetime | None | Unset): Before this time.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TimelineOut
    """

    return sync_detailed(
        customer_id=customer_id,
        client=client,
        cursor=cursor,
        limit=limit,
        channel=channel,
        direction=direction,
        kind=kind,
        since=since,
        until=until,
    ).parsed


async def asyncio_detailed(
    customer_id: UUID,
    *,
    client: AuthenticatedClient,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    channel: list[Channel] | Unset = UNSET,
    direction: list[Direction] | Unset = UNSET,
    kind: list[Kind] | Unset = UNSET,
    since: datetime.datetime | None | Unset = UNSET,
    until: datetime.datetime | None | Unset = UNSET,
) -> Response[Problem | TimelineOut]:
    """Timeline

     Read a customer's interactions over all channels in one stream, newest first. A merged id redirects
    (307).

    Args:
        customer_id (UUID):
        cursor (None | str | Unset): `next` of the page before, unchanged.
        limit (int | Unset): Interactions a page. Default: 50.
        channel (list[Channel] | Unset): Only these channels.
        direction (list[Direction] | Unset): Only these directions.
        kind (list[Kind] | Unset): Only these kinds.
        since (datetime.datetime | None | Unset): Not before this time.
        until (datetime.datetime | None | Unset): Before this time.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TimelineOut]
    """

    kwargs = _get_kwargs(
        customer_id=customer_id,
        cursor=cursor,
        limit=limit,
        channel=channel,
        direction=direction,
        kind=kind,
        since=since,
        until=until,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    customer_id: UUID,
    *,
    client: AuthenticatedClient,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    channel: list[Channel] | Unset = UNSET,
    direction: list[Direction] | Unset = UNSET,
    kind: list[Kind] | Unset = UNSET,
    since: datetime.datetime | None | Unset = UNSET,
    until: datetime.datetime | None | Unset = UNSET,
) -> Problem | TimelineOut | None:
    """Timeline

     Read a customer's interactions over all channels in one stream, newest first. A merged id redirects
    (307).

    Args:
        customer_id (UUID):
        cursor (None | str | Unset): `next` of the page before, unchanged.
        limit (int | Unset): Interactions a page. Default: 50.
        channel (list[Channel] | Unset): Only these channels.
        direction (list[Direction] | Unset): Only these directions.
        kind (list[Kind] | Unset): Only these kinds.
        since (datetime.datetime | None | Unset): Not before this time.
        until (datetime.datetime | None | Unset): Before this time.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TimelineOut
    """

    return (
        await asyncio_detailed(
            customer_id=customer_id,
            client=client,
            cursor=cursor,
            limit=limit,
            channel=channel,
            direction=direction,
            kind=kind,
            since=since,
            until=until,
        )
    ).parsed
