"""WordPress: the comments on a site."""

from cxconnectors.wordpress.config import WordPressConfig
from cxconnectors.wordpress.connector import WordPress

__all__ = ["WordPress", "WordPressConfig"]
