"""Tables to rows: CSV and TSV with a header row, JSONL; what is no row is kept raw with the reason."""

import csv
import hashlib
import io
import json
import math
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn

from cxconnectors.files.config import FilesConfig
from cxconnectors.files.lines import Line, lines, wide_encoding
from cxconnectors.files.piece import STREAM, Piece
from cxcore.sdk import Record
from cxcore.sdk.mapping.row_plan import RowPlan

RAW_ROW = "text/x-row"
RAW_ROW_KEY = "row:"
DELIMITERS = ",;\t|"
MAX_DEPTH = 64

REASONS = {
    "json": "row is not JSON",
    "object": "row is not a JSON object",
    "deep": f"row is nested deeper than {MAX_DEPTH}",
    "long": "row is longer than the limit",
    "key": "row has no key",
    "fields": "row has more fields than the header",
    "quote": "row opens a quote that is not closed",
    "csv": "row is not CSV",
}
"""Why a row was landed raw, as it stands in its media type (``text/x-row;why=key``), in words."""


class UnreadableTable(Exception):
    """The file has no header row that could be read; the message says what is wrong."""


def reason(media_type: str) -> str | None:
    """Why a row was landed raw, in words; None if it was not."""
    kind, _, why = media_type.partition(";why=")
    return REASONS.get(why, "row cannot be read") if kind == RAW_ROW else None


def raw_row(raw: bytes, why: str, origin: str) -> Record:
    key = RAW_ROW_KEY + hashlib.sha256(raw).hexdigest()[:32]
    return Record(stream=STREAM, key=key, payload=raw, media_type=f"{RAW_ROW};why={why}", origin=origin)


def _row_record(plan: RowPlan, row: dict[str, Any], raw: bytes, origin: str) -> Record:
    key = plan.key(row)
    if key is None:
        return raw_row(raw, "key", origin)
    return Record(
        stream=STREAM,
        key=key,
        payload=row,
        changed_at=plan.changed_at(row),
        deleted=plan.deleted(row),
        origin=origin,
    )


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _finite(number: str) -> float:
    value = float(number)
    if math.isinf(value):
        raise ValueError("number too large")
    return value


_JSON = json.JSONDecoder(parse_constant=_no_constant, parse_float=_finite)


