"""Which addresses of the network a source may have."""

import ipaddress
from enum import Enum

IP = ipaddress.IPv4Address | ipaddress.IPv6Address


class Reach(Enum):
    """PUBLIC: on the internet. PRIVATE: this machine or an inner network. NEVER: no source lives there."""

    PUBLIC = "public"
    PRIVATE = "private"
    NEVER = "never"


_METADATA = frozenset(
    ipaddress.ip_address(address)
    for address in ("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192")
)
"""Where clouds tell a machine its secrets: AWS, Google and Azure; AWS by IPv6; Alibaba; Azure's host; Oracle."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_UNICAST = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is given out (RFC 4291, section 2.4); beside it lie site-local addresses, NAT64 of inner networks and
other ways inwards that ``is_global`` lets pass."""


def reach(address: str) -> Reach:
    """Where an address of IPv4 or IPv6 leads, also one that is wrapped into another (RFC 4291, 3056, 6052, 4380).

    Raises:
        ValueError: it is no address.
    """
    return _reach(ipaddress.ip_address(address.partition("%")[0]))


def _reach(ip: IP) -> Reach:
    inner = _wrapped(ip)
    if inner is not None:
        return _reach(inner)
    if ip in _METADATA or ip.is_link_local or ip.is_multicast or ip.is_unspecified:
        return Reach.NEVER
    if isinstance(ip, ipaddress.IPv6Address) and ip not in _UNICAST:
        return Reach.PRIVATE
    return Reach.PUBLIC if ip.is_global else Reach.PRIVATE


def _wrapped(ip: IP) -> ipaddress.IPv4Address | None:
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def literal(host: str) -> Reach | None:
    """Where a host leads that is written as an address or as localhost; None for other names, which DNS must tell."""
    if host.lower().rstrip(".") == "localhost" or host.lower().rstrip(".").endswith(".localhost"):
        return Reach.PRIVATE
    try:
        return reach(host.strip("[]"))
    except ValueError:
        return None
