"""What a request costs of what its caller may ask for: those that take the service long, more than those that take it little."""

from types import MappingProxyType

COSTS = MappingProxyType({
    "/customers:resolve": 2,
    "/customers:search": 5,
    ":preview-merge": 20,
    ":preview-separate": 20,
    ":preview-revoke": 20,
})  # fmt: skip
"""By how a path ends; all others cost 1."""
LINES = 20
"""Lines of a bulk that cost 1, beside the request itself."""


def cost(path: str) -> int:
    """What a request to this path costs."""
    return next((found for end, found in COSTS.items() if path.endswith(end)), 1)


def of_lines(count: int) -> int:
    """What so many lines cost, those of a last part counted as a whole one."""
    return -(-count // LINES)
