"""The REST API: typed, predictable, the same stage functions as the pages."""
