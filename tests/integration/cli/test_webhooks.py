"""Webhooks from the command line: made, shown, changed, stopped, sent anew and removed."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from cxcore.db.session import Database
from cxcore.webhooks import deliveries
from support.receiving import receiver
from support.saying import Ended, Run, one_line
from support.sending import KEY, office, rows, tell

URL = "https://hooks.example/cxcore"


@pytest.fixture
def webhook(on_database: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`cxcore webhook`, which may lead into the private network."""
    monkeypatch.setenv("CX_VAULT_KEY", KEY)
    monkeypatch.setenv("CX_WEBHOOK_PRIVATE_NETWORK", "true")

    def run(*arguments: str) -> Ended:
        return on_database("webhook", *arguments)

    return run


def test_a_webhook_is_made_shown_changed_stopped_and_removed(webhook: Run) -> None:
    hook, secret = webhook("add", URL, "--type", "cxcore.decision.made", "--description", "the till").out.split()
    assert secret.startswith("whsec_")
    assert f"{hook}  {URL}  cxcore.decision.made  active" in webhook("list").out
    shown = webhook("show", hook).out
    assert "types: cxcore.decision.made\nstate: active\nqueued" in shown
    assert "description: the till" in shown
    assert secret not in shown
    assert webhook("change", hook, "--all-types", "--url", f"{URL}/2").status == 0
    assert f"{hook}  {URL}/2  all    active" in webhook("list").out
    assert webhook("disable", hook).status == 0
    assert "state: disabled\nto do: Somebody disabled it." in webhook("show", hook).out
    assert webhook("enable", hook).status == 0
    assert "state: active\nqueued" in webhook("show", hook).out
    other = webhook("rotate", hook).out.strip()
    assert other.startswith("whsec_")
    assert other != secret
    assert webhook("remove", hook).out == f"{hook} is gone.\n"
    assert hook not in webhook("list").out


def test_what_cannot_be_is_refused_in_a_line(webhook: Run) -> None:
    nobody = str(uuid4())
    one_line(webhook("show", nobody), "There is no webhook")
    one_line(webhook("add", "ftp://hooks.example/"), "http")
    one_line(webhook("replay", nobody, "--since", "yesterday"), "is no time")
    one_line(webhook("change", nobody, "--all-types", "--type", "cxcore.decision.made"), "exclude each other")
    assert webhook("add", URL, "--type", "cxcore.no.such").status == 2


def test_what_was_sent_is_listed_and_sent_anew(webhook: Run, database_url: str) -> None:
    asyncio.run(send_and_send_again(webhook, database_url))


async def send_and_send_again(webhook: Run, url: str) -> None:
    """The verbs have loops of their own, so each runs in a thread."""
    database = Database(url)
    async with receiver() as to, office(database) as at_work:
        hook = (await asyncio.to_thread(webhook, "add", to.url)).out.split()[0]
        await tell(database, 1, 2)
        assert "is on its way" in (await asyncio.to_thread(webhook, "test", hook)).out
        await at_work.send(after=timedelta(seconds=1))
        assert len(to.got) == 3
        listed = (await asyncio.to_thread(webhook, "deliveries", hook, "--state", "delivered")).out
        async with database.unit() as session:
            newest, *_ = await deliveries.page(session, UUID(hook), before=None, state=None, limit=1)
        assert f"{newest.id}  3         cxcore.webhook.tested  delivered  1" in listed
        assert listed.rstrip().endswith("200")
        assert (await asyncio.to_thread(webhook, "resend", hook, str(newest.id))).status == 0
        await at_work.send(after=timedelta(seconds=1))
        assert [g.id for g in to.got][3:] == [str(newest.event)]
        since = (await rows(database, "select min(occurred_at) as at from outbox"))[0].at
        assert "3 deliveries" in (await asyncio.to_thread(webhook, "replay", hook, "--since", since.isoformat())).out
        await at_work.send(after=timedelta(seconds=1))
        assert len({g.id for g in to.got}) == 3
        assert len(to.got) == 7
    await database.close()
