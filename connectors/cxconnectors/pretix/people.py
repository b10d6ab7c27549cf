"""People as pretix knows them: the account's owner, whoever ordered, whoever holds a ticket. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cxconnectors.pretix.config import PretixConfig
from cxcore.model.identifier import Identifier
from cxcore.model.profile import SourceProfile
from cxcore.sdk import RecordRejected

Told = Mapping[str, Any]


def account(payload: object, config: PretixConfig) -> SourceProfile:
    """A customer account. Its address is verified if its owner has followed the link sent there.

    Raises:
        RecordRejected: it has no number.
    """
    told = payload.get("account") if isinstance(payload, dict) else None
    if not isinstance(payload, dict) or not isinstance(told, dict) or not _text(told.get("identifier")):
        raise RecordRejected("no customer account")
    identifiers = [_account(told["identifier"], config)]
    if email := _text(told.get("email")):
        identifiers.append(Identifier.email(email, verified=told.get("is_verified") is True))
    if phone := _text(told.get("phone")):
        identifiers.append(Identifier.phone(phone))
    shown = {
        "memberships": "; ".join(_membership(m) for m in payload.get("memberships") or []),
        "external_identifier": _text(told.get("external_identifier")) or "",
        "account": "" if told.get("is_active") else "not active",
    }
    return SourceProfile(
        key=told["identifier"][:500],
        **_named(told.get("name"), told.get("name_parts")),
        language=_text(told.get("locale"), 35),
        identifiers=tuple(identifiers),
        attributes={name: value[:1000] for name, value in shown.items() if value},
        observed_at=time(told.get("last_modified")),
    )


def buyer(order: Told, config: PretixConfig) -> SourceProfile | None:
    """Who ordered; None where the order does not say any more. A name is the invoice's, else that of the ticket with
    the same e-mail address. The number of the account that was logged in ties it to the account, whose own record says
    more; the number of the order stands in where nothing else tells people of one name apart."""
    address = order.get("invoice_address") or {}
    email, phone, number = _text(order.get("email")), _text(order.get("phone")), _text(order.get("customer"))
    identifiers = [_account(number, config)] if number else []
    identifiers += [Identifier.email(email)] if email else []
    identifiers += [Identifier.phone(phone)] if phone else []
    named = _named(address.get("name"), address.get("name_parts"))
    if email and not named:
        own: Told = next((p for p in order["positions"] if _same(p.get("attendee_email"), email)), {})
        named = _named(own.get("attendee_name"), own.get("attendee_name_parts"))
    if not identifiers and not named:
        return None
    return SourceProfile(
        **named,
        language=_text(order.get("locale"), 35),
        address=_address(address),
        identifiers=tuple(identifiers) or (_paper("order", f"{order['event']}/{order['code']}", config),),
        attributes={"company": company} if (company := _text(address.get("company"))) else {},
    )


def holder(position: Told, order: Told, config: PretixConfig) -> SourceProfile | None:
    """Who holds a ticket that names somebody other than who ordered; without an e-mail address the ticket's number tells
    people of one name apart."""
    email = _text(position.get("attendee_email"))
    named = _named(position.get("attendee_name"), position.get("attendee_name_parts"))
    if (email and _same(email, order.get("email"))) or not (email or named):
        return None
    return SourceProfile(
        **named,
        address=_address(position),
        identifiers=(Identifier.email(email) if email else _paper("ticket", str(position.get("id")), config),),
        attributes={"company": company} if (company := _text(position.get("company"))) else {},
    )


def _paper(kind: str, number: str, config: PretixConfig) -> Identifier:
    """The number of what somebody has in hand; a change of the name on it is a change of the person."""
    return Identifier.account(f"{kind} {config.issuer}"[:100], number)


def _account(number: str, config: PretixConfig) -> Identifier:
    return Identifier.account(config.issuer, number[:1000], verified=True)


def _named(name: object, parts: object) -> dict[str, Any]:
    """The name, and its parts where the shop asks for them apart."""
    parts = parts if isinstance(parts, dict) else {}
    found = {
        "name": _text(name),
        "given_name": _text(parts.get("given_name"), 500),
        "family_name": _text(parts.get("family_name"), 500),
    }
    return {field: value for field, value in found.items() if value}


def _membership(told: Told) -> str:
    name = words(told.get("name"), "en") or f"type {told.get('type')}"
    return f"{name}, {str(told.get('from'))[:10]} to {str(told.get('to'))[:10]}"


def _address(told: Told) -> str | None:
    place = " ".join(filter(None, (_text(told.get("zipcode")), _text(told.get("city")))))
    return ", ".join(filter(None, (_text(told.get("street")), place, _text(told.get("country")))))[:1000] or None


def _same(one: object, other: object) -> bool:
    return isinstance(one, str) and isinstance(other, str) and one.strip().casefold() == other.strip().casefold()


def _text(value: object, most: int = 1000) -> str | None:
    return value.strip()[:most] or None if isinstance(value, str) else None


def time(value: object) -> datetime | None:
    """A time that says its zone; None for anything else."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def words(value: object, language: str) -> str | None:
    """A text that pretix holds in several languages, in one of them: the one asked for, English, or the first."""
    if isinstance(value, dict):
        short = language.partition("-")[0]
        chosen = (value.get(each) for each in (language, short, "en", *sorted(value)))
        return next((text for each in chosen if (text := _text(each))), None)
    return _text(value)
