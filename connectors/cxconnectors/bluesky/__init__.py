"""Bluesky: posts that mention, answer or quote the company, and its own."""

from cxconnectors.bluesky.config import BlueskyConfig
from cxconnectors.bluesky.connector import Bluesky

__all__ = ["Bluesky", "BlueskyConfig"]
