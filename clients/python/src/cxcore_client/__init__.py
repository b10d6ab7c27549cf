"""A typed client of cxcore: ``connect``, then the operations under ``cxcore_client.v1.api``, sync and async alike."""

from cxcore_client.calling import connect, result
from cxcore_client.errors import Failed, PositionGone
from cxcore_client.following import follow, follow_async
from cxcore_client.paging import pages, pages_async
from cxcore_client.retrying import Patience

__all__ = [
    "Failed",
    "Patience",
    "PositionGone",
    "connect",
    "follow",
    "follow_async",
    "pages",
    "pages_async",
    "result",
]
