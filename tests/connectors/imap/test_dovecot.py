"""imap on a real Dovecot, from folder names to mails that it cannot hand out."""

import asyncio
from typing import Any

import pytest

from cxconnectors.imap import Imap, pages
from cxconnectors.imap import connector as connector_module
from cxconnectors.imap.folders import encoded
from cxconnectors.imap.looking import Look
from cxcore.sdk import AuthFailed, Page, Record, SourceUnavailable
from support.dovecot import Dovecot, Mailbox
from support.mails import mail


@pytest.fixture
def box(dovecot: Dovecot) -> Mailbox:
    return dovecot.mailbox()


async def pulled(config: dict[str, Any], cursor: Any = None) -> list[Page]:
    return [page async for page in Imap.configured(config).pull("mails", cursor)]


def records(found: list[Page]) -> list[Record]:
    return [record for page in found for record in page.records]


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_a_private_connection_needs_a_certificate_that_is_trusted(box: Mailbox, security: str) -> None:
    server = box.server
    port = server.tls_port if security == "tls" else server.port
    config = {**box.config, "host": "localhost", "port": port, "security": security}
    with pytest.raises(SourceUnavailable, match="not trusted"):
        await Imap.configured(config).check()
    trusting = {**config, "ca_file": str(server.certificate)}
    assert "0 mails in INBOX, Sent" in await Imap.configured(trusting).check()
    with pytest.raises(SourceUnavailable, match="not trusted"):
        await Imap.configured({**trusting, "host": "127.0.0.1"}).check()
    for unfit in ("users", "none"):
        with pytest.raises(SourceUnavailable, match="cannot be read"):
            await Imap.configured({**config, "ca_file": str(server.folder / unfit)}).check()


async def test_a_password_with_any_letters_is_refused_as_one_that_is_wrong(box: Mailbox) -> None:
    with pytest.raises(AuthFailed, match="refuses the user or the password"):
        await Imap.configured({**box.config, "password": 'pä"ss\\wörd'}).check()


async def test_folders_of_any_name_are_read(box: Mailbox) -> None:
    name = 'Lähetetyt & "muut" 2026'
    box.create(f'"{encoded(name)}"'.replace('"muut"', '\\"muut\\"'))
    box.append(mail(1), folder=f'"{encoded(name)}"'.replace('"muut"', '\\"muut\\"'))
    found = records(await pulled({**box.config, "folders": [name]}))
    assert [record.payload for record in found] == [mail(1)]
    assert name not in str([record.place for record in found])


async def test_every_folder_is_read_but_drafts(box: Mailbox) -> None:
    box.create("Orders")
    for number, folder in enumerate(["INBOX", "Sent", "Orders", "Drafts"]):
        box.append(mail(number), folder=folder)
    box.append(mail(7), flags="\\Draft")
    found = records(await pulled({**box.config, "folders": ["*"]}))
    assert {record.payload for record in found} == {mail(0), mail(1), mail(2)}


async def test_a_folder_that_is_not_there_is_named(box: Mailbox) -> None:
    config = {**box.config, "folders": ["INBOX", "Nowhere"]}
    with pytest.raises(SourceUnavailable, match="no folder Nowhere"):
        await Imap.configured(config).check()
    box.append(mail(1))
    found = await pulled(config)
    assert len(records(found)) == 1
    assert "There is no folder Nowhere." in [note for page in found for note in page.notes]


async def test_nothing_becomes_seen_by_being_read(box: Mailbox) -> None:
    box.append(mail(1))
    await pulled(box.config)
    with box.opened() as client:
        client.select("INBOX", readonly=True)
        assert b"Seen" not in client.uid("FETCH", "1", "(FLAGS)")[1][0]


