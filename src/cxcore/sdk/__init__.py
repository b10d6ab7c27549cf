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
from cxcore.sdk.place import Gone, Place, Renumbered

__all__ = [
    "AuthFailed",
    "Connector",
    "ConnectorFailure",
    "Cursor",
    "CursorExpired",
    "Gap",
    "Gone",
    "Manifest",
    "Mapped",
    "Page",
    "Place",
    "Rate",
    "RateLimited",
    "Record",
    "RecordRejected",
    "Renumbered",
    "SourceUnavailable",
    "Stream",
]
