"""REST systems that answer with JSON, each described in one file."""

from cxconnectors.http_json.config import HttpJsonConfig
from cxconnectors.http_json.connector import HttpJson

__all__ = ["HttpJson", "HttpJsonConfig"]
