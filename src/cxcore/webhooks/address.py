"""Where a webhook may lead: public addresses by https, whatever a name resolves to when it is connected to."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from cxcore.errors import InvalidInput
from cxcore.sdk.http.addresses import Reach, literal
from cxcore.sdk.http.network import Hosts

PORTS = frozenset({443, 8443})
LONGEST = 2000
_TEXT = re.compile(r"[!-\[\]-~]+")
"""Printable ASCII without the backslash, which some read as a slash."""
_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.IGNORECASE)
_NUMBER = re.compile(r"(0x)?[0-9a-f]*", re.IGNORECASE)


class Receivers(Hosts):
    """Hosts that webhooks may reach. One address that they may not, among those of a name, is enough to refuse it."""

    def __init__(self, *, private_network: bool) -> None:
        super().__init__((), private_network=private_network)

    def permitted(self, host: str, found: Iterable[str]) -> list[str]:
        addresses = list(found)
        return addresses if all(self.permits(host, address) for address in addresses) else []


def check(url: str, *, private_network: bool) -> None:
    """Refuse early what the network would refuse, and what two readers of a URL could take for two places.

    Raises:
        InvalidInput: webhooks may not go there.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _refused("cannot be read") from None
    if not _TEXT.fullmatch(url) or len(url) > LONGEST or not host:
        raise _refused(f"is no address in at most {LONGEST} characters of ASCII; write a host's xn-- form")
    if parts.scheme != "https" and not (private_network and parts.scheme == "http"):
        raise _refused("does not begin with https://")
    if "@" in parts.netloc or "#" in url:
        raise _refused("has a user, a password or a fragment")
    if not private_network and (port or 443) not in PORTS:
        raise _refused("has a port other than 443 or 8443")
    _check_host(host, private_network=private_network)


def _check_host(host: str, *, private_network: bool) -> None:
    where = literal(host)
    if where is Reach.NEVER or (where is Reach.PRIVATE and not private_network):
        raise _refused("leads to an address that is not public")
    if where is None and not _NAME.fullmatch(host):
        raise _refused("has a host that cannot be read")
    last = host.rpartition(".")[2]
    if where is None and last[0].isdigit() and _NUMBER.fullmatch(last):
        raise _refused("has a number for a host")


def _refused(why: str) -> InvalidInput:
    return InvalidInput(f"The webhook's address {why}.")
