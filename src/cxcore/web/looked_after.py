"""Sources as the pages show them: how each does, and what a person can do about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from cxcore.pull.cursors import Pulled
from cxcore.timeline.overview import Overview
from cxcore.web.times import Clock

_FAILING = 2
"""So many failures in a row are shown as trouble; one alone passes by itself."""


@dataclass(frozen=True, slots=True)
class Run:
    """One pull: when, how it ended, what it brought, how far it read in percent, and how long it took."""

    began: str
    stream: str
    state: str
    records: int
    landed: int
    percent: int | None
    seconds: str | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One source. ``tone``: good, wait or bad; ``state`` and ``acts`` are words' keys."""

    key: str
    name: str
    connector: str
    channels: tuple[str, ...]
    state: str
    tone: str
    problem: str | None
    complete_to: str | None
    read_at: str | None
    due_at: str | None
    rate: str | None
    landed: str
    waiting: int
    quarantined: int
    last: Run | None
    acts: tuple[str, ...]


def line(found: Overview, clock: Clock) -> Line:
    """A source with its state in a word."""
    source = found.source
    state, tone = _state(found)
    active = source.state == "active"
    return Line(
        key=source.key,
        name=source.name,
        connector=source.connector,
        channels=tuple(c.value for c in found.channels),
        state=state,
        tone=tone,
        problem=source.problem or (found.last.error if found.last else None),
        complete_to=clock.stamp(found.complete_to) if found.complete_to else None,
        read_at=clock.stamp(found.read_at) if found.read_at else None,
        due_at=clock.stamp(found.due_at) if active else None,
        rate=_grouped(round(found.rate)) if found.rate is not None and found.rate >= 1 else None,
        landed=_grouped(found.landed),
        waiting=found.waiting,
        quarantined=found.quarantined,
        last=run(found.last, clock) if found.last else None,
        acts=_acts(source.state),
    )


def run(found: Pulled, clock: Clock) -> Run:
    """One pull."""
    percent = None
    if found.done is not None and found.total:
        percent = max(0, min(100, found.done * 100 // found.total))
    seconds = f"{(found.ended_at - found.started_at).total_seconds():.1f}" if found.ended_at else None
    return Run(
        clock.stamp(found.started_at),
        found.stream,
        found.state,
        found.records,
        found.landed,
        percent,
        seconds,
        found.error,
    )


def lines(found: Sequence[Overview], clock: Clock) -> list[Line]:
    """All sources, those in trouble first, then by name."""
    order = {"bad": 0, "wait": 1, "good": 2}
    return sorted((line(o, clock) for o in found), key=lambda x: (order[x.tone], x.name.casefold(), x.key))


def _grouped(number: int) -> str:
    """A number in groups of three, parted by narrow spaces that do not break."""
    return f"{number:,}".replace(",", "\u202f")


def _state(found: Overview) -> tuple[str, str]:
    source = found.source
    if source.state != "active":
        return source.state, {"paused": "wait", "leaving": "wait"}.get(source.state, "bad")
    if source.failures:
        return "failing", "bad" if source.failures >= _FAILING else "wait"
    if found.last is None:
        return "never_pulled", "wait"
    if found.last.state in {"running", "left"}:
        return "reading", "good"
    return "active", "good"


def _acts(state: str) -> tuple[str, ...]:
    if state == "leaving":
        return ()
    return ("check", "pull", "pause") if state == "active" else ("check", "resume")
