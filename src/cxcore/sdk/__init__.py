"""All that a connector may import, besides ``cxcore.model``."""

from cxcore.sdk.connector import Connector
from cxcore.sdk.delivery import Challenge, Delivery, Proof, Received, Refused, Trust
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
    "Challenge",
    "Connector",
    "ConnectorFailure",
    "Cursor",
    "CursorExpired",
    "Delivery",
    "Gap",
    "Gone",
    "Manifest",
    "Mapped",
    "Page",
    "Place",
    "Proof",
    "Rate",
    "RateLimited",
    "Received",
    "Record",
    "RecordRejected",
    "Refused",
    "Renumbered",
    "SourceUnavailable",
    "Stream",
    "Trust",
]
