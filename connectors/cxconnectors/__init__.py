"""First-party connectors, one folder each."""
