"""The key of a mail: equal for its copies, whole or cut, and different for different mails."""

import pytest

from cxcore.sdk.mail import mail_key

LETTER = b"From: a@x.example\nTo: b@y.example\nSubject: Sauna\nMessage-ID: <1@x.example>\n\nIs it warm?\n"
CARRIED = b"Received: from mx.example\nX-Spam: no\n" + LETTER.replace(b"\n", b"\r\n")


def test_copies_with_other_transport_headers_and_line_ends_share_a_key() -> None:
    assert mail_key(CARRIED) == mail_key(LETTER)
    assert mail_key(LETTER).startswith("1@x.example#")


@pytest.mark.parametrize(
    "written",
    [b"Is it warm? \t\n", b"Is it warm?\n\n", b"Is it warm?", b"Is it\twarm?\r", b"\nIs it\n warm?\n"],
)
def test_blanks_and_line_ends_of_the_body_make_no_other_mail(written: bytes) -> None:
    assert mail_key(LETTER.replace(b"Is it warm?\n", written)) == mail_key(LETTER)


def test_what_mbox_escapes_makes_no_other_mail() -> None:
    said = LETTER + b"From here it is not far.\n>From there neither.\n"
    assert mail_key(said.replace(b"\nFrom here", b"\n>From here").replace(b">From there", b">>From there")) == mail_key(
        said
    )


def test_copies_cut_at_other_places_share_a_key() -> None:
    assert mail_key(CARRIED[:140], cut=True) == mail_key(LETTER[:-3], cut=True)
    assert mail_key(LETTER, cut=True) != mail_key(LETTER)


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"warm", b"cold"), (b"Sauna", b"Pool"), (b"<1@", b"<2@"), (b"a@x", b"c@x"), (b"Message-ID", b"X-ID")],
)
def test_another_mail_has_another_key(old: bytes, new: bytes) -> None:
    assert mail_key(LETTER.replace(old, new, 1)) != mail_key(LETTER)


def test_mails_without_an_id_have_keys_by_what_they_say() -> None:
    bare = LETTER.replace(b"Message-ID: <1@x.example>\n", b"")
    assert mail_key(bare) == mail_key(b"X: y\n" + bare)
    assert mail_key(bare) != mail_key(bare.replace(b"warm", b"cold"))
    assert mail_key(b"") != mail_key(b"no mail at all")
