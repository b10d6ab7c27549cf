"""RSS and Atom feeds: blogs, comments, mentions."""

from cxconnectors.feed.connector import Feed

__all__ = ["Feed"]
