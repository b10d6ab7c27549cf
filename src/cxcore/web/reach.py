"""Ways to reach a customer, as the pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import phonenumbers

from cxcore.model.identifier import Scheme
from cxcore.resolve.fields import Field
from cxcore.resolve.linked import LinkedProfile
from cxcore.resolve.survivorship import Chosen

_FIELDS = {Scheme.EMAIL: Field.EMAIL, Scheme.PHONE: Field.PHONE}
_ORDER = [Scheme.EMAIL, Scheme.PHONE, Scheme.LOYALTY, Scheme.HANDLE, Scheme.ACCOUNT]
MAIN = 5
"""So many are shown at once."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A way to reach the customer, with the sources that know it; ``field`` where it is the main one of its kind."""

    scheme: str
    value: str
    issuer: str
    sources: str
    field: Field | None


def contacts(profiles: Sequence[LinkedProfile], shown: Mapping[Field, Chosen]) -> tuple[Contact, ...]:
    """Every identifier once, e-mail first, with the sources that show it; of each kind the main one first.

    ``shown`` says which they are; one that a person wrote may be known to no source.
    """
    found: dict[tuple[int, bool, str, str], set[str]] = {}
    main = {scheme: shown[field].value for scheme, field in _FIELDS.items() if field in shown}
    for scheme, value in main.items():
        found[_ORDER.index(scheme), False, "", value] = set()
    for p in profiles:
        for i in p.identifiers:
            key = (_ORDER.index(i.scheme), main.get(i.scheme) != i.value, i.issuer, i.value)
            found.setdefault(key, set()).add(p.source_name)
    return tuple(
        Contact(
            _ORDER[scheme].value,
            readable(_ORDER[scheme], value),
            issuer,
            ", ".join(sorted(found[scheme, other, issuer, value])),
            None if other else _FIELDS[_ORDER[scheme]],
        )
        for scheme, other, issuer, value in sorted(found)
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
