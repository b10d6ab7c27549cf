"""twilio: calls and messages of a Twilio account, and the status callbacks that tell of them at once."""

from cxconnectors.twilio.connector import Twilio

__all__ = ["Twilio"]
