"""matrix: chats in Matrix rooms, as an account of the company sees them."""

from cxconnectors.matrix.connector import Matrix

__all__ = ["Matrix"]
