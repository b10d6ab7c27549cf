from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.source_detail_out import SourceDetailOut
from ...models.source_patch import SourcePatch
from ...types import UNSET, Response, Unset


def _get_kwargs(
    key: str,
    *,
    body: SourcePatch,
    if_match: None | str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/v1/sources/{key}".format(
            key=quote(str(key), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | SourceDetailOut | None:
    if response.status_code == 200:
        response_200 = SourceDetailOut.from_dict(response.json())

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

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

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


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problem | SourceDetailOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    key: str,
    *,
    client: AuthenticatedClient,
    body: SourcePatch,
    if_match: None | str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | SourceDetailOut]:
    """Change

     Change settings of a source, or enter a secret anew. Settings can say where secrets are sent, so
    whoever changes
    others gives the secrets with them.

    Args:
        key (str): Key of the source.
        if_match (None | str | Unset): The `ETag` that the change rests on: when it is another by
            now, nothing is changed and the answer is 412.
        idempotency_key (str | Unset):
        body (SourcePatch): What to change of a source; what is left out stays.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SourceDetailOut]
    """

    kwargs = _get_kwargs(
        key=key,
        body=body,
        if_match=if_match,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    key: str,
    *,
    client: AuthenticatedClient,
    body: SourcePatch,
    if_match: None | str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Problem | SourceDetailOut | None:
    """Change

     Change settings of a source, or enter a secret anew. Settings can say where secrets are sent, so
    whoever changes
    others gives the secrets with them.

    Args:
        key (str): Key of the source.
        if_match (None | str | Unset): The `ETag` that the change rests on: when it is another by
            now, nothing is changed and the answer is 412.
        idempotency_key (str | Unset):
        body (SourcePatch): What to change of a source; what is left out stays.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SourceDetailOut
    """

    return sync_detailed(
        key=key,
        client=client,
        body=body,
        if_match=if_match,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    key: str,
    *,
    client: AuthenticatedClient,
    body: SourcePatch,
    if_match: None | str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | SourceDetailOut]:
    """Change

     Change settings of a source, or enter a secret anew. Settings can say where secrets are sent, so
    whoever changes
    others gives the secrets with them.

    Args:
        key (str): Key of the source.
        if_match (None | str | Unset): The `ETag` that the change rests on: when it is another by
            now, nothing is changed and the answer is 412.
        idempotency_key (str | Unset):
        body (SourcePatch): What to change of a source; what is left out stays.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | SourceDetailOut]
    """

    kwargs = _get_kwargs(
        key=key,
        body=body,
        if_match=if_match,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    key: str,
    *,
    client: AuthenticatedClient,
    body: SourcePatch,
    if_match: None | str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Problem | SourceDetailOut | None:
    """Change

     Change settings of a source, or enter a secret anew. Settings can say where secrets are sent, so
    whoever changes
    others gives the secrets with them.

    Args:
        key (str): Key of the source.
        if_match (None | str | Unset): The `ETag` that the change rests on: when it is another by
            now, nothing is changed and the answer is 412.
        idempotency_key (str | Unset):
        body (SourcePatch): What to change of a source; what is left out stays.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | SourceDetailOut
    """

    return (
        await asyncio_detailed(
            key=key,
            client=client,
            body=body,
            if_match=if_match,
            idempotency_key=idempotency_key,
        )
    ).parsed
