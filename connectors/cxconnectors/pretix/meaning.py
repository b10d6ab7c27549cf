"""What an order means: a purchase, tickets of others, arrivals, refunds, a note of the staff. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from cxconnectors.pretix import people
from cxconnectors.pretix.config import PretixConfig
from cxconnectors.pretix.people import words
from cxcore.model.interaction import Channel, Direction, Flag, Interaction, Kind, Role
from cxcore.model.profile import SourceProfile
from cxcore.sdk import RecordRejected

_CANCELLED = "c"
_STATES = {"n": "pending", "p": "paid", "e": "expired", _CANCELLED: "canceled"}
_ENTRY = "entry"
Told = Mapping[str, Any]


def order(payload: object, config: PretixConfig) -> Iterable[Interaction]:
    """The interactions that an order has become by now.

    Raises:
        RecordRejected: it has no code, no time or no tickets' list.
    """
    told = payload.get("order") if isinstance(payload, dict) else None
    if not isinstance(payload, dict) or not isinstance(told, dict):
        raise RecordRejected("no order")
    if not isinstance(told.get("code"), str) or not isinstance(told.get("positions"), list):
        raise RecordRejected("the order has no code or no list of tickets")
    return list(_Order(told, payload.get("around") or {}, config).interactions())


class _Order:
    """An order with the names around it."""

    def __init__(self, told: Told, around: Told, config: PretixConfig) -> None:
        self._told, self._around, self._config = told, around, config
        self._language = str(told.get("locale") or "en")
        self._at = _time(told.get("datetime"), "the order")
        self._buyer = people.buyer(told, config)
        self._positions = {p["id"]: p for p in told["positions"]}
        self._key = f"{told['event']}/{told['code']}"

    def interactions(self) -> Iterator[Interaction]:
        yield self._purchase()
        for position in self._told["positions"]:
            if position.get("addon_to") is None and (holder := self._holder(position)):
                yield self._ticket(position, holder)
        for position in self._told["positions"]:
            yield from self._visits(position)
        for refund in self._told.get("refunds") or []:
            if refund.get("state") == "done":
                yield self._refund(refund)
        if comment := (self._told.get("comment") or "").strip():
            yield self._made(Channel.PURCHASE, Kind.NOTE, Direction.INTERNAL, self._at, self._buyer, text=comment)

    def _holder(self, position: Told) -> SourceProfile | None:
        return people.holder(position, self._told, self._config)

    def _made(
        self,
        channel: Channel,
        kind: Kind,
        direction: Direction,
        at: datetime,
        person: SourceProfile | None,
        **more: Any,
    ) -> Interaction:
        role = Role.BUYER if channel is Channel.PURCHASE else Role.GUEST
        told = {"order": self._told["code"], "event": self._told["event"], **more.pop("attributes", {})}
        return Interaction(
            channel=channel,
            kind=kind,
            direction=direction,
            occurred_at=at,
            customers=(person,) if person else (),
            role=role,
            subject=more.pop("subject", None) or self._event_name(),
            conversation=self._key,
            attributes={name: value for name, value in told.items() if value not in (None, "", [], {})},
            **more,
        )

    def _purchase(self) -> Interaction:
        told = self._told
        return self._made(
            Channel.PURCHASE,
            Kind.ORDER,
            Direction.INBOUND,
            self._at,
            self._buyer,
            text=self._contents(),
            flags=self._flags(),
            attributes={
                "status": _STATES.get(str(told.get("status")), told.get("status")),
                "needs_approval": True if told.get("require_approval") else None,
                "total": told.get("total"),
                "currency": self._currency(),
                "paid": _sum(p.get("amount") for p in told.get("payments") or [] if p.get("state") == "confirmed"),
                "refunded": _sum(r.get("amount") for r in told.get("refunds") or [] if r.get("state") == "done"),
                "sales_channel": told.get("sales_channel"),
                "cancelled_at": told.get("cancellation_date"),
                "test": True if told.get("testmode") else None,
                **self._when(None),
                **_answers(told["positions"]),
            },
        )

    def _ticket(self, position: Told, holder: SourceProfile) -> Interaction:
        """What somebody holds that another ordered."""
        return self._made(
            Channel.VISIT,
            Kind.BOOKING,
            Direction.INBOUND,
            self._at,
            holder,
            text=self._product(position),
            flags=self._flags(position),
            attributes={"seat": position.get("seat"), **self._when(position), **_answers([position])},
        )

    def _visits(self, position: Told) -> Iterator[Interaction]:
        """Arrivals at the door, each as long as the stay until the exit from the same list; an exit alone is a note."""
        person = self._holder(self._positions.get(position.get("addon_to"), position)) or self._buyer
        inside: dict[Any, tuple[datetime, Told]] = {}
        scans = [(_time(each.get("datetime"), "a check-in"), each) for each in position.get("checkins") or []]
        for at, scan in sorted(scans, key=lambda each: (each[0], each[1]["id"])):
            entered = inside.pop(scan.get("list"), None)
            if scan.get("type") == _ENTRY:
                if entered:
                    yield self._arrival(position, person, *entered, left=None)
                inside[scan.get("list")] = at, scan
            elif entered:
                yield self._arrival(position, person, *entered, left=at)
            else:
                text = f"Left: {self._product(position)}"
                told = self._scanned(position, scan)
                yield self._made(Channel.VISIT, Kind.NOTE, Direction.INBOUND, at, person, text=text, attributes=told)
        for at, scan in inside.values():
            yield self._arrival(position, person, at, scan, left=None)

    def _arrival(
        self, position: Told, person: SourceProfile | None, at: datetime, scan: Told, *, left: datetime | None
    ) -> Interaction:
        return self._made(
            Channel.VISIT,
            Kind.ARRIVAL,
            Direction.INBOUND,
            at,
            person,
            text=self._product(position),
            duration=int((left - at).total_seconds()) if left else None,
            attributes=self._scanned(position, scan) | ({"left_at": left.isoformat()} if left else {}),
        )

    def _scanned(self, position: Told, scan: Told) -> dict[str, Any]:
        return {
            "list": self._words("lists", scan.get("list")),
            "seat": position.get("seat"),
            "automatic": True if scan.get("auto_checked_in") else None,
            **self._when(position),
        }

    def _refund(self, refund: Told) -> Interaction:
        at = refund.get("execution_date") or refund.get("created")
        text = f"Refund of {refund.get('amount')} {self._currency() or ''}".strip()
        return self._made(
            Channel.PURCHASE, Kind.NOTE, Direction.OUTBOUND, _time(at, "a refund"), self._buyer, text=text
        )

    def _flags(self, position: Told | None = None) -> tuple[Flag, ...]:
        gone = self._told.get("status") == _CANCELLED or bool(position and position.get("canceled"))
        return (Flag.CANCELLED,) if gone else ()

    def _contents(self) -> str:
        """What was bought, a line a product; cancelled tickets apart, and fees."""
        lines = Counter((self._product(p), bool(p.get("canceled"))) for p in self._told["positions"])
        said = [f"{n} x {what}{' (canceled)' if gone else ''}" for (what, gone), n in lines.items()]
        fees = [fee for fee in self._told.get("fees") or [] if not fee.get("canceled")]
        said += [f"{fee.get('description') or fee.get('fee_type')}: {fee.get('value')}" for fee in fees]
        return "\n".join(said)

    def _product(self, position: Told) -> str:
        number = position.get("item")
        item = (self._around.get("items") or {}).get(str(number)) or {}
        name = words(item.get("name"), self._language) or f"product {number}"
        variation = (item.get("variations") or {}).get(str(position.get("variation")))
        kind = words(variation, self._language)
        return f"{name} ({kind})" if kind else name

    def _event_name(self) -> str:
        return words((self._around.get("event") or {}).get("name"), self._language) or str(self._told["event"])

    def _currency(self) -> str | None:
        return (self._around.get("event") or {}).get("currency")

    def _when(self, position: Told | None) -> dict[str, Any]:
        """When and where the event is; of a series the ticket's own date."""
        event = self._around.get("event") or {}
        dates = {p.get("subevent") for p in ([position] if position else self._told["positions"])} - {None}
        date = (self._around.get("dates") or {}).get(str(dates.pop())) if len(dates) == 1 else None
        found = date or ({} if dates else event)
        return {
            "starts": _there(found.get("date_from"), event),
            "ends": _there(found.get("date_to"), event),
            "date": words(date.get("name"), self._language) if date else None,
            "location": words(found.get("location"), self._language) or words(event.get("location"), self._language),
        }

    def _words(self, group: str, number: object) -> str | None:
        return words((self._around.get(group) or {}).get(str(number)), self._language)


def _there(at: object, event: Told) -> str | None:
    """A time as clocks show it where the event is."""
    found = people.time(at)
    if found is None:
        return None
    try:
        return found.astimezone(ZoneInfo(str(event.get("timezone")))).isoformat()
    except (KeyError, OSError, ValueError):
        return found.isoformat()


def _answers(positions: Iterable[Told]) -> dict[str, Any]:
    """Answers to the questions that are taken, by the questions' identifiers."""
    found: dict[str, list[str]] = {}
    for position in positions:
        for question, answer in (position.get("answers") or {}).items():
            found.setdefault(f"answer {question}", []).append(str(answer))
    return {question: "; ".join(answers) for question, answers in found.items()}


def _sum(amounts: Iterable[Any]) -> str | None:
    try:
        total = sum((Decimal(str(each)) for each in amounts), Decimal(0))
    except InvalidOperation:
        return None
    return f"{total:.2f}" if total else None


def _time(value: object, whose: str) -> datetime:
    found = people.time(value)
    if found is None:
        raise RecordRejected(f"{whose} has no time")
    return found
