"""From what the stages give to what the pages show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cxcore.model.interaction import Kind
from cxcore.resolve import survivorship
from cxcore.resolve.fields import Field
from cxcore.resolve.linked import LinkedProfile, Reason
from cxcore.resolve.rules import Chains
from cxcore.timeline.coverage import SourceCoverage
from cxcore.timeline.entry import Entry
from cxcore.web import explained
from cxcore.web.explained import Why
from cxcore.web.grounds import speaks_for
from cxcore.web.reach import MAIN, Contact, contacts
from cxcore.web.times import Clock
from cxcore.web.words import word

_DAY_ONLY = frozenset({Kind.STAY, Kind.BOOKING})
_FIRST_LINES = 240


@dataclass(frozen=True, slots=True)
class Line:
    """One interaction as a line of the page."""

    id: UUID
    iso: str
    time: str
    channel: str
    kind: str
    direction: str
    source: str
    title: str | None
    first: str
    rest: str | None
    quoted: str | None
    with_: str
    duration: str | None
    flags: tuple[str, ...]
    attachments: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    link: str | None


@dataclass(frozen=True, slots=True)
class Day:
    """The lines of one day."""

    label: str
    lines: tuple[Line, ...]


def days(entries: Iterable[Entry], clock: Clock, source_names: Mapping[str, str]) -> list[Day]:
    """Entries under the days they happened on, their sources by name."""
    result: list[Day] = []
    lines: list[Line] = []
    label = ""
    for e in entries:
        this = clock.day(e.occurred_at)
        if this != label and lines:
            result.append(Day(label, tuple(lines)))
            lines = []
        label = this
        lines.append(_line(e, clock, source_names))
    if lines:
        result.append(Day(label, tuple(lines)))
    return result


def _line(e: Entry, clock: Clock, source_names: Mapping[str, str]) -> Line:
    text = (e.text or "").strip()
    first, rest = _split(text)
    facts = {k: v for k, v in e.attributes.items() if k not in {"flags", "attachments", "link"}}
    link = e.attributes.get("link")
    day_only = e.kind in _DAY_ONLY and clock.time(e.occurred_at) == "00:00"
    return Line(
        id=e.id,
        iso=e.occurred_at.isoformat(),
        time="" if day_only else clock.time(e.occurred_at),
        channel=e.channel.value,
        kind=e.kind.value,
        direction=e.direction.value,
        source=source_names.get(e.source, e.source),
        title=e.subject,
        first=first,
        rest=rest,
        quoted=e.quoted,
        with_=", ".join(dict.fromkeys(p.name or p.address or "" for p in e.participants if p.name or p.address)),
        duration=_duration(e.duration),
        flags=tuple(word(f, clock.language) for f in _listed(e, "flags") if isinstance(f, str)),
        attachments=tuple(str(a["name"]) for a in _listed(e, "attachments") if isinstance(a, dict) and "name" in a),
        facts=tuple(
            (k.replace("_", " "), shown) for k, v in sorted(facts.items()) if v is not None and (shown := _plain(v))
        ),
        link=link if isinstance(link, str) and link.startswith(("https://", "http://")) else None,
    )


def _listed(e: Entry, name: str) -> list[Any]:
    """Our own list among the attributes; a source may have put anything else there under its name."""
    found = e.attributes.get(name)
    return found if isinstance(found, list) else []


def _split(text: str) -> tuple[str, str | None]:
    """The beginning that shows at once, and the rest behind a fold; cut between words."""
    if len(text) <= _FIRST_LINES:
        return text, None
    cut = text.rfind(" ", 0, _FIRST_LINES)
    cut = cut if cut > _FIRST_LINES // 2 else _FIRST_LINES
    return text[:cut], text[cut:]


def _duration(seconds: int | None) -> str | None:
    return None if seconds is None else f"{seconds // 60}:{seconds % 60:02d}"


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(v) for v in value)
    if isinstance(value, dict):
        return ", ".join(f"{k}: {_plain(v)}" for k, v in value.items())
    return str(value)


@dataclass(frozen=True, slots=True)
class Because:
    """A reason in words."""

    rule: str
    value: str
    profiles: str
    positive: bool


@dataclass(frozen=True, slots=True)
class Who:
    """The customer as the page's left side shows them."""

    id: UUID
    name: str | None
    initials: str
    others: tuple[str, ...]
    contacts: tuple[Contact, ...]
    more_contacts: tuple[Contact, ...]
    language: str | None
    birth_date: str | None
    address: str | None
    why: dict[str, Why]
    profiles: int
    systems: tuple[str, ...]
    because: tuple[Because, ...]


def who(
    customer: UUID, profiles: Sequence[LinkedProfile], reasons: Sequence[Reason], clock: Clock, chains: Chains
) -> Who:
    """Everything about a customer that is not a line of the timeline."""
    shown = survivorship.choose_all(profiles, chains)
    name = shown.get(Field.NAME)
    values = {field: chosen.value for field, chosen in shown.items()}
    reach = contacts(profiles, shown)
    names = {p.id: f"{p.name or '…'} ({p.source_name})" for p in profiles}
    return Who(
        id=customer,
        name=name.value if name else None,
        initials="".join(w[0] for w in (name.value.split() if name else ["?"]))[:2].upper(),
        others=survivorship.other_names(name) if name else (),
        contacts=reach[:MAIN],
        more_contacts=reach[MAIN:],
        language=values.get(Field.LANGUAGE),
        birth_date=values.get(Field.BIRTH_DATE),
        address=values.get(Field.ADDRESS),
        why=explained.why(shown, {p.source: p.source_name for p in profiles}, clock),
        profiles=len(profiles),
        systems=tuple(sorted({p.source_name for p in profiles})),
        because=tuple(
            Because(
                rule=_grounds(r, clock.language),
                value=r.reason or ", ".join(a["value"] for a in r.evidence.get("attributes", ()) if "value" in a),
                profiles=" = ".join(names.get(p, "…") for p in (r.left, r.right)),
                positive=r.verdict == "positive",
            )
            for r in reasons
            if r.left in names and r.right in names and r.verdict != "unsure"
        ),
    )


def _grounds(reason: Reason, language: str) -> str:
    """What speaks for a judgement, the strongest first; a person's decision by its name."""
    return ", ".join(speaks_for(reason.evidence, language)) or word(reason.rule, language)


@dataclass(frozen=True, slots=True)
class Covered:
    """One source's line in the coverage."""

    name: str
    channels: tuple[str, ...]
    complete_to: str | None
    problem: str | None
    waiting: int
    quarantined: int
    count: int
    gaps: tuple[tuple[str, str, str], ...] = ()
    """From when to when something is missing, and why."""


def covered(found: Sequence[SourceCoverage], clock: Clock) -> list[Covered]:
    """How complete each source is."""
    return [
        Covered(
            name=c.name,
            channels=tuple(sorted({s.channel.value for s in c.seen})) or tuple(ch.value for ch in c.channels[:1]),
            complete_to=clock.stamp(c.complete_to) if c.complete_to else None,
            problem=c.problem or c.last_error,
            waiting=c.waiting,
            quarantined=c.quarantined,
            count=sum(s.count for s in c.seen),
            gaps=tuple((clock.stamp(g.since), clock.stamp(g.until), g.reason) for g in c.gaps),
        )
        for c in found
    ]
