"""Tables to rows: delimiters, encodings, ragged and broken rows, numbers as a spreadsheet shows them."""

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxconnectors.files.config import FilesConfig
from cxconnectors.files.rows_reader import CsvRows, UnreadableTable, json_rows, reason, sniffed_delimiter
from cxcore.sdk import Record
from cxcore.sdk.mapping.row_plan import RowPlan

MAPPING = {"version": 1, "key": "id", "profile": [{"key": "id"}]}


def setting(**config: Any) -> tuple[FilesConfig, RowPlan]:
    made = FilesConfig.model_validate({"path": "/x", "mapping": MAPPING, **config})
    assert made.mapping is not None
    return made, RowPlan(made.mapping, None)


def table(raw: bytes, *, tabs: bool = False, **config: Any) -> list[Record]:
    made, plan = setting(**config)
    file = io.BytesIO(raw)
    reader = CsvRows("t.csv", made, plan, file, tabs=tabs)
    return [piece.record for piece in reader.pieces(file, 0, 0)]


def told(raw: bytes, **config: Any) -> list[Any]:
    """Rows' data by number; of rows landed raw the reason."""
    return [(str(r.origin).removeprefix("t.csv row "), reason(r.media_type) or r.payload) for r in table(raw, **config)]


def objects(raw: bytes, **config: Any) -> list[Record]:
    made, plan = setting(**config)
    file = io.BytesIO(raw)
    return [piece.record for piece in json_rows("t.jsonl", made, plan, file).pieces(file, 0, 0)]


@pytest.mark.parametrize(("header", "found"), [("a,b", ","), ("a;b", ";"), ("a\tb", "\t"), ("a|b", "|"), ('"a,b,c";d', ";"), ("a", ","), ("a;b,c", ",")])  # fmt: skip
def test_the_delimiter_is_the_most_frequent_in_the_header(header: str, found: str) -> None:
    assert sniffed_delimiter(header) == found


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    raw = b'id,note\n1,a\n\n2,"two\nlines"\n3,b\n'
    assert told(raw) == [
        ("2", {"id": "1", "note": "a"}),
        ("4", {"id": "2", "note": "two\nlines"}),
        ("5", {"id": "3", "note": "b"}),
    ]


@pytest.mark.parametrize(
    ("raw", "config"),
    [
        ("id;name\n1;Järvi\n".encode(), {}),
        ("\ufeffid;name\r\n1;Järvi\r\n".encode(), {}),
        ("id;name\n1;Järvi\n".encode("cp1252"), {}),
        ("id;name\n1;Järvi\n".encode("iso8859-15"), {"encoding": "iso8859-15"}),
        ("id;name\n1;Järvi\n".encode("utf-16"), {}),
        ("id;name\n1;Järvi\n".encode("utf-16-be"), {"encoding": "utf-16-be"}),
        ("id;name\n1;Järvi\n".encode("utf-16-le"), {"encoding": "utf-16"}),
        ("id\tname\n1\tJärvi".encode("utf-32"), {"delimiter": "tab"}),
    ],
)
def test_encodings_are_told_apart(raw: bytes, config: dict[str, Any]) -> None:
    assert [row for _, row in told(raw, **config)] == [{"id": "1", "name": "Järvi"}]


def test_a_line_that_is_no_utf8_is_windows_1252_whatever_the_others_are() -> None:
    raw = "id,name\n1,Järvi\n".encode() + "2,Mäki\n".encode("cp1252")
    assert [row["name"] for _, row in told(raw)] == ["Järvi", "Mäki"]


def test_ragged_rows_are_filled_or_told() -> None:
    assert told(b"id,a,b\n1,x\n2,x,y,,\n3,x,y,z\n") == [
        ("2", {"id": "1", "a": "x"}),
        ("3", {"id": "2", "a": "x", "b": "y"}),
        ("4", "row has more fields than the header"),
    ]


def test_columns_without_a_name_or_with_the_same_get_one() -> None:
    assert told(b"id, ,a,a\n1,2,3,4\n")[0][1] == {"id": "1", "column_2": "2", "a": "3", "a_2": "4"}


def test_a_quote_that_is_not_closed_spoils_its_line_alone() -> None:
    assert told(b'id,a\n1,"oops\n2,b\n3,c\n') == [
        ("2", "row opens a quote that is not closed"),
        ("3", {"id": "2", "a": "b"}),
        ("4", {"id": "3", "a": "c"}),
    ]
    assert told(b'id,a\n1,"oops\n2,b\n3,"c"\n')[1:] == [("3", {"id": "2", "a": "b"}), ("4", {"id": "3", "a": "c"})]


