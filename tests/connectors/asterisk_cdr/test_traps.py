"""asterisk_cdr where it is easily wrong: the vendor's own scenarios, hours that come twice, late legs, broken rows."""

import asyncio
import csv
import io
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest

from cxconnectors.asterisk_cdr import AsteriskCdr
from cxconnectors.asterisk_cdr.config import CSV_COLUMNS
from cxcore.model.interaction import Direction, Flag, Interaction, Kind, Role
from cxcore.sdk import Page, Record, RecordRejected

NOON = datetime(2026, 3, 2, 12)  # noqa: DTZ001 - as Asterisk writes it, naive


def leg(number: int = 1, *, start: datetime = NOON, seconds: int = 60, **changes: str) -> dict[str, str]:
    """A leg of a call from outside that an extension answered at once."""
    values = dict.fromkeys(CSV_COLUMNS, "") | {
        "src": "0401234567",
        "dst": "0942123",
        "dcontext": "from-pstn",
        "clid": '"Caller" <0401234567>',
        "channel": "PJSIP/trunk-1",
        "dstchannel": "PJSIP/204-1",
        "lastapp": "Dial",
        "start": f"{start:%Y-%m-%d %H:%M:%S}",
        "end": f"{start + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S}",
        "duration": str(seconds),
        "billsec": str(seconds),
        "disposition": "ANSWERED",
        "uniqueid": f"1772442000.{number}",
        "linkedid": "1772442000.1",
        "sequence": str(number),
    }
    return values | changes


