"""chatwoot under the conformance suite: an account that its vendor's document vouches for, by Prism."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cxconnectors.chatwoot import Chatwoot
from cxcore.sdk import AuthFailed, Cursor, Delivery, Page, Record, Refused, SourceUnavailable
from cxcore.sdk.testing import CANARY, ConnectorConformance, flipped
from cxcore.sdk.testing.driving import pull, records, run, saved, version, versions
from support import chatwoot, prism
from support.chatwoot import ACCOUNT, NOW, SECRET, TOKEN, ChatwootFake
from support.judged import JudgedSource
from support.prism import Judge
from support.rest import Reply, Request


@pytest.fixture(scope="module")
def running(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    document = prism.read(shared_data / "vendors/chatwoot/application_swagger.json", chatwoot.FLAWS)
    with prism.judge(document, tmp_path_factory.mktemp("prism")) as found:
        yield found


@pytest.fixture(autouse=True)
def judge(running: Judge) -> Iterator[Judge]:
    """Whatever Chatwoot's document does not allow fails the test in which it happens."""
    Desk.judge = running
    with running.watching():
        yield running


class Desk(JudgedSource):
    """A hotel's desk, with guests who write in its widget."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, ChatwootFake())
        fake = self.fake
        for n in range(13, -1, -1):
            begun = NOW - timedelta(hours=n * n)
            talk = fake.conversation(fake.contact(), hmac_verified=n == 0)
            self.said = fake.say(talk, f"message {n}\\\nin two lines\n", begun - timedelta(minutes=4))
            fake.say(talk, "Hello", begun - timedelta(minutes=3), message_type=1)
            fake.say(talk, "Conversation was opened", begun - timedelta(minutes=2), message_type=2)
            for more in range(130 if n == 8 else 0):
                fake.say(talk, f"more {more}", begun + timedelta(seconds=more // 2))

    @property
    def config(self) -> dict[str, Any]:
        return {"url": self.judge.url, "account": ACCOUNT, "token": TOKEN, "secret": SECRET}

    def change(self) -> None:
        self.said["content"] = "changed"

    def delete(self) -> None:
        self.fake.erase(self.said)

    def arrive_late(self) -> None:
        talk = self.fake.conversations[13]
        self.fake.say(talk, "late", NOW - timedelta(minutes=9))

    def spoil(self) -> None:
        talk = self.fake.conversations[14]
        self.fake.say(talk, CANARY, NOW)["created_at"] = -1

    def push(self) -> list[Delivery]:
        fake = self.fake
        picture = {"id": 5, "message_id": 1, "file_type": "image", "account_id": ACCOUNT, "file_size": 4711}
        fake.messages[4]["attachments"] = [
            {**picture, "data_url": "https://x.example/rails/blobs/redirect/ey/a%20b.png"}
        ]
        fake.erase(fake.messages[7])
        said = [fake.delivered(each) for each in list(fake.messages.values())[:9]]
        return [*said, fake.told(fake.contacts[101]), fake.told(fake.contacts[110], "contact_created")]

    def push_old(self) -> Delivery:
        body = {"event": "message_created", "account": {"id": ACCOUNT}, "id": 1}
        return chatwoot.signed(body, NOW - timedelta(minutes=6), received=NOW)

    def tampered(self, delivery: Delivery) -> Iterator[Delivery]:
        yield from list(flipped(delivery))[::7]


class TestChatwoot(ConnectorConformance):
    connector = Chatwoot
    source_type = Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def pages(desk: Desk, stream: str = "messages", cursor: Cursor | None = None) -> list[Page]:
    return pull(Chatwoot.configured(desk.config), stream, cursor)


def after(desk: Desk, found: list[Page], stream: str = "messages") -> list[Record]:
    return records(pages(desk, stream, saved(found[-1].cursor)))


# lists


def test_a_full_pull_brings_each_message_and_contact_and_no_notes_of_what_happened(desk: Desk) -> None:
    said = {str(each["id"]) for each in desk.fake.messages.values() if each["message_type"] != 2}
    assert {each.key for each in records(pages(desk))} == said
    assert {each.key for each in records(pages(desk, "contacts"))} == {str(each) for each in desk.fake.contacts}


def test_an_idle_pull_reads_conversations_of_the_last_minutes_alone(desk: Desk) -> None:
    first = pages(desk)
    desk.fake.asked.clear()
    after(desk, first)
    assert len(desk.fake.asked) < 5


def test_a_conversation_that_moves_past_a_pull_is_read_from_its_beginning(desk: Desk) -> None:
    begun = pull(Chatwoot.configured(desk.config), "messages", pages=2)
    desk.fake.now += timedelta(seconds=20)
    desk.fake.say(desk.fake.conversations[3], "new", desk.fake.now)
    rest = pages(desk, "messages", saved(begun[-1].cursor))
    said = {str(each["id"]) for each in desk.fake.messages.values() if each["message_type"] != 2}
    assert said == {each.key for each in [*records(begun), *records(rest)]}


def test_a_conversation_deleted_while_a_pull_walks_hides_no_other(desk: Desk) -> None:
    begun = pull(Chatwoot.configured(desk.config), "messages", pages=2)
    gone = desk.fake.conversations.pop(14)
    for number in [n for n, each in desk.fake.messages.items() if each["conversation_id"] == gone["id"]]:
        del desk.fake.messages[number]
    rest = pages(desk, "messages", saved(begun[-1].cursor))
    said = {str(each["id"]) for each in desk.fake.messages.values() if each["message_type"] != 2}
    assert said <= {each.key for each in [*records(begun), *records(rest)]}


def test_a_conversation_deleted_just_after_it_was_listed_stops_nothing(desk: Desk) -> None:
    gone = desk.fake.conversations[5]["id"]

    def without(request: Request) -> Reply:
        if request.path.endswith(f"/conversations/{gone}/messages"):
            del desk.fake.conversations[gone]
        return desk.fake.answer(request)

    desk.judge.fake.answer = without
    said = {str(n) for n, each in desk.fake.messages.items() if each["message_type"] != 2}
    missing = said - {each.key for each in records(pages(desk))}
    assert {desk.fake.messages[int(each)]["conversation_id"] for each in missing} == {gone}


def test_ids_out_of_order_at_the_end_of_an_answer_are_not_lost(desk: Desk) -> None:
    talk = desk.fake.conversation(desk.fake.contact())
    at = NOW - timedelta(hours=1)
    for n in range(220):
        swapped = n + 1 if n % 2 == 0 else n - 1  # of each two the later id was written first
        desk.fake.say(talk, f"{n}", at + timedelta(seconds=n), id=5000 + swapped)
    assert {str(5000 + n) for n in range(220)} <= {each.key for each in records(pages(desk))}


def test_a_message_of_yesterday_that_is_erased_is_seen_within_the_hour(desk: Desk) -> None:
    first = pages(desk)
    talk = desk.fake.conversations[11]
    slip = next(each for each in desk.fake.messages.values() if each["conversation_id"] == talk["id"])
    assert NOW.timestamp() - slip["created_at"] > 9 * 3600
    desk.fake.erase(slip)
    assert str(slip["id"]) not in {each.key for each in after(desk, first)}
    desk.fake.now += timedelta(hours=1)
    (found,) = [each for each in after(desk, first) if each.key == str(slip["id"])]
    assert found.deleted
    assert found.payload == {"id": slip["id"], "conversation": slip["conversation_id"], "type": "incoming"}


def test_a_contact_that_changes_without_being_active_is_seen_within_a_day(desk: Desk) -> None:
    first = pages(desk, "contacts")
    desk.fake.contacts[105]["email"] = "moved@home.example"
    assert "105" not in {each.key for each in after(desk, first, "contacts")}
    desk.fake.now += timedelta(days=1)
    assert "moved@home.example" in {
        each.payload["email"] for each in after(desk, first, "contacts") if isinstance(each.payload, dict)
    }


def test_marks_stay_few_however_long_it_runs(desk: Desk) -> None:
    cursor = saved(pages(desk)[-1].cursor)
    desk.fake.conversations = {1: desk.fake.conversations[1]}
    for _ in range(40):
        desk.fake.now += timedelta(minutes=50)
        cursor = saved(pages(desk, "messages", cursor)[-1].cursor)
    marks = cursor["marks"]
    assert isinstance(marks, list)
    assert 10 <= len(marks) <= 18


def test_an_account_that_is_not_there_is_no_fault_of_the_token(desk: Desk) -> None:
    with pytest.raises(SourceUnavailable):
        run(Chatwoot.configured({**desk.config, "account": 4}).check())


def test_a_refused_token_says_whose_it_should_be(desk: Desk) -> None:
    with pytest.raises(AuthFailed, match="administrator"):
        pull(Chatwoot.configured({**desk.config, "token": "another"}), "messages")


# webhooks


def test_what_is_delivered_of_another_account_or_kind_lands_nothing(desk: Desk) -> None:
    connector = Chatwoot.configured(desk.config)
    for told in (
        {"event": "message_created", "id": 1, "account": {"id": 4}, "conversation": {}},
        {"event": "conversation_updated", "id": 1, "account": {"id": ACCOUNT}},
        {"event": "webwidget_triggered", "id": "x", "account": {"id": ACCOUNT}},
        ["x"],
    ):
        found = connector.receive(chatwoot.signed(told, NOW))
        assert (list(found.records), found.wake) == ([], True)


def test_a_delivery_with_the_former_secret_is_believed_while_it_is_live(desk: Desk) -> None:
    sent = chatwoot.signed({"event": "x"}, NOW, secret="the former one")
    with pytest.raises(Refused):
        Chatwoot.configured(desk.config).receive(sent)
    assert Chatwoot.configured({**desk.config, "former_secret": "the former one"}).receive(sent).wake


def test_all_that_is_delivered_has_the_contents_that_the_api_gives(desk: Desk) -> None:
    connector = Chatwoot.configured(desk.config)
    delivered = [record for each in desk.push() for record in connector.receive(each).records]
    assert {version(each) for each in delivered} <= versions([*pages(desk), *pages(desk, "contacts")])
    assert {each.stream for each in delivered} == {"messages", "contacts"}
    assert any(each.deleted for each in delivered)


# the document


def test_a_request_that_chatwoot_does_not_document_is_caught(
    desk: Desk, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cxconnectors.chatwoot import client

    monkeypatch.setattr(client, "urlencode", lambda asked: "status=any")
    with pytest.raises(SourceUnavailable):
        pages(desk)
    assert any("status must be equal to one of the allowed values" in fault for fault in judge.taken())


def test_an_answer_that_chatwoot_does_not_document_is_caught(desk: Desk, judge: Judge) -> None:
    def wrong(request: Request) -> Reply:
        desk.fake.messages[1]["message_type"] = 9
        return desk.fake.answer(request)

    judge.fake.answer = wrong
    with pytest.raises(SourceUnavailable):
        pages(desk)
    assert any("message_type must be equal to one of the allowed values" in fault for fault in judge.taken())
