"""How many people a value of an identifier seems to belong to: the number of first names that do not fit together. Pure."""

from collections.abc import Iterable
from functools import lru_cache

from cxcore.model.identifier import Scheme
from cxcore.normalise.nicknames import akin
from cxcore.resolve.comparisons import jaro

Value = tuple[Scheme, str, str]
"""An identifier's scheme, issuer and value."""
_ALIKE = 0.879999


@lru_cache(maxsize=200_000)
def fit(a: str, b: str) -> bool:
    """Whether two folded given names can be one person's: nickname, initial, or a slip of the pen."""
    if len(a) == 1 or len(b) == 1:
        return a[0] == b[0]
    return akin(a, b) or jaro(a, b) >= _ALIKE


def owners(names: Iterable[str]) -> int:
    """How many people the first names shown with a value stand for, at least 1; the order does not matter."""
    groups: list[list[str]] = []
    for name in sorted({n for n in names if n}, key=lambda n: (-len(n), n)):
        home = next((g for g in groups if any(fit(name, other) for other in g)), None)
        if home is None:
            groups.append([name])
        else:
            home.append(name)
    return max(1, len(groups))
