"""Timeline: one customer's interactions in one stream, and finding the customer."""
