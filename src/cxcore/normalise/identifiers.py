"""Identifiers made comparable, and values that tell nobody apart kept out."""

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from cxcore.model.identifier import Identifier, Scheme
from cxcore.normalise.texts import clean

_EMAIL = re.compile(r"[^\s@<>\"(),;:\\\[\]]{1,64}@[^\s@<>\"(),;:\\\[\]]{1,255}")
_EMPTY = re.compile(r"[0\W_]*")
_PLACEHOLDERS = frozenset({"-1", "null", "none", "nil", "na", "n/a", "anonymous", "unknown", "test", "undefined"})
_NOBODY = frozenset(
    {
        "noreply",
        "no-reply",
        "no_reply",
        "donotreply",
        "do-not-reply",
        "mailer-daemon",
        "postmaster",
        "anonymous",
        "test",
        "asiakas",
        "unknown",
        "nobody",
    }
)
_GMAIL = frozenset({"gmail.com", "googlemail.com"})
_WITHOUT_ISSUER = frozenset({Scheme.EMAIL, Scheme.PHONE})
_LEAST_PHONE, _MOST_PHONE = 6, 15


@dataclass(frozen=True, slots=True)
class Normalised:
    """An identifier ready to compare: equal persons' values are equal strings."""

    scheme: Scheme
    issuer: str
    value: str
    raw: str
    verified: bool


def normalise(identifier: Identifier, *, region: str) -> Normalised | None:
    """The identifier made comparable; None when its value is malformed or a placeholder, so tells nobody apart.

    ``region`` is the ISO 3166 country whose national numbers are meant where a phone has no country code.
    """
    raw = clean(identifier.value).strip()
    issuer = "" if identifier.scheme in _WITHOUT_ISSUER else clean(identifier.issuer).strip().casefold()
    if not raw or raw.casefold() in _PLACEHOLDERS or _EMPTY.fullmatch(raw):
        return None
    value: str | None
    match identifier.scheme:
        case Scheme.EMAIL:
            value = email(raw)
        case Scheme.PHONE:
            value = phone(raw, region)
        case Scheme.HANDLE:
            value = raw.casefold().removeprefix("@").rstrip("/") or None
        case Scheme.LOYALTY:
            value = re.sub(r"[\s-]", "", raw).upper() or None
        case Scheme.ACCOUNT:
            value = raw
    if value is None:
        return None
    return Normalised(identifier.scheme, issuer, value, raw, identifier.verified)


@lru_cache(maxsize=200_000)
def email(raw: str) -> str | None:
    """An address in lower case without its +tag (RFC 5233), Gmail's dots dropped; None when it is none or nobody's."""
    address = raw.strip("<> ").casefold()
    if not _EMAIL.fullmatch(address):
        return None
    local, _, domain = address.rpartition("@")
    local = local.split("+", 1)[0] or local
    if domain in _GMAIL:
        local, domain = local.replace(".", ""), "gmail.com"
    domain = domain.rstrip(".")
    if local in _NOBODY or "." not in domain:
        return None
    return f"{local}@{domain}"


@lru_cache(maxsize=200_000)
def phone(raw: str, region: str) -> str | None:
    """A number in E.164 (ITU-T), read as dialled in ``region``; None when no such number can exist.

    Takes +358 40…, 00358…, 040-…, 358 40… (country code without its prefix), slashes and brackets.
    """
    digits = re.sub(r"\D", "", raw)
    if not _LEAST_PHONE <= len(digits.lstrip("0")) <= _MOST_PHONE:
        return None
    attempts: list[tuple[str, str | None]] = [(raw, region)]
    if not raw.lstrip().startswith(("+", "0")):
        attempts.append((f"+{digits}", None))
    elif digits.startswith("00"):
        attempts.append((f"+{digits[2:]}", None))
    for text, country in attempts:
        try:
            number = phonenumbers.parse(text, country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return None


@lru_cache(maxsize=200_000)
def landline(number: str) -> bool:
    """Whether a number in E.164 is surely a fixed line: a household's or a firm's, not one person's."""
    try:
        return phonenumbers.number_type(phonenumbers.parse(number)) == phonenumbers.PhoneNumberType.FIXED_LINE
    except phonenumbers.NumberParseException:
        return False


_ROLES = re.compile(
    r"(info|sales|support|help|helpdesk|service|office|admin|contact|hello|mail|team|booking|bookings|reservations?|billing"
    r"|accounts?|accounting|finance|marketing|press|media|jobs|hr|reception|webmaster|postmaster|hostmaster|abuse|noc"
    r"|security|toimisto|myynti|asiakaspalvelu|laskut|laskutus|matkat"
    r"|kontor|kontoret|forsaljning|faktura|kundtjanst|resor|kontakt|buero|rechnung)([._-].*|\d*)"
)
_FAMILIES = re.compile(r"(family|perhe|familjen|familie|famille|familia)([._-].*|\d*)")


@lru_cache(maxsize=200_000)
def role(address: str) -> bool:
    """Whether a mailbox is a role's, a firm's or a family's (RFC 2142 and words of the kind): perhe.virtanen@, info2@."""
    return _ROLES.fullmatch(address.rpartition("@")[0]) is not None or familial(address)


@lru_cache(maxsize=200_000)
def familial(address: str) -> bool:
    """Whether a mailbox says that it is a family's: perhe.virtanen@."""
    return _FAMILIES.fullmatch(address.rpartition("@")[0]) is not None
