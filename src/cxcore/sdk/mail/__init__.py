"""Mails for connectors that bring them: what a raw mail means, and the key that its copies share."""

from cxcore.sdk.mail.interaction import CUT_MAIL, MAIL, map_mail
from cxcore.sdk.mail.key import mail_key
from cxcore.sdk.mail.own_side import OwnSide, own_address

__all__ = ["CUT_MAIL", "MAIL", "OwnSide", "mail_key", "map_mail", "own_address"]
