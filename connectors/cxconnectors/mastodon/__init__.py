"""mastodon: what people say to an account of the company, and what it says to them."""

from cxconnectors.mastodon.connector import Mastodon

__all__ = ["Mastodon"]
