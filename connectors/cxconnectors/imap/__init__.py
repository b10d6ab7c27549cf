"""Mailboxes on an IMAP server."""

from cxconnectors.imap.config import ImapConfig
from cxconnectors.imap.connector import Imap

__all__ = ["Imap", "ImapConfig"]
