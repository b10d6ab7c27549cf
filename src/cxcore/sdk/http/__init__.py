"""HTTP for connectors: one client that no server can hold up, lead astray or fill up."""

from cxcore.sdk.http.answer import Answer
from cxcore.sdk.http.client import Http
from cxcore.sdk.http.patience import PATIENCE, Limits, retry_after

__all__ = ["PATIENCE", "Answer", "Http", "Limits", "retry_after"]
