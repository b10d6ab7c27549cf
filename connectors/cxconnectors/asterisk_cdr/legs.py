"""Gathering the records of one call: each leg is written on its own when it ends, tied to the others by linkedid."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cxcore.sdk import Record

FIELDS = (
    "accountcode",
    "src",
    "dst",
    "dcontext",
    "clid",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "start",
    "answer",
    "end",
    "duration",
    "billsec",
    "disposition",
    "amaflags",
    "uniqueid",
    "userfield",
    "linkedid",
    "sequence",
    "peeraccount",
)
_EPOCH = re.compile(r"(\d{9,11})\.\d+$")
_SECONDS = re.compile("[0-9]{1,9}")
_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S.%f")


@dataclass(slots=True)
class Call:
    """The legs of a call seen so far, where its first one stands, and when its last one ended (as written, naive)."""

    key: str
    place: Any
    ended: datetime
    legs: list[dict[str, str]] = field(default_factory=list)
    origin: str | None = None


def leg(row: Mapping[str, Any]) -> dict[str, str]:
    """A row as plain text under Asterisk's names; empty columns left out. ``calldate`` of the table is the start."""
    found = {name: _plain(row.get(name)) for name in FIELDS}
    if row.get("calldate") is not None:
        found["start"] = _plain(row["calldate"])
    return {name: value for name, value in found.items() if value}


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(sep=" ")
    return str(value)


def call_key(found: Mapping[str, str]) -> str | None:
    """What ties the legs of a call: linkedid, or where it is not recorded the channel's own id; None without either."""
    return found.get("linkedid") or found.get("uniqueid")


def moment(text: str) -> datetime | None:
    """A time as Asterisk writes it, naive; None when it is none."""
    for form in _FORMATS:
        try:
            return datetime.strptime(text.strip(), form)  # noqa: DTZ007 - the zone is the source's setting
        except ValueError:
            continue
    return None


def ended(found: Mapping[str, str]) -> datetime | None:
    """When a leg ended, naive: as written, or its start and duration."""
    if (end := moment(found.get("end", ""))) is not None:
        return end
    start = moment(found.get("start", ""))
    try:
        return None if start is None else start + timedelta(seconds=seconds(found.get("duration", "")))
    except OverflowError:
        return None


def seconds(text: str) -> int:
    """A number of seconds as Asterisk writes it; 0 where it is none, or more than thirty years."""
    return int(text) if _SECONDS.fullmatch(text) else 0


def aware(naive: datetime, zone: ZoneInfo, uniqueid: str) -> datetime:
    """A local time in UTC. In the hour that clocks repeat, the seconds since 1970 in the channel's id decide."""
    first = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    made = _EPOCH.search(uniqueid)
    if first == second or made is None:
        return first
    epoch = int(made.group(1))
    return min(first, second, key=lambda t: abs(t.timestamp() - epoch))


def record(call: Call) -> Record:
    """A call as one record. The version with later ends, and of equals the one with more legs, is the newer."""
    legs = sorted(call.legs, key=lambda f: (f.get("start", ""), _number(f.get("sequence")), f.get("uniqueid", "")))
    version = call.ended.replace(tzinfo=UTC, microsecond=0) + timedelta(microseconds=len(legs))
    return Record(
        stream="calls",
        key=call.key,
        payload={"legs": [dict(found) for found in legs]},
        changed_at=version,
        origin=call.origin,
    )


def _number(text: str | None) -> int:
    return seconds(text or "")
