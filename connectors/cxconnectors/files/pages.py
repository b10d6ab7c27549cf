"""From a scan and a cursor to pages: which files are due, reading each as far as it goes, and saying where to go on."""

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, Protocol

from cxconnectors.files.config import TABLES, FilesConfig, Format
from cxconnectors.files.cursor import (
    NEAR_NS,
    Near,
    Progress,
    State,
    known_folders,
    list_digest,
    sample,
    unknown_folders,
)
from cxconnectors.files.formats import HEAD, format_of
from cxconnectors.files.mail_reader import Mbox, SingleMail
from cxconnectors.files.piece import Piece
from cxconnectors.files.rows_reader import RAW_ROW_KEY, CsvRows, UnreadableTable, json_rows
from cxconnectors.files.scan import FileSeen, Scan, scan
from cxcore.sdk import Cursor, Page, Record, SourceUnavailable
from cxcore.sdk.mapping.row_plan import RowPlan

KEEP_PROGRESS_FROM = 1 << 16
"""A smaller file that has grown is read again whole, which costs less than remembering it."""


UNDER_WAY = 0
"""In place of the ctime of a file not yet read to its end, so that it can never be taken for wholly read."""
JSON = "application/json"


class Reader(Protocol):
    """What can cut a file of one format into pieces."""

    grows: bool

    def pieces(self, file: BinaryIO, offset: int, row: int) -> Iterator[Piece]: ...


def open_file(file: FileSeen) -> BinaryIO:
    return file.path.open("rb")


def reader_for(file: FileSeen, handle: BinaryIO, config: FilesConfig, plan: RowPlan | None) -> Reader | str:
    """The reader for a file, or why it is not read."""
    found = format_of(file, os.pread(handle.fileno(), HEAD, 0), config)
    if found is None:
        return f"{file.shown}: skipped, it is none of mbox, eml, CSV, TSV, JSONL."
    if found not in TABLES:
        kind = Mbox if found is Format.MBOX else SingleMail
        return kind(file.shown, config.limits.mail_bytes)
    if plan is None:
        return f"{file.shown}: skipped, a table needs a mapping that says what its columns mean."
    try:
        if found is Format.JSONL:
            return json_rows(file.shown, config, plan, handle)
        return CsvRows(file.shown, config, plan, handle, tabs=found is Format.TSV)
    except UnreadableTable as exc:
        return f"{file.shown}: skipped, {exc}."


