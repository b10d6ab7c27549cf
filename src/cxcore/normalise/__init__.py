"""Normalise: landed records become profiles, identifiers and interactions; always repeatable."""
