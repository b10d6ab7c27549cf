"""Land: what the sources gave, kept raw and append-only; and what could not be understood, with the reason."""
