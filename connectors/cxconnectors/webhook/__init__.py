"""Webhooks: whatever a system delivers as JSON, believed by its signature and mapped by the operator's mapping."""

from cxconnectors.webhook.connector import Webhook

__all__ = ["Webhook"]
