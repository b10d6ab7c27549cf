"""Ways to reach a customer, as the pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass

import phonenumbers

from cxcore.model.identifier import Scheme
from cxcore.resolve.linked import LinkedProfile

_ORDER = [Scheme.EMAIL, Scheme.PHONE, Scheme.LOYALTY, Scheme.HANDLE, Scheme.ACCOUNT]
MAIN = 5
"""So many are shown at once."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A way to reach the customer, with the sources that know it."""

    scheme: str
    value: str
    issuer: str
    sources: str


def contacts(profiles: Sequence[LinkedProfile]) -> tuple[Contact, ...]:
    """Every identifier once, e-mail first, with the sources that show it."""
    found: dict[tuple[int, str, str], set[str]] = {}
    for p in profiles:
        for i in p.identifiers:
            found.setdefault((_ORDER.index(i.scheme), i.issuer, i.value), set()).add(p.source_name)
    return tuple(
        Contact(
            _ORDER[scheme].value,
            readable(_ORDER[scheme], value),
            issuer,
            ", ".join(sorted(found[scheme, issuer, value])),
        )
        for scheme, issuer, value in sorted(found)
    )


def readable(scheme: Scheme, value: str) -> str:
    """A phone number in groups, anything else as it is."""
    if scheme is not Scheme.PHONE:
        return value
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
