"""Driving one connector: its pages, one at a time, held to the contract."""

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any, cast

from cxcore.errors import OperatorError
from cxcore.pull.cursors import check_size
from cxcore.pull.sources import Configured
from cxcore.sdk.errors import ConnectorFailure
from cxcore.sdk.page import Page


class ConnectorBug(OperatorError):
    """The connector broke its contract; the stream stops until it is mended."""

    code = "connector_bug"


async def pages(source: Configured, stream: str, cursor: Mapping[str, Any] | None) -> AsyncIterator[Page]:
    """The pages of a stream from a cursor on. A page is asked for when the one before has been landed.

    Raises:
        ConnectorFailure: as the connector says.
        ConnectorBug: anything else it raised, by name only; the cause is chained.
    """
    connector = source.reader()
    try:
        async with aclosing(cast("Any", connector.pull(stream, cursor))) as found:
            async for page in found:
                check_size(page.cursor)
                yield page
    except (ConnectorFailure, OperatorError):
        raise
    except Exception as exc:
        raise ConnectorBug(f"The connector {source.connector} stopped on {type(exc).__name__}.") from exc


async def watch(source: Configured, stream: str, cursor: Mapping[str, Any]) -> None:
    """Wait until the source may have something that the cursor does not know.

    Raises:
        ConnectorFailure: as the connector says.
        ConnectorBug: anything else it raised, by name only; the cause is chained.
    """
    try:
        await source.reader().watch(stream, cursor)
    except (ConnectorFailure, OperatorError):
        raise
    except Exception as exc:
        raise ConnectorBug(f"The connector {source.connector} stopped on {type(exc).__name__}.") from exc
