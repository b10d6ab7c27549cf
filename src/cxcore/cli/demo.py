"""cxcore demo: a whole invented world, pulled through the real connectors and served."""


def demo() -> None:
    """Placeholder until the world is wired."""
