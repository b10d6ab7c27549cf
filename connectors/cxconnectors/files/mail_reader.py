"""Mailboxes to raw mails: mbox, Maildir and single files.

mbox is split by our own reader on bytes: stdlib ``mailbox`` first reads the whole file to index it, keeps every offset
in memory, and starts a mail at each line that begins with "From ", which cuts mails in two whose writer did not escape.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from cxconnectors.files.piece import STREAM, Piece
from cxcore.sdk import Record
from cxcore.sdk.mail import CUT_MAIL, MAIL, mail_key

UNCHANGING = datetime(1970, 1, 1, tzinfo=UTC)
"""The age of every mail: copies that differ in transport headers are of one age, so their order does not matter."""

_CHUNK = 1 << 20
_LOOK = 4096
_ENVELOPE = re.compile(
    rb"From [^\n]{0,900}?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +(?:\d{1,2} +)?[A-Z][a-z]{2} [^\n]{0,30}\d\d:\d\d[^\n]{0,60}\n"
)
_LOOSE_ENVELOPE = re.compile(rb"From [^\n]{0,900}\d\d:\d\d[^\n]{0,60}\n")
_HEADER = re.compile(rb"[!-9;-~]{1,100}[ \t]*:|>?From |\r?\n")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_DATED = re.compile(rb"^(?:Date|Received)[ \t]*:", re.IGNORECASE | re.MULTILINE)


def is_envelope(window: bytes, *, after_blank: bool, final: bool) -> bool:
    """Whether ``window`` begins with an mbox envelope line ("From sender date") and what follows looks like a header.

    The date must be there; after a line that is not blank it must be in asctime's form. "From Monday 10:00 we are open"
    in a text is thus no new mail even where the writer forgot to escape it. ``final``: the file ends with the window.
    """
    found = (_LOOSE_ENVELOPE if after_blank else _ENVELOPE).match(window)
    if not found:
        return False
    rest = window[found.end() :]
    return bool(_HEADER.match(rest)) or (final and not rest)


def unquote(mail: bytes) -> bytes:
    """Undo mboxrd's and mboxo's escaping: a line ">From " loses one ">"."""
    return _QUOTED_FROM.sub(rb"\1", mail) if b"\n>" in mail or mail.startswith(b">") else mail


def mail_record(raw: bytes, origin: str, *, cut: bool = False) -> Record:
    media_type = CUT_MAIL if cut else MAIL
    return Record(STREAM, mail_key(raw), raw, changed_at=UNCHANGING, media_type=media_type, origin=origin)


@dataclass(slots=True)
class SingleMail:
    """A file that is one mail (.eml, a file of a Maildir)."""

    shown: str
    limit: int
    grows: bool = False

    def pieces(self, file: BinaryIO, offset: int, row: int) -> Iterator[Piece]:
        raw = file.read(self.limit + 1)
        if raw:
            cut = len(raw) > self.limit
            yield Piece(mail_record(raw[: self.limit], self.shown, cut=cut), offset + len(raw), offset, row)


@dataclass(slots=True)
class Mbox:
    """A file of mails, read in steps of a megabyte; never more than one mail is held."""

    shown: str
    limit: int
    grows: bool = True

    def pieces(self, file: BinaryIO, offset: int, row: int) -> Iterator[Piece]:
        """Mails from ``offset`` on, where an envelope line begins; ``row`` counts mails."""
        start, held, dropped = offset, bytearray(), 0
        searched, ended = 1, False
        while not ended or held:
            boundary, searched = self._boundary(held, searched, ended=ended)
            if boundary is None and not ended:
                chunk = file.read(_CHUNK)
                ended = not chunk
                held += chunk
                if len(held) > self.limit + 2 * _CHUNK:
                    spare = len(held) - self.limit - _CHUNK
                    del held[self.limit : self.limit + spare]
                    dropped += spare
                    searched = max(searched - spare, self.limit)
                continue
            size = len(held) if boundary is None else boundary
            row += 1
            end = start + size + dropped
            if record := self._record(bytes(held[:size]), row, cut=dropped > 0):
                last = boundary is None
                yield Piece(record, end, start if last else end, row - 1 if last else row)
            del held[:size]
            start, dropped, searched = end, 0, 1
            if boundary is None:
                return

    def _boundary(self, held: bytearray, searched: int, *, ended: bool) -> tuple[int | None, int]:
        """Where the next envelope line begins in ``held``, and up to where the search has come."""
        at = searched - 1
        while (at := held.find(b"\nFrom ", at)) >= 0:
            window = bytes(held[at + 1 : at + 1 + _LOOK])
            if len(window) < _LOOK and not ended:
                return None, at + 1
            before = held[max(at - 2, 0) : at]
            if is_envelope(window, after_blank=before.endswith((b"\n", b"\n\r")), final=ended):
                return at + 1, at + 1
            at += 1
        return None, max(len(held) - 5, 1)

    def _record(self, raw: bytes, row: int, *, cut: bool) -> Record | None:
        envelope, _, mail = raw.partition(b"\n") if raw.startswith(b"From ") else (b"", b"", raw)
        if not mail.strip():
            return None
        if mail.endswith(b"\r\n\r\n"):
            mail = mail[:-2]  # the empty line before the next envelope is mbox's, not the mail's
        elif mail.endswith(b"\n\n"):
            mail = mail[:-1]
        mail = unquote(mail)
        if envelope and not _DATED.search(mail[: 1 << 16]):
            mail = envelope.rstrip(b"\r") + b"\n" + mail  # the only date there is
        cut = cut or len(mail) > self.limit
        return mail_record(mail[: self.limit], f"{self.shown} mail {row}", cut=cut)
