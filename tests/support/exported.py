"""A mapping file for an export of chats as the tests of the command line write it: id, at, name, mail, phone."""

MAPPING = """
version = 1
key = "id"
[[interaction]]
channel = "chat"
kind = "message"
direction = { const = "inbound" }
occurred_at = { path = "at", as = [{ datetime = "%Y-%m-%d %H:%M" }] }
text = "id"
[interaction.customer]
name = "name"
email = "mail"
phone = "phone"
"""
