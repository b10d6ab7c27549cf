"""Splitting an mbox: where a mail begins, what is undone, and what a hostile or broken box cannot do."""

import io
from collections.abc import Iterator

import pytest

from cxconnectors.files import mail_reader
from cxconnectors.files.mail_reader import Mbox, SingleMail
from cxconnectors.files.piece import Piece
from cxcore.sdk.mail import CUT_MAIL, MAIL

ENVELOPE = b"From a@b.example Mon Jan  5 10:00:00 2026\n"
HEAD = b"Date: Mon, 5 Jan 2026 10:00:00 +0200\nSubject: x\n\n"


def split(box: bytes, limit: int = 1 << 20, offset: int = 0) -> list[bytes]:
    file = io.BytesIO(box)
    file.seek(offset)
    return [piece.record.payload for piece in Mbox("box", limit).pieces(file, offset, 0)]  # type: ignore[misc]


def mail(text: str) -> bytes:
    return HEAD + text.encode() + b"\n"


def test_mails_are_split_at_envelopes_and_lose_the_blank_line_between() -> None:
    assert split(ENVELOPE + mail("a") + b"\n" + ENVELOPE + mail("b") + b"\n") == [mail("a"), mail("b")]


def test_crlf_boxes_are_split_too() -> None:
    box = (ENVELOPE + mail("a") + b"\n" + ENVELOPE + mail("b")).replace(b"\n", b"\r\n")
    assert split(box) == [mail(each).replace(b"\n", b"\r\n") for each in "ab"]


@pytest.mark.parametrize(
    "line",
    [
        "From here on all is well",
        "From Monday 10:00 we are open",
        "From a@b.example Mon Jan  5 10:00:00 2026 as he told me",
        "From",
    ],
)
def test_an_unescaped_from_in_a_text_does_not_cut_the_mail(line: str) -> None:
    whole = mail(f"Hello\n\n{line}\nand more text")
    assert split(ENVELOPE + whole + b"\n" + ENVELOPE + mail("b")) == [whole, mail("b")]


def test_a_box_without_blank_lines_between_mails_is_split() -> None:
    assert split(ENVELOPE + mail("a") + ENVELOPE + mail("b")) == [mail("a"), mail("b")]


@pytest.mark.parametrize(
    "date", ["Mon Jan  5 10:00:00 2026", "Mon Jan 05 10:00 EET 2026", "Mon, 5 Jan 2026 10:00:00 +0200"]
)
def test_envelopes_of_several_writers_are_known(date: str) -> None:
    assert len(split(ENVELOPE + mail("a") + b"\nFrom - " + date.encode() + b"\n" + mail("b"))) == 2


def test_escaped_from_lines_are_undone_once() -> None:
    assert split(ENVELOPE + mail(">From a\n>>From b\n> From c")) == [mail("From a\n>From b\n> From c")]


def test_a_mail_without_any_date_keeps_its_envelope() -> None:
    undated = b"Subject: x\n\na\n"
    assert split(ENVELOPE + undated) == [ENVELOPE + undated]


def test_what_stands_before_the_first_envelope_is_kept() -> None:
    assert split(b"Subject: lost\n\ntext\n\n" + ENVELOPE + mail("a")) == [b"Subject: lost\n\ntext\n", mail("a")]


def test_empty_boxes_and_empty_mails_give_nothing() -> None:
    assert split(b"") == []
    assert split(b"\n\n") == []
    assert split(ENVELOPE + b"\n" + ENVELOPE + mail("a")) == [mail("a")]


def test_each_offset_is_where_the_rest_can_be_read_from() -> None:
    box = b"".join(ENVELOPE + mail(f"text {n}\n" * n) + b"\n" for n in range(20))
    pieces = list(Mbox("box", 1 << 20).pieces(io.BytesIO(box), 0, 0))
    for number, piece in enumerate(pieces[:-1]):
        assert split(box, offset=piece.resume) == [each.record.payload for each in pieces[number + 1 :]]
        assert piece.row == number + 1
    assert pieces[-1].end == len(box)
    assert pieces[-1].resume == pieces[-2].end


@pytest.mark.parametrize("chunk", [1, 2, 7, 64, 4096])
def test_the_size_of_reads_does_not_matter(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    box = b"".join(ENVELOPE + mail(f"From x\n\nFrom y 10:00\ntext {n}") + b"\n" for n in range(12))
    whole = split(box)
    monkeypatch.setattr(mail_reader, "_CHUNK", chunk)
    assert split(box) == whole
    assert len(whole) == 12


def test_too_long_a_mail_is_kept_cut_and_the_next_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_reader, "_CHUNK", 1024)
    box = ENVELOPE + HEAD + b"x" * 50_000 + b"\n" + ENVELOPE + mail("b")
    pieces = list(Mbox("box", 5000).pieces(io.BytesIO(box), 0, 0))
    assert [piece.record.media_type for piece in pieces] == [CUT_MAIL, MAIL]
    assert len(pieces[0].record.payload) == 5000  # type: ignore[arg-type]
    assert pieces[0].record.payload == (HEAD + b"x" * 50_000)[:5000]
    assert pieces[1].record.payload == mail("b")
    assert box[pieces[0].end :].startswith(ENVELOPE)


class Endless(io.RawIOBase):
    """A file of one line without end, up to 200 MB."""

    def __init__(self) -> None:
        self.left = 200 << 20

    def read(self, size: int = -1) -> bytes:
        count = min(size, self.left)
        self.left -= count
        return b"x" * count


def test_a_huge_mail_is_never_held_whole() -> None:
    import tracemalloc

    tracemalloc.start()
    pieces: Iterator[Piece] = Mbox("box", 1 << 20).pieces(Endless(), 0, 0)  # type: ignore[arg-type]
    found = list(pieces)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found) == 1
    assert found[0].end == 200 << 20
    assert peak < 16 << 20


def test_a_single_mail_over_the_limit_is_cut() -> None:
    [piece] = SingleMail("a.eml", 100).pieces(io.BytesIO(HEAD + b"x" * 200), 0, 0)
    assert piece.record.media_type == CUT_MAIL
    assert len(piece.record.payload) == 100  # type: ignore[arg-type]
