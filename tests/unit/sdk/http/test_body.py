"""Bodies: read within their limits, as sent and as decompressed."""

import gzip
import json
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from cxcore.sdk import SourceUnavailable
from cxcore.sdk.http import Answer, Limits, body

LIMITS = Limits(most_bytes=1000)
TEXT = b'{"a": "' + b"x" * 500 + b'"}'
RAW_DEFLATE = zlib.compress(TEXT)[2:-4]


async def chunks(whole: bytes, size: int = 7) -> AsyncIterator[bytes]:
    for start in range(0, len(whole), size):
        yield whole[start : start + size]


async def read(whole: bytes, encoding: str = "", length: str | None = None) -> bytes:
    return await body.read(chunks(whole), encoding=encoding, length=length, limits=LIMITS)


@pytest.mark.parametrize(
    ("sent", "encoding"),
    [
        (TEXT, ""),
        (TEXT, "identity"),
        (gzip.compress(TEXT), "gzip"),
        (gzip.compress(TEXT), "GZIP"),
        (zlib.compress(TEXT), "deflate"),
        (RAW_DEFLATE, "deflate"),
    ],
    ids=["nothing said", "identity", "gzip", "GZIP", "zlib", "raw deflate"],
)
async def test_a_body_comes_out_as_it_was_meant(sent: bytes, encoding: str) -> None:
    assert await read(sent, encoding) == TEXT


async def test_exactly_the_limit_is_within_it() -> None:
    assert await read(b"x" * 1000) == b"x" * 1000


@pytest.mark.parametrize(
    ("sent", "encoding", "length"),
    [
        (b"x" * 1001, "", None),
        (b"", "", "5368709120"),
        (b"", "", "9" * 5000),
        (gzip.compress(b"\0" * 10_000_000), "gzip", None),
        (gzip.compress(b"x" * 1001), "gzip", None),
    ],
    ids=["long", "5 GB announced", "endless number", "bomb", "one too many"],
)
async def test_too_much_is_refused(sent: bytes, encoding: str, length: str | None) -> None:
    with pytest.raises(SourceUnavailable, match="larger than 1000 bytes"):
        await read(sent, encoding, length)


@pytest.mark.parametrize(
    ("sent", "encoding"),
    [(b"no gzip", "gzip"), (gzip.compress(TEXT)[:18], "gzip"), (b"??", "deflate"), (TEXT, "br"), (TEXT, "gzip, gzip")],
    ids=["no gzip", "cut", "no deflate", "not asked for", "twice"],
)
async def test_what_cannot_be_decompressed_is_refused(sent: bytes, encoding: str) -> None:
    with pytest.raises(SourceUnavailable):
        await read(sent, encoding)


async def test_no_body_needs_no_decompressing() -> None:
    assert await read(b"", "gzip") == b""


async def test_a_drip_is_too_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 1000, 2))
    monkeypatch.setattr(body.time, "monotonic", lambda: next(clock))
    with pytest.raises(body.TooSlow):
        await body.read(chunks(b"x" * 100, 1), encoding="", length=None, limits=LIMITS)


def answer(sent: bytes, kind: str = "application/json", status: int = 200) -> Answer:
    return Answer(status, {"content-type": kind}, sent, "https://a.example")


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ('{"a": "ä"}'.encode(), "application/json"),
        ('{"a": "ä"}'.encode("utf-16"), "application/json"),
        ('{"a": "ä"}'.encode("iso8859-1"), "application/json; charset=ISO-8859-1"),
        ('{"a": "ä"}'.encode("cp1252"), 'application/json; charset="windows-1252"'),
        (b'\xef\xbb\xbf{"a": "\xc3\xa4"}', "text/html"),
    ],
)
def test_json_is_read_in_its_encoding(sent: bytes, kind: str) -> None:
    assert answer(sent, kind).json() == {"a": "ä"}


@pytest.mark.parametrize(
    "text",
    [
        "123456789012345678901234567890",
        '"\\ud800"',
        "1.0",
        "-0",
        '{"a": 1, "a": 2}',
        "1e3",
        '"\\u0000"',
        " [] ",
        "null",
    ],
)
def test_the_fast_way_and_the_slow_way_agree(text: str) -> None:
    fast = answer(text.encode()).json()
    assert (repr(fast), type(fast)) == (repr(json.loads(text)), type(json.loads(text)))


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("Sun, 06 Nov 1994 08:49:37 GMT", datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)),
        ("Sun, 06 Nov 1994 08:49:37 +0200", datetime(1994, 11, 6, 6, 49, 37, tzinfo=UTC)),
        ("Sun, 06 Nov 1994 08:49:37 -0000", datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)),
        ("soon", None),
        ("Mon, 99999999999999999999 Jan 2020 00:00:00 GMT", None),
        ("Mon, 01 Jan 2020 00:00:00 +99999999999999999999", None),
        ("Fri, 31 Dec 9999 23:00:00 -2300", None),
    ],
)
def test_the_servers_clock_is_read_or_unknown(written: str, date: datetime | None) -> None:
    assert Answer(200, {"date": written}, b"", "https://a.example").date == date


def test_no_content_is_nothing() -> None:
    assert answer(b"", status=204).json() is None


@pytest.mark.parametrize(
    ("sent", "kind", "said"),
    [
        (b"<html>secret@x.example</html>", "text/html; charset=utf-8", "but with text/html"),
        (b"", "application/json", "but with application/json"),
        (b'{"a": 1', "x" * 5000, "something else"),
        (b"[" * 100_000, "application/json", "nested too deeply"),
        (b"[" * 500 + b"]" * 500, "application/json", "nested too deeply"),
        (b"1" * 5000, "application/json", "but with application/json"),
        (b'{"a": "\xe4secret"}', "application/json; charset=utf-8", "encoding"),
        (b'{"a": "\xe4secret"}', "application/json; charset=no-such", "application/json"),
    ],
)
def test_what_is_no_json_is_named_without_showing_it(sent: bytes, kind: str, said: str) -> None:
    with pytest.raises(SourceUnavailable) as failure:
        answer(sent, kind).json()
    assert said in failure.value.message
    assert "secret" not in str(failure.value)
