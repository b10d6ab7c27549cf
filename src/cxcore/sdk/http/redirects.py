"""Redirects: where they may lead, and what is sent there."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from cxcore.sdk.errors import SourceUnavailable

STATUSES = frozenset({301, 302, 303, 307, 308})
MOST = 5
_KEEPS_METHOD = frozenset({307, 308})
_PORTS = {"http": 80, "https": 443}

Origin = tuple[str, str, int | None]


@dataclass(frozen=True, slots=True)
class Hop:
    """The next request: its address, and whether credentials may go along."""

    url: str
    trusted: bool


def origin(url: str) -> Origin:
    """Scheme, host and port (RFC 6454); two addresses of one origin may share credentials.

    Raises:
        SourceUnavailable: it is no address of the web.
    """
    parts = _parts(url)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme)


def hop(*, at: str, location: str, status: int, method: str) -> Hop:
    """Where a redirect leads from ``at``. Credentials stay with the origin; a body goes nowhere else.

    Raises:
        SourceUnavailable: it leads out of the web or from https to http, or would change or carry away a search.
    """
    try:
        url = urljoin(at, location)
    except ValueError as exc:
        raise _unreadable() from exc
    here, there = origin(at), origin(url)
    if here[0] == "https" and there[0] == "http":
        raise SourceUnavailable("The source redirects from https to http, which is refused.", hint=_HINT)
    if method != "GET" and (status not in _KEEPS_METHOD or here != there):
        raise SourceUnavailable("The source redirects a search.", hint=_HINT)
    return Hop(url, trusted=here == there)


_HINT = "Configure the address that it redirects to, if you trust it."


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as exc:
        raise _unreadable() from exc
    if parts.scheme not in _PORTS or not parts.hostname or port == 0:
        raise SourceUnavailable("The source leads to an address that is none of http or https.", hint=_HINT)
    return parts


def _unreadable() -> SourceUnavailable:
    return SourceUnavailable("The source leads to an address that cannot be read.", hint=_HINT)
