"""Mailboxes on a JMAP server."""

from cxconnectors.jmap.config import JmapConfig
from cxconnectors.jmap.connector import Jmap

__all__ = ["Jmap", "JmapConfig"]
