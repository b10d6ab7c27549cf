"""Driving one connector: its pages, one at a time, held to the contract."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from types import MappingProxyType
from typing import Any, cast

from cxcore.errors import OperatorError
from cxcore.pull.cursors import check_size
from cxcore.pull.sources import Configured
from cxcore.sdk.errors import ConnectorFailure, SourceUnavailable
from cxcore.sdk.page import Page


class ConnectorBug(OperatorError):
    """The connector broke its contract; the stream stops until it is mended."""

    code = "connector_bug"


PATIENCE = 60.0
"""Seconds in which a source must say who it is."""


async def check(source: Configured, *, secrets: Mapping[str, str] = MappingProxyType({})) -> str:
    """Reach a source and name its account; nothing is written.

    Raises:
        ConnectorFailure: as the connector says, or it took too long.
        ConnectorBug: anything else it raised, by name only; the cause is chained.
    """
    connector = source.reader(secrets)
    try:
        async with asyncio.timeout(PATIENCE):
            return await connector.check()
    except (ConnectorFailure, OperatorError):
        raise
    except TimeoutError as exc:
        raise SourceUnavailable(f"The source did not answer within {PATIENCE:.0f} seconds.") from exc
    except Exception as exc:
        raise ConnectorBug(f"The connector {source.connector} stopped on {type(exc).__name__}.") from exc


async def pages(
    source: Configured,
    stream: str,
    cursor: Mapping[str, Any] | None,
    *,
    secrets: Mapping[str, str] = MappingProxyType({}),
) -> AsyncGenerator[Page, None]:
    """The pages of a stream from a cursor on. A page is asked for when the one before has been landed.

    Raises:
        ConnectorFailure: as the connector says.
        ConnectorBug: anything else it raised, by name only; the cause is chained.
    """
    connector = source.reader(secrets)
    try:
        async with aclosing(cast("Any", connector.pull(stream, cursor))) as found:
            async for page in found:
                check_size(page.cursor)
                yield page
    except (ConnectorFailure, OperatorError):
        raise
    except Exception as exc:
        raise ConnectorBug(f"The connector {source.connector} stopped on {type(exc).__name__}.") from exc


async def watch(
    source: Configured, stream: str, cursor: Mapping[str, Any], *, secrets: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Wait until the source may have something that the cursor does not know.

    Raises:
        ConnectorFailure: as the connector says.
        ConnectorBug: anything else it raised, by name only; the cause is chained.
    """
    try:
        await source.reader(secrets).watch(stream, cursor)
    except (ConnectorFailure, OperatorError):
        raise
    except Exception as exc:
        raise ConnectorBug(f"The connector {source.connector} stopped on {type(exc).__name__}.") from exc
