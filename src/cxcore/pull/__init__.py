"""Pull: sources, their cursors and runs; driving one connector."""
