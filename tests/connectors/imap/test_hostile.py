"""Servers that lie, babble, hang up and fall silent: a pull fails with a word on it or sets a mail aside, within limits."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from cxconnectors.imap import Imap
from cxcore.sdk import AuthFailed, ConnectorFailure, Page, RateLimited, Record, SourceUnavailable
from support.mails import mail

MIB = 1 << 20
Rule = tuple[str, bytes | Callable[[str], bytes] | None]
"""A pattern of commands, and the answer ("TAG" stands for theirs), a function that gives it, or None: hangs up."""

MAILS = {uid: mail(uid) for uid in (1, 2, 3, 4)}


def listing(command: str) -> bytes:
    lines = [
        f'* {n} FETCH (UID {uid} RFC822.SIZE {len(raw)} INTERNALDATE "05-Jan-2026 10:0{n}:00 +0200" FLAGS ())\r\n'
        for n, (uid, raw) in enumerate(MAILS.items(), 1)
        if uid in wanted(command)
    ]
    return "".join(lines).encode() + b"TAG OK done\r\n"


def wanted(command: str) -> set[int]:
    found: set[int] = set()
    for piece in command.split()[3].split(","):
        first, _, last = piece.partition(":")
        found |= set(range(int(first), int(last or first) + 1))
    return found


def literal(uid: int, raw: bytes) -> bytes:
    return b"* %d FETCH (UID %d BODY[]<0> {%d}\r\n%b)\r\n" % (uid, uid, len(raw), raw)


def bodies(command: str) -> bytes:
    return b"".join(literal(uid, raw) for uid, raw in MAILS.items() if uid in wanted(command)) + b"TAG OK done\r\n"


HONEST: list[Rule] = [
    (r"CAPABILITY", b"* CAPABILITY IMAP4rev1\r\nTAG OK\r\n"),
    (r"LOGIN", b"TAG OK in\r\n"),
    (r"LIST", b'* LIST () "/" INBOX\r\nTAG OK\r\n'),
    (r"EXAMINE", b"* 4 EXISTS\r\n* OK [UIDVALIDITY 9] x\r\n* OK [UIDNEXT 5] x\r\nTAG OK [READ-ONLY] x\r\n"),
    (r"UID SEARCH UID (\d+):\1$", lambda command: b"* SEARCH %d\r\nTAG OK\r\n" % int(command.split(":")[-1])),
    (r"UID SEARCH", b"* SEARCH 1 2 3 4\r\nTAG OK\r\n"),
    (r"UID FETCH .*RFC822.SIZE", listing),
    (r"UID FETCH .*BODY", bodies),
    (r"LOGOUT", b"* BYE\r\nTAG OK\r\n"),
]


@contextlib.asynccontextmanager
async def serving(*rules: Rule, greeting: bytes = b"* OK hello\r\n") -> AsyncIterator[dict[str, Any]]:
    """A server that goes by the rules, then by the honest ones; gives a configuration for it."""
    talks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.CancelledError), contextlib.closing(writer):
            writer.write(greeting)
            while line := (await reader.readline()).decode().strip():
                tag, _, command = line.partition(" ")
                said = next(said for pattern, said in (*rules, *HONEST) if re.match(pattern, command))
                if said is None:
                    return
                answer = said if isinstance(said, bytes) else said(line)
                writer.write(answer.replace(b"TAG", tag.encode()))
                await writer.drain()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(talk(reader, writer))
        talks.add(task)
        task.add_done_callback(talks.discard)

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    try:
        yield {
            "host": "127.0.0.1",
            "port": server.sockets[0].getsockname()[1],
            "security": "none",
            "user": "us",
            "password": "secret of ours",
            "folders": ["INBOX"],
            "limits": {"line_bytes": 65_536, "mail_bytes": 65_536, "kept_bytes": 1024, "seconds": 0.5},
        }
    finally:
        server.close()
        for task in [*talks]:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


async def pulled(config: dict[str, Any], cursor: Any = None) -> list[Page]:
    return [page async for page in Imap.configured(config).pull("mails", cursor)]


def records(pages: list[Page]) -> list[Record]:
    return [record for page in pages for record in page.records]


async def test_an_honest_server_is_read() -> None:
    async with serving() as config:
        pages = await pulled(config)
    assert [record.payload for record in records(pages)] == [*MAILS.values()]


FAILURES: dict[str, tuple[list[Rule], str]] = {
    "hangs up": ([("EXAMINE", None)], "ended the connection"),
    "falls silent": ([("EXAMINE", b"* 4 EXISTS\r\n")], "ended the connection"),
    "says goodbye": ([("LIST", b"* BYE overloaded somebody@example.org\r\n")], "ended the connection"),
    "line without end": ([("LIST", b"* LIST " + b"x" * 200_000)], "line longer than the limit"),
    "answers without end": ([("EXAMINE", b"* 4 EXISTS\r\n" * 20_000 + b"TAG OK\r\n")], "more bytes to one command"),
    "huge literal": ([("LIST", b'* LIST () "/" {4000000000}\r\nINBOX')], "announces more bytes"),
    "another's tag": ([("LIST", b"Z9 OK\r\n")], "what IMAP does not know"),
    "babble": ([("LIST", b"* LIST ((((\r\nTAG OK\r\n")], "what IMAP does not know"),
    "bad": ([("LIST", b"TAG BAD somebody@example.org\r\n")], "does not understand"),
    "no": ([("EXAMINE", b"TAG NO somebody@example.org\r\n")], "refuses what it should do"),
    "no validity": ([("EXAMINE", b"* 4 EXISTS\r\nTAG OK\r\n")], "what IMAP does not know"),
    "odd validity": ([("EXAMINE", b"* OK [UIDVALIDITY x] x\r\nTAG OK\r\n")], "what IMAP does not know"),
    "odd next": ([("EXAMINE", b"* OK [UIDVALIDITY 9] x\r\n* OK [UIDNEXT 9999999999] x\r\nTAG OK\r\n")],
                 "what IMAP does not know"),
    "odd search": ([("UID SEARCH", b"* SEARCH 1 x\r\nTAG OK\r\n")], "what IMAP does not know"),
    "no folder": ([("LIST", b"TAG OK\r\n")], "None of the folders"),
    "mail longer than it said": (
        [("UID FETCH .*BODY", lambda command: literal(1, b"x" * 60_000) * 20 + b"TAG OK\r\n")],
        "more bytes to one command",
    ),
    "mail longer than asked for": (
        [("UID FETCH .*BODY", b"* 1 FETCH (UID 1 BODY[]<0> {99999999}\r\n")],
        "announces more bytes",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", FAILURES)
async def test_what_breaks_the_rules_fails_the_pull_and_quotes_nobody(kind: str) -> None:
    rules, words = FAILURES[kind]
    async with serving(*rules) as config:
        with pytest.raises(SourceUnavailable) as failure:
            await pulled(config)
    assert words in str(failure.value)
    assert "example.org" not in str(failure.value)
    assert "secret" not in str(failure.value)


async def test_a_search_that_finds_billions_is_not_counted_out() -> None:
    capable: Rule = ("CAPABILITY", b"* CAPABILITY IMAP4rev1 ESEARCH\r\nTAG OK\r\n")
    opened: Rule = ("EXAMINE", b"* 4 EXISTS\r\n* OK [UIDVALIDITY 9] x\r\n* OK [UIDNEXT 4294967295] x\r\nTAG OK\r\n")
    found: Rule = ("UID SEARCH", b'* ESEARCH (TAG "TAG") UID ALL 1:4294967294\r\nTAG OK\r\n')
    async with serving(capable, opened, found) as config:
        with pytest.raises(SourceUnavailable, match="more mails than it says"):
            await pulled(config)


@pytest.mark.parametrize(
    ("greeting", "rules", "failure"),
    [
        (b"* BYE too many\r\n", [], SourceUnavailable),
        (b"HTTP/1.1 400 Bad Request\r\n", [], SourceUnavailable),
        (b"", [], SourceUnavailable),
        (b"* OK x\r\n", [("LOGIN", b"TAG NO [AUTHENTICATIONFAILED] no\r\n")], AuthFailed),
        (b"* OK x\r\n", [("LOGIN", b"TAG NO no\r\n")], AuthFailed),
        (b"* OK x\r\n", [("LOGIN", b"TAG NO [UNAVAILABLE] later\r\n")], SourceUnavailable),
        (b"* OK x\r\n", [("LOGIN", b"TAG NO [LIMIT] later\r\n")], RateLimited),
        (b"* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] x\r\n", [], AuthFailed),
    ],
)
async def test_what_stops_us_at_the_door_is_told_by_its_kind(
    greeting: bytes, rules: list[Rule], failure: type[ConnectorFailure]
) -> None:
    async with serving(*rules, greeting=greeting) as config:
        with pytest.raises(ConnectorFailure) as found:
            await Imap.configured(config).check()
    assert isinstance(found.value, failure)


async def test_no_password_is_sent_where_starttls_is_not_offered() -> None:
    heard: list[str] = []

    def login(command: str) -> bytes:
        heard.append(command)
        return b"TAG OK\r\n"

    async with serving(("LOGIN|AUTHENTICATE", login)) as config:
        with pytest.raises(AuthFailed, match="STARTTLS"):
            await Imap.configured({**config, "security": "starttls"}).check()
    assert heard == []


async def test_what_is_sent_in_the_clear_behind_starttls_is_not_believed() -> None:
    capable: Rule = ("CAPABILITY", b"* CAPABILITY IMAP4rev1 STARTTLS\r\nTAG OK\r\n")
    async with serving(capable, ("STARTTLS", b"TAG OK\r\n* CAPABILITY AUTH=PLAIN\r\n")) as config:
        with pytest.raises(SourceUnavailable, match="what IMAP does not know"):
            await Imap.configured({**config, "security": "starttls"}).check()


@pytest.mark.parametrize("refusal", [b"TAG NO [SERVERBUG] no\r\n", None])
async def test_a_mail_that_cannot_be_had_is_set_aside_and_the_others_come(refusal: bytes | None) -> None:
    rules: list[Rule] = [(r"UID FETCH 1:4 .*BODY", refusal), (r"UID FETCH 2 .*BODY", refusal)]
    async with serving(*rules) as config:
        pages = await pulled(config)
    found = records(pages)
    assert [record.payload for record in found if record.media_type == "message/rfc822"] == [
        MAILS[1],
        MAILS[3],
        MAILS[4],
    ]
    [aside] = [record for record in found if record.media_type != "message/rfc822"]
    assert (aside.place.number if aside.place else None) == 2
    with pytest.raises(ConnectorFailure, match="could not hand out this mail"):
        Imap.configured(config).map(aside)


@pytest.mark.parametrize("refusal", [b"TAG NO [SERVERBUG] no\r\n", None])
async def test_a_mail_of_which_nothing_is_told_is_fetched_all_the_same(refusal: bytes | None) -> None:
    rules: list[Rule] = [(r"UID FETCH 1:4 .*RFC822", refusal), (r"UID FETCH 2 .*RFC822", refusal)]
    async with serving(*rules) as config:
        pages = await pulled(config)
    assert [record.payload for record in records(pages)] == [*MAILS.values()]
    assert [len(page.records) for page in pages] == [1, 1, 2, 0]


async def test_a_server_that_can_speak_of_no_mail_is_broken() -> None:
    many: list[Rule] = [
        ("EXAMINE", b"* 40 EXISTS\r\n* OK [UIDVALIDITY 9] x\r\n* OK [UIDNEXT 41] x\r\nTAG OK\r\n"),
        HONEST[4],
        ("UID SEARCH", b"* SEARCH " + b" ".join(b"%d" % n for n in range(1, 41)) + b"\r\nTAG OK\r\n"),
        ("UID FETCH", b"TAG NO [SERVERBUG] no\r\n"),
    ]
    async with serving(*many) as config:
        with pytest.raises(SourceUnavailable, match="tells of no mail"):
            await pulled(config)


async def test_a_server_that_hands_out_nothing_is_not_taken_for_one_with_broken_mails() -> None:
    async with serving(("UID FETCH .*BODY", b"TAG NO [SERVERBUG] no\r\n")) as config:
        with pytest.raises(SourceUnavailable, match="hands out no mail"):
            await pulled(config)


async def test_a_mail_left_out_of_an_answer_is_asked_for_again() -> None:
    partly: Rule = (
        r"UID FETCH 1:4 .*BODY",
        lambda command: literal(1, MAILS[1]) + literal(4, MAILS[4]) + b"TAG OK\r\n",
    )
    async with serving(partly) as config:
        found = records(await pulled(config))
    assert [record.payload for record in found] == [*MAILS.values()]


async def test_a_mail_that_goes_while_it_is_read_is_none() -> None:
    gone: Rule = (r"UID SEARCH UID 2:2$", b"* SEARCH\r\nTAG OK\r\n")
    partly: Rule = (r"UID FETCH 1:4 .*BODY", b"TAG NO\r\n")
    async with serving(gone, partly) as config:
        found = records(await pulled(config))
    assert [record.payload for record in found] == [MAILS[1], MAILS[3], MAILS[4]]


async def test_what_is_told_unasked_does_no_harm() -> None:
    def unasked(command: str) -> bytes:
        return (
            b"* 9 EXPUNGE\r\n* 3 FETCH (FLAGS (\\Seen))\r\n* 77 EXISTS\r\n"
            + literal(66, b"not asked for")
            + bodies(command)
        )

    async with serving(("UID FETCH .*BODY", unasked)) as config:
        found = records(await pulled(config))
    assert [record.payload for record in found] == [*MAILS.values()]


async def test_numbers_that_go_back_mean_reading_again() -> None:
    async with serving() as config:
        before = (await pulled(config))[-1].cursor
    back: Rule = ("EXAMINE", b"* 2 EXISTS\r\n* OK [UIDVALIDITY 9] x\r\n* OK [UIDNEXT 3] x\r\nTAG OK\r\n")
    async with serving(back, ("UID SEARCH", b"* SEARCH 1 2\r\nTAG OK\r\n")) as config:
        pages = await pulled(config, before)
    assert [record.payload for record in records(pages)] == [MAILS[1], MAILS[2]]
    assert any(getattr(place, "first", 0) == 3 for page in pages for place in page.gone)
