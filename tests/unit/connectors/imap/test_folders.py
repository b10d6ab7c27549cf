"""Folders: names in modified UTF-7, special uses, which are followed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxconnectors.imap.folders import Folder, decoded, encoded, followed, listed
from cxconnectors.imap.wire import Malformed, answer

LIST = [
    b'* LIST (\\HasNoChildren) "/" INBOX\r\n',
    b'* LIST (\\Sent \\HasNoChildren) "/" "L&AOQ-hetetyt"\r\n',
    b'* LIST (\\Drafts) "/" Drafts\r\n',
    b'* LIST (\\Noselect) "/" Archive\r\n',
    b"* LIST (\\Archive) NIL Archive/2026\r\n",
    b"* OK nothing\r\n",
]


def there() -> list[Folder]:
    return listed(answer([line]) for line in LIST)


def names(*wanted: str) -> list[str]:
    return [folder.name for folder in followed(there(), wanted)[0]]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_a_name_survives_the_wire(name: str) -> None:
    assert decoded(encoded(name)) == name
    assert encoded(name).isascii()


def test_names_are_written_as_the_rfc_does() -> None:
    assert encoded("~peter/mail/台北/日本語") == "~peter/mail/&U,BTFw-/&ZeVnLIqe-"
    assert decoded("a&b") == "a&b"
    assert decoded("&AAA") == "&AAA"
    assert decoded("&-") == "&"


def test_folders_are_found_by_name_and_by_use() -> None:
    assert names("inbox", "\\sent") == ["INBOX", "Lähetetyt"]
    assert names("Lähetetyt", "\\Sent") == ["Lähetetyt"]
    assert names("*") == ["Archive/2026", "INBOX", "Lähetetyt"]
    assert followed(there(), ["Nope", "\\All", "INBOX"])[1] == ["Nope", "\\All"]


def test_a_scope_tells_no_name() -> None:
    scopes = {folder.scope for folder in there()}
    assert len(scopes) == 4
    assert not any("INBOX" in scope for scope in scopes)


@pytest.mark.parametrize("line", [b"* LIST x y z\r\n", b"* LIST ()\r\n", b"* LIST (\r\n"])
def test_a_list_that_is_none_is_refused(line: bytes) -> None:
    with pytest.raises(Malformed):
        listed([answer([line])])
