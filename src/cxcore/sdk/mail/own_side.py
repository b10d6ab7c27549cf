"""Which addresses are the company's own."""

from collections.abc import Iterable


class OwnSide:
    """The company's addresses and domains; ``shop@example.com`` also owns ``shop+order17@example.com``."""

    def __init__(self, addresses: Iterable[str]) -> None:
        whole = [address.lower() for address in addresses]
        self._domains = frozenset(address[1:] for address in whole if address.startswith("@"))
        self._addresses = frozenset(address for address in whole if not address.startswith("@"))

    def __contains__(self, address: str) -> bool:
        local, _, domain = address.strip().lower().rpartition("@")
        if domain in self._domains:
            return True
        return f"{local}@{domain}" in self._addresses or f"{local.partition('+')[0]}@{domain}" in self._addresses


def own_address(address: str) -> str:
    """An own address or domain as an operator writes it, in small letters; ValueError if it is neither."""
    address = address.strip().lower()
    if "@" not in address or address.endswith("@") or " " in address:
        raise ValueError("write a whole address (help@shop.example) or a whole domain (@shop.example)")
    return address
