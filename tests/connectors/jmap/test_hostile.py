"""Servers that lie, send elsewhere and go in circles: a pull fails with a word on it or sets a mail aside, within limits."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from cxconnectors.jmap import Jmap
from cxcore.sdk import AuthFailed, ConnectorFailure, Page, RateLimited, SourceUnavailable
from support.hostile import Call, Hostile
from support.mails import mail

CORE, MAIL = "urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail"


class Server:
    """A small JMAP server of three mails; ``methods`` are the arguments it answers with, or functions that give them."""

    def __init__(self) -> None:
        self.session: dict[str, Any] = {
            "username": "desk",
            "capabilities": {CORE: {"maxObjectsInGet": 2}, MAIL: {}},
            "accounts": {"a": {"name": "desk", "accountCapabilities": {MAIL: {}}}},
            "primaryAccounts": {MAIL: "a"},
            "apiUrl": "/api",
            "downloadUrl": "/blob/{accountId}/{blobId}?type={type}&name={name}",
            "eventSourceUrl": "/events?types={types}&closeafter={closeafter}&ping={ping}",
        }
        self.mails = {f"e{n}": mail(n) for n in range(3)}
        self.methods: dict[str, Any] = {
            "Mailbox/get": {"list": [{"id": "i", "name": "In", "role": "inbox"}]},
            "Email/get": self.emails,
            "Email/query": self.query,
            "Email/changes": {"newState": "1", "hasMoreChanges": False, "created": [], "updated": [], "destroyed": []},
        }
        self.status: str | None = None
        self.problem: bytes = b"{}"
        self.events: Callable[[Call], Awaitable[None]] | None = None
        self.broken: set[str] = set()
        self.most_ids = 0

    def emails(self, asked: dict[str, Any]) -> dict[str, Any]:
        self.most_ids = max(self.most_ids, len(asked["ids"]))
        there = [self.email(each) for each in asked["ids"] if each in self.mails]
        return {"state": "1", "list": there, "notFound": []}

    def email(self, name: str) -> dict[str, Any]:
        at = f"2026-01-05T08:0{name[1:]}:00Z"
        return {"id": name, "blobId": name, "mailboxIds": {"i": True}, "keywords": {}, "size": 200, "receivedAt": at}

    def query(self, asked: dict[str, Any]) -> dict[str, Any]:
        names = sorted(self.mails)
        start = names.index(asked["anchor"]) + 1 if asked.get("anchor") else 0
        return {"ids": names[start : start + asked["limit"]]}

    async def __call__(self, call: Call) -> None:
        if call.target.startswith("/.well-known/jmap"):
            await call.answer(json.dumps(self.session).encode())
        elif call.target.startswith("/blob/"):
            name = call.target.split("/")[3].split("?")[0]
            broken = name in self.broken
            await call.answer(b"" if broken else self.mails[name], status="404 Gone" if broken else "200 OK")
        elif call.target.startswith("/events"):
            await (self.events(call) if self.events else call.answer(b"", status="404 Not Found"))
        elif self.status:
            await call.answer(self.problem, status=self.status, headers="Content-Type: application/problem+json\r\n")
        else:
            method, asked, _ = json.loads(call.body)["methodCalls"][0]
            said = self.methods[method]
            told = said(asked) if callable(said) else said
            name = "error" if "type" in told else method
            await call.answer(json.dumps({"methodResponses": [[name, told, "0"]]}).encode())


async def pulled(url: str, cursor: Any = None, **more: Any) -> list[Page]:
    config = {"url": url, "token": "a-token", "folders": ["INBOX"], **more}
    return [page async for page in Jmap.configured(config).pull("mails", cursor)]


def payloads(found: list[Page]) -> list[Any]:
    return [record.payload for page in found for record in page.records]


async def test_an_honest_server_is_asked_for_no_more_at_once_than_it_gives() -> None:
    with Hostile(server := Server()) as host:
        found = await pulled(host.url)
    assert sorted(payloads(found)) == sorted(server.mails.values())
    assert server.most_ids == 2
    assert {call.headers["authorization"] for call in host.calls} == {"Bearer a-token"}


@pytest.mark.parametrize("name", ["apiUrl", "downloadUrl", "eventSourceUrl"])
async def test_credentials_go_to_no_address_that_was_not_configured(name: str) -> None:
    with Hostile(server := Server()) as host, Hostile(Server()) as other:
        server.session[name] = f"{other.url}/api"
        with pytest.raises(SourceUnavailable, match=f"leads to {other.url}") as failure:
            await pulled(host.url)
        assert "also_at" in str(failure.value.hint)
        assert other.calls == []


async def test_addresses_elsewhere_that_are_trusted_are_used() -> None:
    with Hostile(server := Server()) as host, Hostile(server) as other:
        server.session["apiUrl"] = f"{other.url}/api"
        assert len(payloads(await pulled(host.url, also_at=[other.url]))) == 3


async def test_a_session_elsewhere_is_named_and_gets_no_credentials() -> None:
    async def leads_there(call: Call) -> None:
        await call.answer(b"", status="302 Found", headers=f"Location: {other.url}/session\r\n")

    with Hostile(lambda call: call.answer(b"", status="401 No")) as other, Hostile(leads_there) as host:
        with pytest.raises(SourceUnavailable, match=r"redirects to http://127\.0\.0\.1, which gets no credentials"):
            await pulled(host.url)
        assert "authorization" not in other.calls[0].headers


@pytest.mark.parametrize(
    ("session", "words"),
    [
        ([], "no JMAP session"),
        ({"capabilities": {CORE: {}}}, "not of mail"),
        ({"capabilities": {MAIL: {}}}, "lacks an address"),
        ({"capabilities": {MAIL: {}}, "apiUrl": "/a", "downloadUrl": 5}, "lacks an address"),
        ({"capabilities": {MAIL: {}}, "apiUrl": "/a", "downloadUrl": "/b", "accounts": []}, "None of the accounts"),
    ],
    ids=["list", "no mail", "no address", "number", "no accounts"],
)
async def test_a_session_that_is_none_is_told(session: Any, words: str) -> None:
    with Hostile(server := Server()) as host:
        server.session = session
        with pytest.raises(SourceUnavailable, match=words):
            await pulled(host.url)


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        ("Mailbox/get", {"list": 5}),
        ("Email/query", {"ids": [5]}),
        ("Email/query", {"ids": ["x" * 300]}),
        ("Email/query", {"ids": ["e0"]}),
        ("Email/get", {"state": "1", "list": [5]}),
        ("Email/get", {"state": 5, "list": []}),
        ("Email/get", {"state": "1", "list": [{"id": "e0", "blobId": "e0", "mailboxIds": {}, "receivedAt": "never"}]}),
        ("Email/changes", {"newState": "0", "hasMoreChanges": True, "created": "e0"}),
        ("Email/changes", {"newState": "1", "hasMoreChanges": True, "created": []}),
        ("Email/changes", {"type": "cannotCalculateChanges"}),
        ("Email/query", {"type": "anchorNotFound"}),
        ("Email/query", {"type": "serverFail"}),
        ("Email/query", {"type": "Kaarina <kaarina@home.example>"}),
    ],
)
async def test_an_answer_that_makes_no_sense_fails_the_pull_and_tells_nothing_of_it(method: str, answer: Any) -> None:
    with Hostile(server := Server()) as host:
        server.methods[method] = answer
        with pytest.raises(ConnectorFailure) as failure:
            async with asyncio.timeout(30):
                await pulled(host.url)
        assert "kaarina" not in str(failure.value).lower()


async def test_a_server_that_never_finds_its_place_again_fails_the_pull() -> None:
    with Hostile(server := Server()) as host:
        server.methods["Email/query"] = lambda asked: (
            {"type": "anchorNotFound"} if asked.get("anchor") else server.query(asked)
        )
        with pytest.raises(SourceUnavailable, match="in circles"):
            async with asyncio.timeout(30):
                await pulled(host.url)


async def test_an_account_that_is_closed_asks_for_a_person() -> None:
    with Hostile(server := Server()) as host:
        server.methods["Mailbox/get"] = {"type": "forbidden"}
        with pytest.raises(AuthFailed, match="may not be read"):
            await pulled(host.url)


async def test_too_many_requests_at_once_are_a_matter_of_patience() -> None:
    with Hostile(server := Server()) as host:
        server.status = "400 Bad Request"
        server.problem = json.dumps(
            {"type": "urn:ietf:params:jmap:error:limit", "limit": "maxConcurrentRequests"}
        ).encode()
        with pytest.raises(RateLimited):
            await pulled(host.url)
        server.problem = b'{"type": "urn:ietf:params:jmap:error:limit", "limit": "maxSizeRequest"}'
        with pytest.raises(SourceUnavailable, match="larger than the server takes"):
            await pulled(host.url)
        server.problem = b"<html>"
        with pytest.raises(SourceUnavailable, match="refuses a request"):
            await pulled(host.url)


async def test_a_mail_that_cannot_be_handed_out_is_set_aside_and_none_of_several_fails_the_pull() -> None:
    with Hostile(server := Server()) as host:
        server.broken = {"e1"}
        found = await pulled(host.url)
        assert {str(each) for each in payloads(found)} == {str(mail(0)), str({"unreadable": True}), str(mail(2))}
        server.broken = set(server.mails)
        with pytest.raises(SourceUnavailable, match="hands out no mail"):
            await pulled(host.url)


async def test_a_server_that_ends_a_wait_has_its_changes_looked_at() -> None:
    """RFC 8620, section 7.3: with closeafter=state the answer ends after the first event."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def event(call: Call) -> None:
        loop.call_soon_threadsafe(asked.set)
        kind = "Content-Type: text/event-stream\r\n"
        assert {"types=Email", "closeafter=state"} <= set(call.target.split("?")[1].split("&"))
        await call.answer(b'event: state\ndata: {"@type":"StateChange","changed":{}}\n\n', headers=kind)

    with Hostile(server := Server()) as host:
        cursor = (await pulled(host.url))[-1].cursor
        server.events = event
        connector = Jmap.configured({"url": host.url, "token": "a-token", "folders": ["INBOX"]})
        watching = asyncio.create_task(connector.watch("mails", cursor))
        await asked.wait()
        assert not watching.done()
        server.methods["Email/changes"] = {"newState": "2", "hasMoreChanges": False, "created": ["e0"]}
        async with asyncio.timeout(20):
            await watching


async def test_a_server_without_events_is_watched_in_vain() -> None:
    with Hostile(Server()) as host:
        config = {"url": host.url, "token": "a-token", "folders": ["INBOX"]}
        cursor = (await pulled(host.url))[-1].cursor
        del host.behaviour.session["eventSourceUrl"]  # type: ignore[attr-defined]  # a Server
        watching = asyncio.create_task(Jmap.configured(config).watch("mails", cursor))
        done, _ = await asyncio.wait({watching}, timeout=2.0)
        assert not done
        watching.cancel()
        await asyncio.wait({watching})