def line(values: dict[str, str]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(values.values())
    return text.getvalue()


def connector(file: Path, **config: Any) -> AsteriskCdr:
    return AsteriskCdr.configured({"file": str(file), **config})  # type: ignore[return-value]


def pulled(source: AsteriskCdr, cursor: Any = None) -> tuple[list[Record], Any]:
    async def pull() -> list[Page]:
        return [page async for page in source.pull("calls", cursor)]

    pages = asyncio.run(pull())
    return [r for p in pages for r in p.records], pages[-1].cursor if pages else cursor


def mapped(source: AsteriskCdr, record: Record) -> Interaction:
    [found] = source.map(record)
    assert isinstance(found, Interaction)
    return found


def calls(folder: Path, *legs: dict[str, str], **config: Any) -> dict[str, Interaction]:
    """The calls that a log of these legs becomes, by key."""
    file = folder / "Master.csv"
    file.write_text("".join(line(found) for found in legs), encoding="utf-8")
    source = connector(file, **config)
    records, _ = pulled(source)
    assert len(records) == len({r.key for r in records})
    return {r.key: mapped(source, r) for r in records}


def call(folder: Path, *legs: dict[str, str], **config: Any) -> Interaction:
    [found] = calls(folder, *legs, **config).values()
    return found


# the vendor's scenarios


def scenarios(specification: str) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """The tables of the specification under the headings they stand under."""
    heading, columns, rows = "", [], []
    for text in [*specification.splitlines(), "#"]:
        if text.startswith("| "):
            cells = [cell.strip().replace("\\_", "_") for cell in text.strip().strip("|").split("|")]
            if cells[:2] == ["clid", "src"]:
                columns = cells
            elif columns and len(cells) == len(columns) and not cells[0].startswith("---"):
                rows.append(dict(zip(columns, cells, strict=True)))
        elif text.startswith("#"):
            if rows:
                yield heading, rows
            heading, columns, rows = text.strip("# "), [], []


TALKED = {
    'Unanswered "Inbound" Call': [0],
    "Basic Call": [112],
    "Unanswered Dial": [0],
    "Parallel Dial": [60],
    "Blind Transfer": [80],
    "Core Attended Transfer to Channel": [85],
    "Three Way Call": [110],
    "Blonde Transfer": [62],
    "SIP Attended Transfer": [60],
}  # fmt: skip
"""Seconds in which somebody spoke with somebody, read by hand off the times that the specification's rows name."""


@pytest.mark.shared_data
def test_each_scenario_of_the_specification_is_one_call_a_linkedid(shared_data: Path, tmp_path: Path) -> None:
    text = (shared_data / "vendors" / "asterisk" / "CDR-Specification.md").read_text(encoding="utf-8")
    seen = {}
    for heading, rows in scenarios(text):
        legs = [{name: row.get(name, "") for name in CSV_COLUMNS} for row in rows]
        found = calls(tmp_path, *legs)
        assert set(found) == {r["linkedid"] or r["uniqueid"] for r in rows}, heading
        for key, interaction in found.items():
            billed = [int(r["billsec"]) for r in rows if r["linkedid"] == key and r["disposition"] == "ANSWERED"]
            assert 0 <= (interaction.duration or 0) <= sum(billed), heading
            assert (Flag.MISSED in interaction.flags) == (interaction.duration == 0), heading
        seen[heading] = [i.duration for i in found.values()]
    assert len(seen) >= 15
    assert {heading: seen[heading] for heading in TALKED} == TALKED


# legs


def test_time_in_which_two_legs_were_up_counts_once(tmp_path: Path) -> None:
    overlapping = [leg(1, seconds=100), leg(2, start=NOON + timedelta(seconds=40), seconds=100)]
    assert call(tmp_path, *overlapping).duration == 140
    apart = [leg(1, seconds=10), leg(2, start=NOON + timedelta(seconds=40), seconds=10)]
    assert call(tmp_path, *apart).duration == 20


def test_listening_to_an_announcement_is_not_talking(tmp_path: Path) -> None:
    found = call(tmp_path, leg(1, dstchannel="", lastapp="Playback"))
    assert (found.duration, found.flags) == (0, (Flag.MISSED,))


def test_of_a_queue_those_who_spoke_come_first_and_all_who_rang_are_named(tmp_path: Path) -> None:
    missed = [leg(n, dstchannel=f"PJSIP/20{n}-1", disposition="NO ANSWER", billsec="0") for n in (1, 2)]
    found = call(tmp_path, *missed, leg(3, dstchannel="PJSIP/203-1"))
    assert [(p.role, p.address) for p in found.participants] == [
        (Role.AGENT, "203"),
        (Role.AGENT, "201"),
        (Role.AGENT, "202"),
        (Role.CALLEE, "0942123"),
    ]


def test_the_order_in_which_legs_were_written_does_not_matter(tmp_path: Path) -> None:
    legs = [leg(n, start=NOON + timedelta(seconds=7 * n), dstchannel=f"PJSIP/20{n}-1") for n in range(1, 6)]
    first = call(tmp_path, *legs)
    for seed in range(5):
        random.Random(seed).shuffle(legs)
        assert call(tmp_path, *legs, *legs[:2]) == first


def test_a_leg_that_comes_later_makes_a_newer_version_of_the_same_call(tmp_path: Path) -> None:
    file = tmp_path / "Master.csv"
    file.write_text(line(leg(1)), encoding="utf-8")
    source = connector(file)
    [first], cursor = pulled(source)
    with file.open("a", encoding="utf-8") as log:
        log.write(line(leg(2, start=NOON + timedelta(minutes=30))))
    [second], cursor = pulled(source, cursor)
    assert first.key == second.key
    assert first.changed_at is not None
    assert second.changed_at is not None
    assert second.changed_at > first.changed_at
    assert mapped(source, second).duration == 120
    assert pulled(source, cursor)[0] == []


def test_voicemail_anonymous_and_our_own_calls_are_what_they_are(tmp_path: Path) -> None:
    found = calls(
        tmp_path,
        leg(1, linkedid="voicemail", lastapp="VoiceMail", dstchannel=""),
        leg(2, linkedid="anonymous", src="anonymous", clid='"Anonymous" <anonymous>'),
        leg(3, linkedid="ours", src="204", dst="0401234567", dcontext="from-internal"),
        leg(4, linkedid="inside", src="204", dst="205", dcontext="from-internal"),
        leg(5, linkedid="own number", src="+358 9 7654321", dst="0401234567", dcontext="x", channel="PJSIP/trunk-9"),
        own_numbers=["09 765 4321"],
    )
    assert {key: (i.kind, i.direction, len(i.customers)) for key, i in found.items()} == {
        "voicemail": (Kind.VOICEMAIL, Direction.INBOUND, 1),
        "anonymous": (Kind.CALL, Direction.INBOUND, 0),
        "ours": (Kind.CALL, Direction.OUTBOUND, 1),
        "inside": (Kind.CALL, Direction.INTERNAL, 0),
        "own number": (Kind.CALL, Direction.OUTBOUND, 1),
    }
    assert found["ours"].customers[0].identifiers[0].value == "0401234567"


def test_the_name_the_network_shows_is_a_hint_and_no_identity(tmp_path: Path) -> None:
    found = call(tmp_path, leg(1, clid='"Mäkinen, Anna" <0401234567>'))
    assert found.attributes["caller_name"] == "Mäkinen, Anna"
    assert found.customers[0].name is None


# time


@pytest.mark.parametrize(
    ("start", "uniqueid", "expected"),
    [
        ("2026-03-02 12:00:00", "1772445600.1", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("2026-07-02 12:00:00", "1782982800.1", datetime(2026, 7, 2, 9, tzinfo=UTC)),
        ("2026-10-25 03:30:00", "1792888200.8", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25 03:30:00", "1792891800.8", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("2026-10-25 03:30:00", "pbx-1792891800.8", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("2026-10-25 03:30:00", "no number", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-03-29 03:30:00", "1774747800.1", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # an hour that was left out
        ("2026-03-02 12:00:00.250000", "1772445600.1", datetime(2026, 3, 2, 10, 0, 0, 250000, tzinfo=UTC)),
    ],
)
def test_an_hour_that_comes_twice_is_told_by_the_channels_id(
    tmp_path: Path, start: str, uniqueid: str, expected: datetime
) -> None:
    assert call(tmp_path, leg(1, uniqueid=uniqueid) | {"start": start, "end": ""}).occurred_at == expected


def test_a_call_across_the_hour_that_comes_twice_lasts_as_long_as_it_lasted(tmp_path: Path) -> None:
    found = call(tmp_path, leg(1, uniqueid="1792888200.8") | {"start": "2026-10-25 03:59:00", "end": "2026-10-25 03:01:00", "duration": "120", "billsec": "120"})  # fmt: skip
    assert found.duration == 120


# the log


def test_a_row_that_is_still_being_written_waits_for_its_end(tmp_path: Path) -> None:
    file = tmp_path / "Master.csv"
    whole, half = line(leg(1, linkedid="1")), line(leg(2, linkedid="2"))
    file.write_text(whole + half[:60], encoding="utf-8")
    source = connector(file)
    records, cursor = pulled(source)
    assert [r.key for r in records] == ["1"]
    with file.open("a", encoding="utf-8") as log:
        log.write(half[60:])
    later, _ = pulled(source, cursor)
    assert "2" in {r.key for r in later}


def test_a_log_that_was_rotated_away_is_read_to_its_end_first(tmp_path: Path) -> None:
    file = tmp_path / "Master.csv"
    file.write_text(line(leg(1, linkedid="1")), encoding="utf-8")
    source = connector(file)
    _, cursor = pulled(source)
    with file.open("a", encoding="utf-8") as log:
        log.write(line(leg(2, linkedid="2")))
    file.rename(tmp_path / "Master.csv.1")
    file.write_text(line(leg(3, linkedid="3")), encoding="utf-8")
    later, cursor = pulled(source, cursor)
    assert {"2", "3"} <= {r.key for r in later}
    again, _ = pulled(source, cursor)
    assert {(r.key, r.digest(r.body())) for r in again} <= {(r.key, r.digest(r.body())) for r in later}


def test_a_log_that_was_cut_and_begun_again_is_read_from_its_start(tmp_path: Path) -> None:
    file = tmp_path / "Master.csv"
    file.write_text("".join(line(leg(n, linkedid=str(n))) for n in range(5)), encoding="utf-8")
    source = connector(file)
    _, cursor = pulled(source)
    with file.open("r+", encoding="utf-8") as log:  # copytruncate keeps the inode
        log.truncate(0)
        log.write(line(leg(9, linkedid="9")))
    assert [r.key for r in pulled(source, cursor)[0]] == ["9"]


BROKEN = {
    "too few columns": "a,b,c\n",
    "a quote without end": '"a,b,c,d\n',
    "no time": line(leg(1) | {"start": "", "end": ""}),
    "no such time": line(leg(1) | {"start": "2026-13-45 99:99:99", "end": "soon"}),
    "bytes": "\x00\x01\x02\x03\n",
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_row_is_set_aside_alone_without_its_words(tmp_path: Path, broken: str) -> None:
    file = tmp_path / "Master.csv"
    canary = broken.replace("a,b", "canary,b")
    file.write_text(line(leg(1, linkedid="1")) + canary + line(leg(2, linkedid="2")), encoding="utf-8")
    source = connector(file)
    records, _ = pulled(source)
    fates = {}
    for record in records:
        try:
            fates[record.key] = mapped(source, record).kind.value
        except RecordRejected as exc:
            fates[record.key] = f"rejected: {exc}"
    assert "canary" not in str(fates)
    assert {"1", "2"} <= {key for key, fate in fates.items() if fate == "call"}
    assert sum(fate.startswith("rejected") for fate in fates.values()) == 1


def test_latin_letters_do_not_stop_the_log(tmp_path: Path) -> None:
    file = tmp_path / "Master.csv"
    file.write_bytes(line(leg(1, clid='"Mäkinen" <0401234567>')).encode("latin-1"))
    source = connector(file)
    [record], _ = pulled(source)
    assert mapped(source, record).duration == 60


@pytest.mark.parametrize("duration", ["9" * 30, "\u00b2"])
def test_a_duration_that_is_none_does_not_stop_the_log(tmp_path: Path, duration: str) -> None:
    found = calls(tmp_path, leg(1, linkedid="1") | {"end": "", "duration": duration}, leg(2, linkedid="2"))
    assert "2" in found


def test_a_time_zone_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    from pydantic import ValidationError

    with pytest.raises(ValidationError):
        connector(tmp_path / "Master.csv", timezone="Europe")


def test_completeness_never_goes_back(tmp_path: Path) -> None:
    file = tmp_path / "Master.csv"
    source = connector(file, longest_call=60)
    cursor, times = None, []
    for n in range(6):
        with file.open("a", encoding="utf-8") as log:
            log.write(line(leg(n, linkedid=str(n), start=NOON + timedelta(minutes=5 * (n if n != 3 else 0)))))

        async def pull(at: Any = cursor) -> list[Page]:
            return [page async for page in source.pull("calls", at)]

        pages = asyncio.run(pull())
        times += [p.complete_to for p in pages if p.complete_to]
        cursor = pages[-1].cursor
    assert [t for t, _ in groupby(times)]
    assert all(a <= b for a, b in pairwise(times))
