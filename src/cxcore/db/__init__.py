"""The database: engine, units of work, types, bulk writing, the embedded server."""