def _too_deep(text: str) -> bool:
    """Whether brackets nest deeper than ``MAX_DEPTH``; those inside strings count too, which only matters past it."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    depth = deepest = 0
    in_string = escaped = False
    for char in text:
        if in_string:
            in_string = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char == '"':
            in_string = True
        elif char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    return deepest > MAX_DEPTH


@dataclass(slots=True)
class JsonRows:
    """One JSON object a line; blank lines are passed over, but counted."""

    shown: str
    config: FilesConfig
    plan: RowPlan
    wide: str | None = None
    grows: bool = True

    def pieces(self, file: BinaryIO, offset: int, row: int) -> Iterator[Piece]:
        for line in lines(file, offset, self.config.limits.row_bytes, self.config.encoding, self.wide):
            row += 1
            start, offset = offset, line.end
            text = line.text.strip()
            if not text:
                continue
            record = self._record(line, text, f"{self.shown} line {row}")
            if line.text.endswith("\n"):
                yield Piece(record, offset, offset, row)
            else:
                yield Piece(record, offset, start, row - 1)

    def _record(self, line: Line, text: str, origin: str) -> Record:
        if line.too_long:
            return raw_row(line.raw, "long", origin)
        if _too_deep(text):
            return raw_row(line.raw, "deep", origin)
        try:
            row = _JSON.decode(text)
        except (ValueError, RecursionError):
            return raw_row(line.raw, "json", origin)
        if not isinstance(row, dict):
            return raw_row(line.raw, "object", origin)
        return _row_record(self.plan, row, line.raw, origin)


class _OpenQuote(Exception):
    """A quoted field runs on past the row limit or the end of the file."""


class CsvRows:
    """A table with a header row. A row's number is the one a spreadsheet shows: the header is row 1.

    A missing field at the end of a row is left out; fields beyond the header are allowed only if empty. A quote that is
    not closed spoils its own line, not the rest of the file: reading goes on at the line after it.
    """

    grows = True

    def __init__(self, shown: str, config: FilesConfig, plan: RowPlan, file: BinaryIO, *, tabs: bool) -> None:
        self.shown, self.plan, self.limit = shown, plan, config.limits.row_bytes
        self.encoding = config.encoding
        file.seek(0)
        self.wide = wide_encoding(file.read(4), config.encoding)
        file.seek(0)
        head = next(lines(file, 0, self.limit, self.encoding, self.wide), None)
        if head is None or not head.text.strip():
            raise UnreadableTable("its first row should hold the names of the columns, but is empty")
        self.delimiter = config.delimiter or ("\t" if tabs else sniffed_delimiter(head.text))
        file.seek(0)
        rows = _Rows(lines(file, 0, self.limit, self.encoding, self.wide), self.delimiter, self.limit)
        try:
            names = rows.next_row()
        except (_OpenQuote, csv.Error) as exc:
            raise UnreadableTable("its first row, the names of the columns, is not CSV") from exc
        self.names = _unique(names or [])
        self.first = rows.end

    def pieces(self, file: BinaryIO, offset: int, row: int) -> Iterator[Piece]:
        if offset < self.first:
            file.seek(self.first)
            offset, row = self.first, 1
        source = _Rows(lines(file, offset, self.limit, self.encoding, self.wide), self.delimiter, self.limit, offset)
        while True:
            fields: list[str] | None = None
            why = ""
            try:
                fields = source.next_row()
                if fields is None:
                    return
            except _OpenQuote:
                why = "quote"
            except csv.Error:
                why = "csv"
            row += 1
            if fields == []:
                continue
            record = self._record(source, fields or [], why, f"{self.shown} row {row}")
            if source.finished:
                yield Piece(record, source.end, source.end, row)
            else:
                yield Piece(record, source.end, source.start, row - 1)

    def _record(self, source: "_Rows", fields: list[str], why: str, origin: str) -> Record:
        width = len(self.names)
        if source.too_long:
            why = "long"
        elif not why and len(source.taken) > 1 and not source.strictly_quoted:
            why = "quote"
        elif not why and len(fields) != width:
            if len(source.taken) > 1:
                why = "quote"  # a stray quote has glued lines together
            elif any(fields[width:]):
                why = "fields"
        if not why:
            return _row_record(self.plan, dict(zip(self.names, fields, strict=False)), source.raw, origin)
        if len(source.taken) > 1:
            source.back_to_second_line()
        return raw_row(source.raw, why, origin)


class _Rows:
    """Rows of a CSV file with the lines each was made of, so that offsets are exact and a bad row can be undone."""

    def __init__(self, source: Iterator[Line], delimiter: str, limit: int, offset: int = 0) -> None:
        self._source = source
        self._again: deque[Line] = deque()
        self._delimiter, self._limit = delimiter, limit
        self._reader = self._new_reader()
        self._size = 0
        self.taken: list[Line] = []
        self.start = self.end = offset

    def next_row(self) -> list[str] | None:
        """The fields of the next row ([] for a blank one); None at the end of the file."""
        self.taken, self._size, self.start = [], 0, self.end
        try:
            return next(self._reader)
        except StopIteration:
            return None
        except (_OpenQuote, csv.Error):
            self._reader = self._new_reader()
            raise
        finally:
            if self.taken:
                self.end = self.taken[-1].end

    def back_to_second_line(self) -> None:
        """Give back all lines of the row but the first."""
        self._again.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]
        self.end = self.taken[0].end

    @property
    def raw(self) -> bytes:
        return self.taken[0].raw if len(self.taken) == 1 else b"".join(line.raw for line in self.taken)

    @property
    def strictly_quoted(self) -> bool:
        """Whether all quotes stand where they may: a stray one that swallowed lines seldom ends at a delimiter."""
        try:
            rows = list(csv.reader([line.text for line in self.taken], delimiter=self._delimiter, strict=True))
        except csv.Error:
            return False
        return len(rows) == 1

    @property
    def finished(self) -> bool:
        return bool(self._again) or self.taken[-1].text.endswith("\n")

    @property
    def too_long(self) -> bool:
        return self.taken[0].too_long

    def _new_reader(self) -> Iterator[list[str]]:
        return csv.reader(self._feed(), delimiter=self._delimiter)

    def _feed(self) -> Iterator[str]:
        while True:
            line = self._again.popleft() if self._again else next(self._source, None)
            if line is None:
                if self.taken:
                    raise _OpenQuote  # csv asks for a second line only inside quotes
                return
            self.taken.append(line)
            self._size += len(line.raw)
            if self._size > self._limit:
                raise _OpenQuote
            yield line.text


def sniffed_delimiter(header: str) -> str:
    """The most frequent of , ; tab | in the header outside quotes; the first of these where they are equal."""
    counts: Counter[str] = Counter()
    quoted = False
    for char in header:
        if char == '"':
            quoted = not quoted
        elif not quoted and char in DELIMITERS:
            counts[char] += 1
    return max(DELIMITERS, key=lambda d: (counts[d], -DELIMITERS.index(d)))


def _unique(names: list[str]) -> list[str]:
    """Column names, stripped; an empty one is ``column_N``, the second of equal ones ``name_2``."""
    seen: Counter[str] = Counter()
    result = []
    for number, name in enumerate(names, start=1):
        base = name.strip() or f"column_{number}"
        seen[base] += 1
        result.append(base if seen[base] == 1 else f"{base}_{seen[base]}")
    return result


def json_rows(shown: str, config: FilesConfig, plan: RowPlan, file: BinaryIO) -> JsonRows:
    """A reader of JSONL that knows the file's encoding."""
    head = io.BytesIO(file.read(4))
    file.seek(0)
    return JsonRows(shown, config, plan, wide_encoding(head.getvalue(), config.encoding))