@dataclass(slots=True)
class Pages:
    """One pull. Iterating reads no further than the page asked for."""

    config: FilesConfig
    plan: RowPlan | None
    state: State
    seen: Scan
    notes: list[str] = field(default_factory=list)
    _records: list[Record] = field(default_factory=list)
    _bytes: int = 0
    _done: int = 0
    _total: int = 0

    def __iter__(self) -> Iterator[Page]:
        late, newer = self._due()
        self._total = sum(file.size for file in (*late, *newer))
        identity = self.state.late[2] if self.state.late else list_digest(late)
        for file in late:
            yield from self._file(file)
            self.state.late = (*file.order, identity)
            if self._full:
                yield self._page()
        self.state.late = self.state.near_was = None
        self.state.folders = known_folders(self.seen.folders.values())
        for file in newer:
            yield from self._file(file)
            self.state.after = file.order
            if self._full:
                yield self._page()
        yield self._page(last=True)

    def _due(self) -> tuple[list[FileSeen], list[FileSeen]]:
        """The files that turned up behind the cursor, and those after it."""
        state, after = self.state, self.state.after
        newer = [file for file in self.seen.files if file.order > after]
        older = [file for file in self.seen.files if file.order <= after]
        near_from = after[0] - NEAR_NS
        state.near = Near()
        for file in older:
            if file.ctime_ns >= near_from:
                state.near.add(file, file.size)
        changed = state.near_was is not None and state.near_was != state.near.as_json()
        unknown = unknown_folders(self.seen, state.folders)
        late = [f for f in older if f.folder in unknown or (changed and f.ctime_ns >= near_from)]
        if state.late:
            if state.late[2] == list_digest(late):
                return [file for file in late if file.order > state.late[:2]], newer
            state.late = None
        return late, newer

    def _file(self, file: FileSeen) -> Iterator[Page]:
        """Read one file, handing over full pages on the way."""
        before = self._done
        read_to: int | None = None
        try:
            with open_file(file) as handle:
                yield from self._open_file(file, handle)
                read_to = handle.tell()
        except (FileNotFoundError, NotADirectoryError):
            self.notes.append(f"{file.shown}: skipped, it was gone before it could be read.")
            self.state.forget(file)
        except OSError as exc:
            if self._records:
                yield self._page()
            raise SourceUnavailable(
                f"The file {file.shown} cannot be read: {exc.strerror or type(exc).__name__}.",
                hint="Give cxcore's user the right to read it, or take it out of the folder.",
            ) from exc
        self._done = before + file.size
        if read_to is not None and file.order > self.state.after:
            self.state.near.add(file, read_to)

    def _open_file(self, file: FileSeen, handle: BinaryIO) -> Iterator[Page]:
        status = os.fstat(handle.fileno())
        known = self.state.progress(file)
        if known and (known.ctime_ns, known.size, known.inode) == (status.st_ctime_ns, status.st_size, status.st_ino):
            handle.seek(known.size)
            return
        reader = reader_for(file, handle, self.config, self.plan)
        if isinstance(reader, str):
            self.notes.append(reader)
            handle.seek(0, os.SEEK_END)
            return
        now = Progress(status.st_ino, status.st_ctime_ns, 0, 0, 0, "")
        unfinished: Record | None = None
        if known and self._goes_on(known, status, handle):
            now = replace(known, ctime_ns=now.ctime_ns)
            unfinished = self._unfinished(reader, handle, known)
        start = self._done
        handle.seek(now.resume)
        for piece in reader.pieces(handle, now.resume, now.row):
            if unfinished and unfinished.key != piece.record.key:
                self._add(_withdrawn(unfinished), 0)
            unfinished = None
            self._add(piece.record, piece.end - now.size)
            now = replace(now, size=piece.end, resume=piece.resume, row=piece.row)
            if self._full and reader.grows:
                self._done = start + min(piece.end, file.size)
                self.state.remember(file, replace(now, ctime_ns=UNDER_WAY, sample=sample(handle, now.size)))
                yield self._page()
        if not reader.grows:
            handle.seek(0, os.SEEK_END)
        read = handle.tell()
        if reader.grows and (read >= KEEP_PROGRESS_FROM or now.resume < read):
            self.state.remember(file, replace(now, size=read, sample=sample(handle, read)))
        else:
            self.state.forget(file)

    def _goes_on(self, known: Progress, status: os.stat_result, handle: BinaryIO) -> bool:
        """Whether the file still begins with what was read of it: same inode, longer, equal blocks."""
        longer = known.size < status.st_size or (known.ctime_ns == UNDER_WAY and known.size == status.st_size)
        return longer and known.inode == status.st_ino and sample(handle, known.size) == known.sample

    def _unfinished(self, reader: Reader, handle: BinaryIO, known: Progress) -> Record | None:
        """What was landed for the last piece, if it ended with the file and has now turned out to be unfinished.

        A row that parsed is left: its key may be that of a whole row elsewhere.
        """
        length = known.size - known.resume
        if not 0 < length <= self.config.limits.mail_bytes:
            return None
        old = io.BytesIO(os.pread(handle.fileno(), length, known.resume))
        piece = next(reader.pieces(old, known.resume, known.row), None)
        if piece and (isinstance(reader, Mbox) or piece.record.key.startswith(RAW_ROW_KEY)):
            return piece.record
        return None

    def _add(self, record: Record, size: int) -> None:
        self._records.append(record)
        self._bytes += max(size, 0)

    @property
    def _full(self) -> bool:
        limits = self.config.limits
        return len(self._records) >= limits.page_records or self._bytes >= limits.page_bytes

    def _page(self, *, last: bool = False) -> Page:
        self.state.near.trim(self.state.after[0] - NEAR_NS)
        page = Page(
            records=tuple(self._records),
            cursor=self.state.as_json(),
            complete_to=datetime.fromtimestamp(self.state.after[0] / 1e9, UTC)
            if last and self.state.after[0] > 0
            else None,
            done=self._done,
            total=max(self._total, self._done),
            notes=tuple(self.notes),
        )
        self._records, self._bytes, self.notes = [], 0, []
        return page


def pages(config: FilesConfig, plan: RowPlan | None, cursor: Cursor | None) -> Iterator[Page]:
    """Pages of all that is new since ``cursor``.

    Raises:
        SourceUnavailable: the folder or a file in it cannot be read; the message names it.
        AuthFailed: cxcore's user may not look into the folder.
    """
    conf = config.reading_digest
    state = State.read(cursor, conf)
    seen = scan(config)
    notes = (
        ["The settings or the keys of the mapping changed: everything is read again."] if cursor and not state else []
    )
    if state is None:
        state = State(conf=conf, folders=known_folders(seen.folders.values()))
    yield from Pages(config, plan, state, seen, notes)


def _withdrawn(record: Record) -> Record:
    """The deletion of a record that was read half-written: newer than it, by as little as can be."""
    newer = record.changed_at + timedelta(microseconds=1) if record.changed_at else None
    return replace(record, payload=None, media_type=JSON, deleted=True, changed_at=newer)
