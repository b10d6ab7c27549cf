"""Asterisk's call detail records, from Master.csv or from its SQL table."""

from cxconnectors.asterisk_cdr.connector import AsteriskCdr

__all__ = ["AsteriskCdr"]
