"""Each file reads with its own format's reader, and every record of the truth is in the files."""

import csv
import email
import email.policy
import io
import json
import mailbox
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import phonenumbers
import pytest

from cxdemo.calls import COLUMNS
from cxdemo.moments import HELSINKI

NAMESPACES = {"www.w3.org", "purl.org"}  # names of XML vocabularies, not addresses


def poison_lines(truth: dict[str, Any], file: str) -> set[int]:
    return {
        int(p["where"].rpartition(":")[2])
        for p in truth["poison"]
        if p["where"].startswith(f"{file}:") and p["system"] != "mail"
    }


def good_lines(world: Path, truth: dict[str, Any], file: str, encoding: str = "utf-8") -> list[str]:
    bad = poison_lines(truth, file)
    lines = (world / file).read_bytes().decode(encoding).splitlines()
    return [line for n, line in enumerate(lines, 1) if n not in bad]


def parse(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def mbox_messages(path: Path) -> Iterator[EmailMessage]:
    box = mailbox.mbox(path, create=False)
    for key in box.iterkeys():
        raw = re.sub(rb"^>(>*From )", rb"\1", box.get_bytes(key), flags=re.MULTILINE)
        yield parse(raw)
    box.close()


def read_mails(world: Path) -> Iterator[tuple[str, EmailMessage]]:
    for folder in ("inbox", "sent"):
        for message in mbox_messages(world / f"mail/{folder}.mbox"):
            yield folder, message
    for path in sorted((world / "mail/maildir").rglob("*")):
        if path.is_file():
            yield "maildir", parse(path.read_bytes())
    for path in sorted((world / "mail/eml").glob("*.eml")):
        yield "eml", parse(path.read_bytes())


@pytest.fixture(scope="module")
def mails(world: Path) -> list[tuple[str, EmailMessage]]:
    return list(read_mails(world))


def test_mails_parse_without_defects(mails: list[tuple[str, EmailMessage]], truth: dict[str, Any]) -> None:
    found = {}
    for folder, message in mails:
        if message["From"] == "rikki@rikki.example":
            continue
        key = f"{folder}/{message['Message-ID'].strip()}"
        assert key not in found
        found[key] = message
        assert message["Date"].datetime is not None
        assert message["From"].addresses, key
        for part in message.walk():
            assert not part.defects, (key, part.defects)
            if part.get_content_maintype() == "text":
                assert "\ufffd" not in part.get_content(), key
    assert found.keys() == truth["records"]["mail"].keys()


def test_mails_come_in_every_shape(mails: list[tuple[str, EmailMessage]]) -> None:
    found = [message for _, message in mails]
    types = {part.get_content_type() for message in found for part in message.walk()}
    assert {
        "text/plain",
        "text/html",
        "multipart/alternative",
        "multipart/report",
        "text/calendar",
        "application/pdf",
    } <= types
    assert {"7bit", "8bit", "base64", "quoted-printable"} >= {
        m["Content-Transfer-Encoding"] for m in found if m["Content-Transfer-Encoding"]
    }
    assert any(m["Auto-Submitted"] for m in found)
    assert any(m["List-Id"] for m in found)


def test_threads_hold_together(mails: list[tuple[str, EmailMessage]]) -> None:
    ids = {message["Message-ID"] for _, message in mails}
    answers = [message for _, message in mails if message["In-Reply-To"]]
    assert len(answers) > 100
    assert all(m["In-Reply-To"] in ids or m["From"].addresses[0].username == "MAILER-DAEMON" for m in answers)


def test_a_copy_lies_in_inbox_and_maildir(truth: dict[str, Any]) -> None:
    keys = truth["records"]["mail"]
    assert any(f"maildir/{key.removeprefix('inbox/')}" in keys for key in keys if key.startswith("inbox/"))


def test_lines_that_begin_with_from_are_quoted(world: Path) -> None:
    text = (world / "mail/inbox.mbox").read_bytes()
    starts = re.findall(rb"^From (\S+) (.*)$", text, re.MULTILINE)
    assert all(
        re.fullmatch(rb"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}", when) for _, when in starts
    )


def test_chat_lines_parse(world: Path, truth: dict[str, Any]) -> None:
    seen, edited = set(), set()
    for path in sorted((world / "chat").glob("messages-*.jsonl")):
        for line in good_lines(world, truth, f"chat/{path.name}"):
            message = json.loads(line)
            assert message.keys() == {
                "message_id",
                "chat_id",
                "site",
                "sent_at",
                "edited_at",
                "author",
                "visitor",
                "agent",
                "text",
            }
            assert message["visitor"].keys() == {"id", "name", "email", "phone", "locale"}
            assert datetime.fromisoformat(message["sent_at"]).utcoffset() is not None
            if message["edited_at"]:
                assert message["message_id"] in seen
                edited.add(message["message_id"])
            seen.add(message["message_id"])
    assert seen == truth["records"]["chat"].keys()
    assert edited


def test_master_csv_has_its_columns_and_is_in_order_of_the_ends(world: Path, truth: dict[str, Any]) -> None:
    rows = list(csv.reader(good_lines(world, truth, "calls/Master.csv")))
    assert {len(row) for row in rows} == {len(COLUMNS)} == {20}
    calls = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    assert {c["linkedid"] for c in calls} == truth["records"]["calls"].keys()
    assert {c["disposition"] for c in calls} == {"ANSWERED", "NO ANSWER", "BUSY"}
    starts = [c["start"] for c in calls]
    assert starts != sorted(starts)
    ends = [
        c["end"] for c in calls if not c["end"][5:10].startswith(("10-2", "10-3"))
    ]  # an hour comes twice in October
    assert ends == sorted(ends)
    assert any(c["src"] in {"", "anonymous"} for c in calls)
    assert any(len(c["src"]) == len(c["dst"]) == 3 for c in calls)
    assert any(c["dcontext"] == "from-internal-xfer" for c in calls)


def test_calls_fall_into_the_hour_that_comes_twice(world: Path, truth: dict[str, Any]) -> None:
    calls = [dict(zip(COLUMNS, row, strict=True)) for row in csv.reader(good_lines(world, truth, "calls/Master.csv"))]
    folds = set()
    for call in calls:
        at = datetime.fromtimestamp(int(call["uniqueid"].split(".")[0]), HELSINKI)
        other = at.replace(fold=1 - at.fold)
        if other.utcoffset() != at.utcoffset():
            folds.add(at.fold)
    assert folds == {0, 1}


def test_feeds_parse_and_hold_their_items(world: Path, truth: dict[str, Any]) -> None:
    guids = []
    for path in sorted((world / "social").rglob("*.*")):
        if path.name == "rikki.atom":
            with pytest.raises(ET.ParseError):
                ET.parse(path)  # noqa: S314  our own file
            continue
        ET.parse(path)  # noqa: S314  our own file
        feed = feedparser.parse(path.read_bytes())
        guids += [e.id for e in feed.entries if "id" in e]
        assert all(e.get("published_parsed") for e in feed.entries if e.title != "Rikki")
    assert sorted(guids) == sorted(truth["records"]["social"])


def test_stays_and_arrivals_are_latin_one_with_finnish_columns(world: Path, truth: dict[str, Any]) -> None:
    rows = list(csv.DictReader(good_lines(world, truth, "stays/stays.csv", "latin-1"), delimiter=";"))
    assert {r["Varausnumero"] for r in rows} == truth["records"]["stays"].keys()
    for row in rows:
        first, last = (datetime.strptime(row[c], "%d.%m.%Y") for c in ("Tulopäivä", "Lähtöpäivä"))  # noqa: DTZ007  a day, no moment
        assert last - first == timedelta(days=int(row["Yöt"]))
        assert re.fullmatch(r"\d+,\d\d", row["Summa"])
    assert {"Lähtenyt", "Peruttu", "Vahvistettu"} <= {r["Tila"] for r in rows}
    arrivals = list(
        csv.DictReader(io.StringIO((world / "stays/arrivals.csv").read_text(encoding="latin-1")), delimiter=";")
    )
    assert {a["Tapahtuma"] for a in arrivals} == truth["records"]["arrivals"].keys()
    assert {a["Varausnumero"] for a in arrivals} <= {r["Varausnumero"] for r in rows}


def test_orders_and_members_parse(world: Path, truth: dict[str, Any]) -> None:
    orders = [json.loads(line) for line in good_lines(world, truth, "stays/orders.jsonl")]
    assert {o["order_id"] for o in orders} == truth["records"]["orders"].keys()
    members = list(csv.DictReader(good_lines(world, truth, "stays/loyalty.tsv"), delimiter="\t"))
    assert {m["member_no"] for m in members} == truth["records"]["loyalty"].keys()


def test_the_broken_records_are_where_the_truth_says(world: Path, truth: dict[str, Any]) -> None:
    assert {p["system"] for p in truth["poison"]} == {"mail", "chat", "calls", "social", "stays", "orders", "loyalty"}
    for entry in truth["poison"]:
        file, _, line = entry["where"].partition(":")
        if line and entry["key"] and entry["system"] != "mail":
            text = (world / file).read_bytes().split(b"\n")[int(line) - 1]
            assert entry["key"].encode() in text


def test_phones_are_written_in_many_ways_and_true_ones_are_valid(world: Path, truth: dict[str, Any]) -> None:
    for person in truth["people"]:
        for phone in person["phones"]:
            assert phonenumbers.is_valid_number(phonenumbers.parse(phone["number"])), phone
    rows = list(csv.DictReader(good_lines(world, truth, "stays/stays.csv", "latin-1"), delimiter=";"))
    shapes = {re.sub(r"\d", "9", r["Puhelin"]) for r in rows}
    assert len(shapes) > 8
    sources = {c[1] for c in csv.reader(good_lines(world, truth, "calls/Master.csv"))}
    for beginning in ("04", "3584", "+3584", "003584"):
        assert any(s.startswith(beginning) for s in sources), beginning


def test_no_address_could_belong_to_anyone(world: Path, mails: list[tuple[str, EmailMessage]]) -> None:
    domains = set()
    for path in world.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            text = raw.decode("latin-1").replace("=\n", "")
            domains |= set(re.findall(r"@([\w-]+(?:\.[\w-]+)+)", text)) | set(re.findall(r"https?://([\w.-]+)", text))
    for _, message in mails:
        for part in message.walk():
            if part.get_content_maintype() == "text" and "tuntematon" not in str(part["Content-Type"]):
                domains |= set(re.findall(r"@([\w-]+(?:\.[\w-]+)+)", part.get_content()))
    assert {d for d in domains if not d.lower().endswith((".example", ".test"))} <= NAMESPACES
