"""All that a connector may import, besides ``cxcore.model``."""

from cxcore.sdk.connector import Connector
from cxcore.sdk.errors import (
    AuthFailed,
    ConnectorFailure,
    CursorExpired,
    RateLimited,
    RecordRejected,
    SourceUnavailable,
)
from cxcore.sdk.manifest import Manifest, Rate, Stream
from cxcore.sdk.page import Cursor, Gap, Mapped, Page, Record

__all__ = [
    "AuthFailed",
    "Connector",
    "ConnectorFailure",
    "Cursor",
    "CursorExpired",
    "Gap",
    "Manifest",
    "Mapped",
    "Page",
    "Rate",
    "RateLimited",
    "Record",
    "RecordRejected",
    "SourceUnavailable",
    "Stream",
]
