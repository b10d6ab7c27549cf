"""Reading a folder: growth, repeats, disappearance, lateness; nothing lost, nothing read without need."""
# ruff: noqa: ASYNC230, ASYNC240 - tests may wait for a disk

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cxconnectors.files import Files, cursor, pages, scan
from cxcore.sdk import AuthFailed, Cursor, Page, Record, RecordRejected, SourceUnavailable

MAPPING = {
    "version": 1,
    "key": "id",
    "profile": [{"key": "id", "name": "name"}],
}


def mail(number: int, text: str = "Hello") -> bytes:
    return f"From: a@b.example\nDate: Mon, 5 Jan 2026 10:00:00 +0200\nMessage-ID: <{number}@b.example>\n\n{text}\n".encode()


def box(*numbers: int) -> bytes:
    return b"".join(b"From a@b.example Mon Jan  5 10:00:00 2026\n" + mail(number) + b"\n" for number in numbers)


def rows(*numbers: int, name: str = "N" * 200) -> str:
    return "".join(json.dumps({"id": str(number), "name": name}) + "\n" for number in numbers)


def tick() -> None:
    """Until the file system's clock has moved on."""
    time.sleep(0.02)


class Pulling:
    """A source that is pulled again and again, each time from where it stopped."""

    def __init__(self, path: Path, **config: Any) -> None:
        self.connector = Files.configured({"path": str(path), "mapping": MAPPING, **config})
        self.cursor: Cursor | None = None
        self.notes: list[str] = []
        self.pages: list[Page] = []

    async def pull(self, stop_after: int = 10_000) -> list[Record]:
        found: list[Record] = []
        self.pages = []
        async for page in self.connector.pull("items", self.cursor):
            self.pages.append(page)
            self.cursor = json.loads(json.dumps(page.cursor))
            found += page.records
            self.notes += page.notes
            if len(self.pages) == stop_after:
                break
        return found

    async def keys(self) -> list[str]:
        return sorted(record.key.partition("#")[0].removesuffix("@b.example") for record in await self.pull())


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Places of the files opened."""
    opened: list[str] = []
    original: Callable[[Any], Any] = pages.open_file

    def noted(file: Any) -> Any:
        opened.append(file.place)
        return original(file)

    monkeypatch.setattr(pages, "open_file", noted)
    return opened


async def test_an_idle_pull_opens_no_file(tmp_path: Path, reads: list[str]) -> None:
    (tmp_path / "a.mbox").write_bytes(box(1, 2))
    (tmp_path / "b.jsonl").write_text(rows(3))
    pulling = Pulling(tmp_path)
    assert await pulling.keys() == ["1", "2", "3"]
    reads.clear()
    assert await pulling.keys() == []
    assert reads == []


async def test_files_come_in_the_order_of_their_change(tmp_path: Path) -> None:
    for name in ("z", "a", "m"):
        (tmp_path / f"{name}.jsonl").write_text(rows(ord(name)))
        os.utime(tmp_path / f"{name}.jsonl", (0, 0))  # a backdated mtime says nothing
        tick()
    assert [record.key for record in await Pulling(tmp_path).pull()] == [str(ord(name)) for name in "zam"]


@pytest.mark.parametrize(("name", "first", "more"), [("a.mbox", box(*range(900)), box(900, 901)), ("a.jsonl", rows(*range(900)).encode(), rows(900, 901).encode())])  # fmt: skip
async def test_a_grown_file_is_read_on_from_where_it_ended(
    tmp_path: Path, name: str, first: bytes, more: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(first)
    pulling = Pulling(tmp_path)
    assert len(await pulling.pull()) == 900
    tick()
    with file.open("ab") as out:
        out.write(more)
    found = await pulling.pull()
    assert {"900", "901"} <= {record.key.partition("@")[0] for record in found}
    assert len(found) <= 3
    assert [record.origin for record in found][-1] == f"{name} {'mail' if 'mbox' in name else 'line'} 902"


async def test_a_grown_csv_is_read_on_with_its_header_and_row_numbers(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("id,name\n" + "".join(f"{n},{'x' * 100}\n" for n in range(900)))
    pulling = Pulling(tmp_path)
    await pulling.pull()
    tick()
    with file.open("a") as out:
        out.write('7000,"a\nb"\n7001,c\n')
    found = await pulling.pull()
    assert [(record.key, record.origin) for record in found] == [("7000", "a.csv row 902"), ("7001", "a.csv row 903")]
    assert found[0].payload == {"id": "7000", "name": "a\nb"}


async def test_a_small_file_that_grew_is_read_again_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(rows(1))
    pulling = Pulling(tmp_path)
    await pulling.pull()
    tick()
    file.write_text(rows(1, 2))
    assert await pulling.keys() == ["1", "2"]


async def test_a_file_written_anew_with_another_beginning_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(rows(*range(900)))
    pulling = Pulling(tmp_path)
    await pulling.pull()
    tick()
    file.write_text(rows(*range(5000, 6000)))
    assert len(await pulling.pull()) == 1000


async def test_a_longer_export_that_differs_in_the_middle_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(rows(*range(900)))
    pulling = Pulling(tmp_path)
    await pulling.pull()
    tick()
    text = rows(*range(1000)).replace('"450", "name": "NN', '"450", "name": "Maija')
    file.write_text(text)
    assert len(await pulling.pull()) == 1000


async def test_an_edit_that_keeps_the_length_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(rows(*range(900)))
    pulling = Pulling(tmp_path)
    await pulling.pull()
    tick()
    file.write_text(rows(*range(900)).replace('"450", "name": "NN', '"450", "name": "MM'))
    assert len(await pulling.pull()) == 900


async def test_a_file_uploaded_again_brings_the_same_keys(tmp_path: Path) -> None:
    file = tmp_path / "a.mbox"
    file.write_bytes(box(1, 2))
    pulling = Pulling(tmp_path)
    before = {record.key for record in await pulling.pull()}
    file.unlink()
    tick()
    (tmp_path / "again.mbox").write_bytes(box(1, 2))
    assert {record.key for record in await pulling.pull()} == before


async def test_a_file_that_vanishes_before_it_is_read_is_noted(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.jsonl").write_text(rows(number))
        tick()
    pulling = Pulling(tmp_path, limits={"page_records": 1})
    first = await pulling.pull(stop_after=1)
    found: list[Record] = []
    async for page in pulling.connector.pull("items", pulling.cursor):
        (tmp_path / "2.jsonl").unlink(missing_ok=True)
        found += page.records
        pulling.notes += page.notes
    assert [record.key for record in [*first, *found]] == ["0", "1"]
    assert pulling.notes == ["2.jsonl: skipped, it was gone before it could be read."]


async def test_an_unreadable_file_is_named_after_what_came_before_it_was_handed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jsonl").write_text(rows(1))
    tick()
    (tmp_path / "b.jsonl").write_text(rows(2))
    original = pages.open_file

    def refused(file: Any) -> Any:
        if file.place == "b.jsonl":
            raise PermissionError(13, "Permission denied")
        return original(file)

    monkeypatch.setattr(pages, "open_file", refused)
    pulling = Pulling(tmp_path)
    with pytest.raises(SourceUnavailable, match=r"b\.jsonl cannot be read: Permission denied"):
        await pulling.pull()
    assert [record.key for page in pulling.pages for record in page.records] == ["1"]
    monkeypatch.undo()
    assert await pulling.keys() == ["2"]


async def test_a_file_in_the_same_tick_but_earlier_by_name_is_not_missed(tmp_path: Path, reads: list[str]) -> None:
    (tmp_path / "b.jsonl").write_text(rows(1))
    pulling = Pulling(tmp_path)
    await pulling.pull()
    saved = dict(pulling.cursor or {})
    (tmp_path / "a.jsonl").write_text(rows(2))
    later = max(file.stat().st_ctime_ns for file in tmp_path.iterdir()) + 1
    pulling.cursor = {**saved, "after": [later, "b.jsonl"]}  # as if a.jsonl had come in the tick of b.jsonl
    assert "2" in await pulling.keys()
    reads.clear()
    assert await pulling.keys() == []
    assert reads == []


async def test_a_folder_moved_in_is_read_however_old_its_files_are(tmp_path: Path) -> None:
    inbox, aside = tmp_path / "inbox", tmp_path / "aside"
    inbox.mkdir()
    aside.mkdir()
    (aside / "old.jsonl").write_text(rows(1, 2, 3))
    tick()
    (inbox / "new.jsonl").write_text(rows(4))
    pulling = Pulling(inbox, limits={"page_records": 1})
    pulling_cursor_ahead = await pulling.pull()
    assert len(pulling_cursor_ahead) == 1
    assert pulling.cursor is not None
    pulling.cursor = {**pulling.cursor, "after": [time.time_ns() + 10**10, "new.jsonl"], "near": [0, "0" * 16]}
    aside.rename(inbox / "aside")
    found: list[Record] = []
    for _ in range(10):  # killed after each page
        found += await pulling.pull(stop_after=1)
    assert {record.key for record in found} == {"1", "2", "3"}
    assert await pulling.keys() == []


async def test_a_mail_read_while_it_was_written_is_replaced_by_the_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.mbox"
    whole = box(1) + box(2)
    file.write_bytes(whole[:-6])
    pulling = Pulling(tmp_path)
    half = (await pulling.pull())[-1]
    tick()
    file.write_bytes(whole)
    found = await pulling.pull()
    assert [(record.key == half.key, record.deleted) for record in found] == [(True, True), (False, False)]


async def test_a_row_read_while_it_was_written_is_replaced_by_the_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    whole = rows(1, 2)
    file.write_text(whole[:-20])
    pulling = Pulling(tmp_path)
    half = (await pulling.pull())[-1]
    assert half.media_type == "text/x-row;why=json"
    tick()
    file.write_text(whole)
    found = await pulling.pull()
    assert [(record.key, record.deleted) for record in found] == [(half.key, True), ("2", False)]
    assert list(pulling.connector.map(found[0])) == []


async def test_changed_settings_read_everything_again(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(rows(1))
    pulling = Pulling(tmp_path)
    await pulling.pull()
    other = Pulling(tmp_path, mapping={**MAPPING, "key": "name"})
    other.cursor = pulling.cursor
    assert len(await other.pull()) == 1
    assert other.notes == ["The settings or the keys of the mapping changed: everything is read again."]


async def test_a_new_meaning_of_the_columns_reads_nothing_again(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(rows(1))
    pulling = Pulling(tmp_path)
    await pulling.pull()
    other = Pulling(tmp_path, mapping={**MAPPING, "profile": [{"name": "name"}]})
    other.cursor = pulling.cursor
    assert await other.pull() == []


async def test_progress_is_told_in_bytes_and_ends_at_the_total(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(rows(*range(10)))
    pulling = Pulling(tmp_path, limits={"page_records": 3})
    await pulling.pull()
    size = (tmp_path / "a.jsonl").stat().st_size
    done = [page.done for page in pulling.pages]
    assert done == sorted(done, key=lambda each: each or 0)
    assert done[-1] == size == pulling.pages[-1].total
    assert [page.complete_to is None for page in pulling.pages[:-1]] == [True] * (len(pulling.pages) - 1)
    assert pulling.pages[-1].complete_to is not None
    assert pulling.pages[-1].complete_to.timestamp() == pytest.approx((tmp_path / "a.jsonl").stat().st_ctime, abs=1e-3)


async def test_pages_stay_small_in_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.mbox").write_bytes(box(*range(50)))
    pulling = Pulling(tmp_path, limits={"page_bytes": 1000})
    await pulling.pull()
    assert all(sum(len(r.payload) for r in page.records) < 1200 for page in pulling.pages)  # type: ignore[arg-type, misc]


async def test_the_cursor_stays_small_with_many_folders_and_files(tmp_path: Path) -> None:
    for number in range(130):
        folder = tmp_path / ("ä" * 100) / f"{number}"
        folder.mkdir(parents=True)
        (folder / ("ö" * 60 + ".jsonl")).write_text(rows(number, name="x" * 70_000))
    pulling = Pulling(tmp_path, limits={"page_records": 20})
    assert len(await pulling.pull()) == 130
    assert all(len(json.dumps(page.cursor)) < 4096 for page in pulling.pages)
    assert await pulling.pull() == []


def test_of_too_many_files_the_smallest_is_forgotten() -> None:
    state = cursor.State(conf="x")
    files = [scan.FileSeen(Path("x"), str(n), n, n, n, in_maildir=False) for n in range(cursor.MAX_FILES + 3)]
    for file in files:
        state.remember(file, cursor.Progress(1, 1, file.size, file.size, 1, "x"))
    assert [state.progress(file) is None for file in files] == [True] * 3 + [False] * cursor.MAX_FILES


async def test_a_name_that_is_no_utf8_is_read(tmp_path: Path) -> None:
    path = os.path.join(os.fsencode(tmp_path), b"caf\xe9.jsonl")  # noqa: PTH118 - bytes
    with open(path, "w") as file:  # noqa: PTH123 - bytes
        file.write(rows(1))
    pulling = Pulling(tmp_path)
    found = await pulling.pull()
    assert found[0].origin == "caf\ufffd.jsonl line 1"
    assert await pulling.pull() == []


async def test_pipes_hidden_and_unfinished_files_are_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / ".hidden.jsonl").write_text(rows(1))
    (tmp_path / "a.jsonl.part").write_text(rows(2))
    (tmp_path / "gone.jsonl").symlink_to(tmp_path / "nowhere")
    (tmp_path / "a.jsonl").write_text(rows(3))
    assert await Pulling(tmp_path).keys() == ["3"]


async def test_the_pattern_takes_names_or_paths(tmp_path: Path) -> None:
    for place in ("a/x.jsonl", "b/x.jsonl", "b/y.jsonl"):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text(rows(ord(place[0]) * 1000 + ord(place[2])))
    assert await Pulling(tmp_path, pattern="x.*").keys() == ["97120", "98120"]
    assert await Pulling(tmp_path, pattern="b/*").keys() == ["98120", "98121"]


async def test_a_single_file_is_a_source_too(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(rows(1))
    pulling = Pulling(file)
    assert await pulling.connector.check() == f"1 file, {file.stat().st_size} bytes in {file}"
    assert await pulling.keys() == ["1"]
    assert await pulling.keys() == []


async def test_other_files_are_named_and_passed_over(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\x00")
    (tmp_path / "a.csv").write_text("id\n1\n")
    pulling = Pulling(tmp_path, mapping=None)
    assert await pulling.pull() == []
    assert sorted(pulling.notes) == [
        "a.csv: skipped, a table needs a mapping that says what its columns mean.",
        "logo.png: skipped, it is none of mbox, eml, CSV, TSV, JSONL.",
    ]


async def test_copies_in_inbox_sent_and_maildir_are_one_record(tmp_path: Path) -> None:
    body = b"\nHi\n\nFrom here on it is quoted\n"
    head = b"From: a@b.example\nSubject: Hi\nDate: Mon, 5 Jan 2026 10:00:00 +0200\nMessage-ID: <1@b.example>\n"
    (tmp_path / "sent.mbox").write_bytes(b"From a@b.example Mon Jan  5 10:00:00 2026\nStatus: RO\n" + head + body.replace(b"\nFrom", b"\n>From") + b"\n")  # fmt: skip
    for name in ("cur", "new"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    received = b"Received: by mx.example; Mon, 5 Jan 2026 10:00:01 +0200\n"
    (tmp_path / "mail" / "new" / "1.host").write_bytes((received + head + body).replace(b"\n", b"\r\n"))
    (tmp_path / "1.eml").write_bytes(head + b"X-Spam: no\n" + body)
    (tmp_path / "2.eml").write_bytes(head + b"\nAnother text under the same Message-ID\n")
    found = await Pulling(tmp_path).pull()
    assert len(found) == 4
    assert len({record.key for record in found}) == 2


async def test_check_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SourceUnavailable, match="does not exist"):
        await Pulling(tmp_path / "nowhere").connector.check()
    with pytest.raises(SourceUnavailable, match="no file in"):
        await Pulling(tmp_path).connector.check()
    (tmp_path / "a.mbox").write_bytes(box(1) * 20_000)
    (tmp_path / "b.csv").write_text("id\n")
    size = sum(file.stat().st_size for file in tmp_path.iterdir()) / 1e6
    assert await Pulling(tmp_path).connector.check() == f"2 files, {size:.1f} MB in {tmp_path}"
    monkeypatch.setattr(os, "access", lambda path, mode: path.name != "b.csv")
    with pytest.raises(AuthFailed, match=r"b\.csv may not be read"):
        await Pulling(tmp_path).connector.check()


async def test_a_row_that_cannot_be_mapped_does_not_stop_the_others(tmp_path: Path) -> None:
    mapping = {"version": 1, "key": "id", "profile": [{"key": "id", "birth_date": "born"}]}
    lines = [json.dumps({"id": str(n), "born": "2000-01-01"}) for n in range(1000)]
    for number in range(0, 1000, 100):
        lines[number] = ('{"id": "x', '{"id": "9", "born": "soon"}', "[1]", '{"born": ""}')[number // 100 % 4]
    (tmp_path / "a.jsonl").write_text("\n".join(lines) + "\n")
    connector = Files.configured({"path": str(tmp_path), "mapping": mapping})
    mapped, reasons = 0, {}
    async for page in connector.pull("items", None):
        for record in page.records:
            try:
                mapped += len(list(connector.map(record)))
            except RecordRejected as exc:
                reasons[record.origin] = str(exc)
    assert mapped == 990
    assert len(reasons) == 10
    assert reasons["a.jsonl line 1"] == "row is not JSON"
    assert reasons["a.jsonl line 101"] == "profile[0].birth_date: not a date"
    assert reasons["a.jsonl line 201"] == "row is not a JSON object"
    assert reasons["a.jsonl line 301"] == "row has no key"
