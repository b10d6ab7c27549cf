"""Webhooks: events sent to other systems, signed by Standard Webhooks, again and again until they are taken."""
