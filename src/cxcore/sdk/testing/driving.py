"""Driving a connector as the engine does, from plain tests."""

import asyncio
import json
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

from pydantic import BaseModel, SecretStr

from cxcore.sdk.connector import Connector
from cxcore.sdk.errors import RecordRejected
from cxcore.sdk.page import Cursor, Mapped, Page, Record

T = TypeVar("T")
MAX_PAGES = 10_000

Version = tuple[str, str, bytes]
"""Stream, key and digest: what landing tells records apart by."""


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def saved(cursor: Cursor) -> Cursor:
    """The cursor as it comes back from the database."""
    loaded: Cursor = json.loads(json.dumps(cursor, allow_nan=False))
    return loaded


async def _take(connector: Connector[Any], stream: str, cursor: Cursor | None, count: int | None) -> list[Page]:
    pages: list[Page] = []
    pulling = connector.pull(stream, cursor)
    async for page in pulling:
        pages.append(page)
        if len(pages) == count:
            break
        if len(pages) >= MAX_PAGES:
            raise AssertionError(f"the pull of {stream} does not end: {MAX_PAGES} pages so far")
    close = getattr(pulling, "aclose", None)
    if close is not None:
        await close()
    return pages


def pull(
    connector: Connector[Any], stream: str, cursor: Cursor | None = None, *, pages: int | None = None
) -> list[Page]:
    """All pages of a pull, or its first ``pages``: the engine was then killed."""
    return run(_take(connector, stream, cursor, pages))


def records(pages: Iterable[Page]) -> list[Record]:
    return [record for page in pages for record in page.records]


def version(record: Record) -> Version:
    return record.stream, record.key, record.digest(record.body())


def versions(pages: Iterable[Page]) -> set[Version]:
    return {version(record) for record in records(pages)}


def mapped(connector: Connector[Any], found: Iterable[Record]) -> tuple[list[Mapped], list[RecordRejected]]:
    """What the records mean, and the rejections of those that mean nothing."""
    made: list[Mapped] = []
    rejected: list[RecordRejected] = []
    for record in found:
        try:
            made.extend(connector.map(record))
        except RecordRejected as exc:
            rejected.append(exc)
    return made, rejected


def secrets(config: BaseModel) -> list[str]:
    """The plain text of all secrets in a configuration, however deep."""
    found: list[str] = []
    pending: list[Any] = [config]
    while pending:
        value = pending.pop()
        if isinstance(value, SecretStr):
            found.append(value.get_secret_value())
        elif isinstance(value, BaseModel):
            pending.extend(value.__dict__.values())
        elif isinstance(value, dict):
            pending.extend(value.values())
        elif isinstance(value, list | tuple | set | frozenset):
            pending.extend(value)
    return [secret for secret in found if secret]


def without_secrets(raw: Any, hidden: list[str]) -> Any:
    """Configuration data with each secret replaced by a reference."""
    if isinstance(raw, str) and raw in hidden:
        return "reference"
    if isinstance(raw, dict):
        return {key: without_secrets(value, hidden) for key, value in raw.items()}
    if isinstance(raw, list | tuple):
        return [without_secrets(value, hidden) for value in raw]
    return raw
