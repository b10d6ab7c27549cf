"""Interactions that services of one's own send to the API."""

from cxconnectors.api.connector import Api

__all__ = ["Api"]