async def test_a_mail_that_dovecot_cannot_hand_out_is_set_aside(box: Mailbox) -> None:
    """Its file says a size that is not its own, and so Dovecot hangs up, already when it is asked for the size."""
    box.append(*(mail(n) for n in range(4)))
    folder = box.server.folder / "mail" / box.user
    second = next(path for path in folder.glob("*/*") if path.is_file() and b"Question 1\n" in path.read_bytes())
    before = int(second.name.split(",S=")[1].split(",")[0])
    for index in folder.glob("dovecot.index*"):
        index.unlink()
    second.rename(second.with_name(second.name.replace(f",S={before}", ",S=9000").replace(",W=", ",X=")))
    found = records(await pulled(box.config))
    assert {record.payload for record in found if record.media_type == "message/rfc822"} == {mail(0), mail(2), mail(3)}
    assert [record.payload for record in found if record.media_type != "message/rfc822"] == [{"unreadable": True}]


async def test_a_mail_moved_while_folders_are_looked_at_comes_before_it_goes(
    box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its new folder is looked at first, then it is moved, then its old folder is looked at."""
    config = {**box.config, "folders": ["Sent", "INBOX"]}
    box.append(mail(1), mail(2))
    cursor = (await pulled(config))[-1].cursor
    original, looked = pages.look, []

    async def look(*args: Any) -> Look:
        found = await original(*args)
        looked.append(found)
        if len(looked) == 1:
            box.move(1, "Sent")
        return found

    monkeypatch.setattr(pages, "look", look)
    found = await pulled(config, cursor)
    assert [record.payload for record in records(found)] == [mail(1)]
    came = next(n for n, page in enumerate(found) if page.records)
    went = next(n for n, page in enumerate(found) if page.gone)
    assert came < went


async def test_a_page_holds_no_more_bytes_than_it_may(box: Mailbox) -> None:
    box.append(*(mail(n, "x" * 70_000) for n in range(6)))
    found = await pulled({**box.config, "limits": {"page_bytes": 150_000}})
    assert [len(page.records) for page in found] == [2, 2, 2, 0]


async def test_fifty_folders_fit_into_the_cursor(box: Mailbox) -> None:
    names = [f"Folder {n}" for n in range(50)]
    with box.opened() as client:
        for name in names:
            assert client.create(f'"{name}"')[0] == "OK"
    found = await pulled({**box.config, "folders": names})
    assert len(str(found[-1].cursor)) < 4096
    with pytest.raises(SourceUnavailable, match="50 is the limit"):
        await pulled({**box.config, "folders": ["*"]})


async def quiet(watching: asyncio.Task[None]) -> bool:
    """Whether the watch goes on waiting."""
    done, _ = await asyncio.wait({watching}, timeout=1.0)
    return not done


async def in_time(watching: asyncio.Task[None]) -> None:
    async with asyncio.timeout(20):
        await watching


async def test_a_watch_ends_when_mails_come_or_go_and_not_when_they_are_seen(box: Mailbox) -> None:
    box.append(mail(1))
    connector = Imap.configured(box.config)
    cursor = (await pulled(box.config))[-1].cursor
    watching = asyncio.create_task(connector.watch("mails", cursor))
    assert await quiet(watching)
    box.flag(1, "\\Seen")
    assert await quiet(watching)
    await asyncio.to_thread(box.append, mail(2))
    await in_time(watching)
    await in_time(asyncio.create_task(connector.watch("mails", cursor)))  # it was not pulled yet
    cursor = (await pulled(box.config, cursor))[-1].cursor
    watching = asyncio.create_task(connector.watch("mails", cursor))
    assert await quiet(watching)
    await asyncio.to_thread(box.delete, 1)
    await in_time(watching)


async def test_a_watch_is_begun_anew_before_the_line_can_die(box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector_module, "IDLE_SECONDS", 0.2)
    cursor = (await pulled(box.config))[-1].cursor
    watching = asyncio.create_task(Imap.configured(box.config).watch("mails", cursor))
    assert await quiet(watching)
    await asyncio.to_thread(box.append, mail(2))
    await in_time(watching)


async def test_a_server_without_idle_has_no_news(plain_dovecot: Dovecot) -> None:
    box = plain_dovecot.mailbox()
    config = {**box.config, "folders": ["INBOX"]}
    cursor = (await pulled(config))[-1].cursor
    watching = asyncio.create_task(Imap.configured(config).watch("mails", cursor))
    assert await quiet(watching)
    await asyncio.to_thread(box.append, mail(2))
    assert await quiet(watching)
    watching.cancel()
    await asyncio.wait({watching})