def test_quotes_inside_a_field_are_text() -> None:
    assert told(b'id,a\n1,12" pizza\n2,"say ""hi"""\n') == [
        ("2", {"id": "1", "a": '12" pizza'}),
        ("3", {"id": "2", "a": 'say "hi"'}),
    ]


def test_rows_without_a_key_are_kept_raw() -> None:
    [record] = table(b"id,a\n,x\n")
    assert (record.payload, record.media_type, record.key[:4]) == (b",x\n", "text/x-row;why=key", "row:")


def test_a_row_too_long_is_kept_cut() -> None:
    raw = b"id,a\n1," + b"x" * 5000 + b"\n2,y\n"
    records = table(raw, limits={"row_bytes": 1000})
    assert [reason(record.media_type) for record in records] == ["row is longer than the limit", None]
    assert len(records[0].payload) == 1000  # type: ignore[arg-type]


@pytest.mark.parametrize("raw", [b"", b"\n1\n", b"   \n1\n", b'"a\n1,2\n'])
def test_a_table_without_a_header_is_not_read(raw: bytes) -> None:
    with pytest.raises(UnreadableTable, match="first row"):
        table(raw)


def test_tabs_divide_a_tsv() -> None:
    assert [r.payload for r in table(b"id\ta,b\n1\tx,y\n", tabs=True)] == [{"id": "1", "a,b": "x,y"}]


def test_lines_of_json_are_records_and_the_others_are_kept_raw() -> None:
    lines = ['{"id": 1}', "", "{", "[1]", "null", '{"id": NaN}', '{"id": 1e999}', '{"a": 1}', '{"id": 2}']
    records = objects("\n".join(lines).encode())
    assert [(record.origin, reason(record.media_type) or record.key) for record in records] == [
        ("t.jsonl line 1", "1"),
        ("t.jsonl line 3", "row is not JSON"),
        ("t.jsonl line 4", "row is not a JSON object"),
        ("t.jsonl line 5", "row is not a JSON object"),
        ("t.jsonl line 6", "row is not JSON"),
        ("t.jsonl line 7", "row is not JSON"),
        ("t.jsonl line 8", "row has no key"),
        ("t.jsonl line 9", "2"),
    ]


def test_hostile_json_is_refused() -> None:
    deep = b'{"id": 1, "a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    long = b'{"id": 1, "a": "' + b"x" * 2_000_000 + b'"}'
    number = b'{"id": 1, "a": ' + b"9" * 10_000 + b"}"
    records = objects(b"\n".join([deep, long, number, b'{"id": "[[[' + b"[" * 200 + b'"}']))
    assert [reason(record.media_type) for record in records] == [
        "row is nested deeper than 64",
        "row is longer than the limit",
        "row is not JSON",
        None,
    ]


def test_a_last_line_without_an_end_is_read_again_should_it_grow() -> None:
    made, plan = setting()
    file = io.BytesIO(b'{"id": 1}\n{"id": 2}')
    pieces = list(json_rows("t", made, plan, file).pieces(file, 0, 0))
    assert [(piece.end, piece.resume, piece.row) for piece in pieces] == [(10, 10, 1), (19, 10, 1)]


@settings(deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["id", "a", "b"]), st.none() | st.text(max_size=5) | st.integers()), max_size=8
    )
)
def test_any_objects_come_back(rows: list[dict[str, Any]]) -> None:
    raw = "".join(json.dumps(row) + "\n" for row in rows).encode()
    for record, row in zip(objects(raw), rows, strict=True):
        assert record.payload == row or reason(record.media_type) == "row has no key"


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_kept_raw(raw: bytes) -> None:
    for prefix in (b"id,a\n", b"id;a\n1;2\n"):
        made, plan = setting()
        file = io.BytesIO(prefix + raw)
        reader = CsvRows("t", made, plan, file, tabs=False)
        pieces = list(reader.pieces(file, 0, 0))
        ends = [piece.end for piece in pieces]
        assert ends == sorted(set(ends))
        for piece in pieces:
            piece.record.digest(piece.record.body())
    for record in objects(raw):
        record.digest(record.body())


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(0, 5))
def test_reading_on_from_any_row_gives_the_rest(raw: bytes, skip: int) -> None:
    made, plan = setting()
    file = io.BytesIO(b"id,a\n" + raw)
    reader = CsvRows("t", made, plan, file, tabs=False)
    pieces = list(reader.pieces(file, 0, 0))
    if len(pieces) > skip + 1:
        file.seek(pieces[skip].resume)
        rest = list(reader.pieces(file, pieces[skip].resume, pieces[skip].row))
        assert rest == pieces[skip + 1 :]
