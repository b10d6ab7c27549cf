"""chatwoot: conversations of a Chatwoot account with its contacts, pulled and delivered."""

from cxconnectors.chatwoot.connector import Chatwoot

__all__ = ["Chatwoot"]
