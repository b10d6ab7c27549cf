"""pretix: orders, tickets, check-ins and customer accounts of an organizer."""

from cxconnectors.pretix.connector import Pretix

__all__ = ["Pretix"]
