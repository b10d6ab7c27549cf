"""The conformance suite passes a sound connector and catches each planted fault."""

import copy
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, SecretStr

from cxcore.model.identifier import Identifier
from cxcore.model.interaction import Channel, Direction, Interaction, Kind
from cxcore.model.profile import SourceProfile
from cxcore.sdk import (
    AuthFailed,
    Connector,
    ConnectorFailure,
    Cursor,
    Manifest,
    Mapped,
    Page,
    RateLimited,
    Record,
    RecordRejected,
    SourceUnavailable,
    Stream,
)
from cxcore.sdk.testing import CANARY, ConnectorConformance, SourceFixture

START = datetime(2026, 1, 1, tzinfo=UTC)
OVERLAP = timedelta(minutes=2)
PAGE = 4


class ParleyConfig(BaseModel):
    model_config = ConfigDict(extra="forbid")
    token: SecretStr
    room: str


class ParleyServer(SourceFixture):
    """A chat system in memory: messages with a time of change, paged by it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.calls, self.status, self.retry_after = 0, 200, 0
        self.messages = [self._message(number, START + timedelta(minutes=number)) for number in range(14)]

    @staticmethod
    def _message(number: int, at: datetime) -> dict[str, Any]:
        return {
            "id": f"m{number}",
            "at": at.isoformat(),
            "text": f"Hello {number}",
            "mail": f"guest{number}@shop.example",
        }

    @property
    def config(self) -> dict[str, Any]:
        return {"token": "s3cr3t-t0ken", "room": "lobby"}

    @property
    def account(self) -> str:
        return "Parley lobby"

    def attach(self, connector: Connector[Any]) -> None:
        connector.server = self  # type: ignore[attr-defined]

    def ask(self, since: datetime, skip: int) -> tuple[int, list[dict[str, Any]]]:
        self.calls += 1
        if self.status != 200:
            status, self.status = self.status, 200 if self.status == 429 else self.status
            return status, []
        newer = [message for message in self.messages if datetime.fromisoformat(message["at"]) >= since]
        return 200, sorted(newer, key=lambda message: message["at"])[skip : skip + PAGE]

    def fetched(self) -> int:
        return self.calls

    def change(self) -> None:
        self.messages[3] |= {"text": "edited", "at": (START + timedelta(hours=1)).isoformat()}

    def arrive_late(self) -> None:
        self.messages.append(self._message(99, START + timedelta(minutes=12)))

    def spoil(self) -> None:
        self.messages.append(self._message(66, START + timedelta(minutes=5)) | {"text": None, "mail": CANARY})

    def delete(self) -> None:
        self.messages[2] |= {"gone": True, "at": (START + timedelta(hours=2)).isoformat()}

    def go_down(self) -> None:
        self.status = 503

    fail = go_down

    def refuse(self) -> None:
        self.status = 401

    def throttle(self, seconds: int) -> None:
        self.status, self.retry_after = 429, seconds


class Parley(Connector[ParleyConfig]):
    manifest = Manifest(
        key="parley",
        name="Parley",
        channels=frozenset({Channel.CHAT}),
        streams=(Stream(name="messages", overlap=OVERLAP, hides_deletes=False),),
        owner="tests",
        docs="README.md",
    )
    Config = ParleyConfig
    server: ParleyServer

    def _ask(self, since: datetime, skip: int = 0) -> list[dict[str, Any]]:
        while True:
            status, messages = self.server.ask(since, skip)
            if status == 401:
                raise AuthFailed("Parley refuses the token.")
            if status == 503:
                raise SourceUnavailable("Parley does not answer.")
            if status == 429 and self.server.retry_after > 5:
                raise RateLimited(retry_after=self.server.retry_after)
            if status == 200:
                return messages

    async def check(self) -> str:
        self._ask(START)
        return f"Parley {self.config.room}"

    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncIterator[Page]:
        since = datetime.fromisoformat(str(cursor["since"])) if cursor else START
        saved, skip = since, 0
        while messages := self._ask(since, skip):
            saved = max(saved, datetime.fromisoformat(messages[-1]["at"]) - OVERLAP)
            skip += len(messages)
            yield Page(records=[self.record(each) for each in messages], cursor={"since": saved.isoformat()})

    def record(self, message: dict[str, Any]) -> Record:
        at = datetime.fromisoformat(message["at"])
        return Record("messages", message["id"], copy.deepcopy(message), at, deleted=bool(message.get("gone")))

    def map(self, record: Record) -> Iterable[Mapped]:
        message: Any = record.payload
        if not isinstance(message["text"], str):
            raise RecordRejected("the message has no text")
        return [
            Interaction(
                channel=Channel.CHAT,
                kind=Kind.MESSAGE,
                direction=Direction.INBOUND,
                occurred_at=message["at"],
                customers=(SourceProfile(identifiers=(Identifier.email(message["mail"]),)),),
                text=message["text"],
            )
        ]


class ParleySuite(ConnectorConformance):
    connector = Parley
    source_type = ParleyServer

    @property
    def folder(self) -> Path:
        return Path(__file__).parent / "parley"

    def test_it_has_a_readme_and_a_quality_file(self) -> None:
        """Parley lives in this file and has none."""


class TestParley(ParleySuite):
    """A sound connector passes, with every capability there is."""


class CursorJumpsAhead(Parley):
    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncIterator[Page]:
        async for page in super().pull(stream, cursor):
            ahead = datetime.fromisoformat(str(page.cursor["since"])) + timedelta(minutes=5)
            yield Page(records=page.records, cursor={"since": ahead.isoformat()})


class CursorStandsStill(Parley):
    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncIterator[Page]:
        async for page in super().pull(stream, None):
            yield Page(records=page.records, cursor={"since": START.isoformat()})


class NoOverlap(Parley):
    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncIterator[Page]:
        async for page in super().pull(stream, cursor):
            newest = datetime.fromisoformat(str(page.cursor["since"])) + OVERLAP
            yield Page(records=page.records, cursor={"since": newest.isoformat()})


class HugeCursor(Parley):
    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncIterator[Page]:
        async for page in super().pull(stream, cursor):
            yield Page(records=page.records, cursor={**page.cursor, "seen": "x" * 5000})


class Greedy(Parley):
    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncIterator[Page]:
        for page in [page async for page in super().pull(stream, cursor)]:
            yield page


class NeverEnds(Parley):
    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncIterator[Page]:
        while True:
            yield Page(records=[], cursor={"since": START.isoformat()})


class Unsteady(Parley):
    def record(self, message: dict[str, Any]) -> Record:
        made = super().record(message)
        return Record(made.stream, made.key, {**message, "read": self.server.calls}, made.changed_at)


class ImpureMap(Parley):
    def map(self, record: Record) -> Iterable[Mapped]:
        self.server.calls += 1
        found = super().map(record)
        return [each.model_copy(update={"subject": str(self.server.calls)}) for each in found]


class SpoilsPayload(Parley):
    def map(self, record: Record) -> Iterable[Mapped]:
        payload: Any = record.payload
        payload["text"] = str(payload["text"]).strip() + "."
        return super().map(record)


class MapNeedsSecret(Parley):
    def map(self, record: Record) -> Iterable[Mapped]:
        if self.config.token.get_secret_value() != "s3cr3t-t0ken":
            raise RecordRejected("no token")
        return super().map(record)


class ShowsSecret(Parley):
    def __repr__(self) -> str:
        return f"Parley({self.config.token.get_secret_value()})"


class PlainConfig(ParleyConfig):
    model_config = ConfigDict(extra="allow")


class TakesAnything(Parley):
    Config = PlainConfig


class SwallowsBadRecords(Parley):
    def map(self, record: Record) -> Iterable[Mapped]:
        try:
            return super().map(record)
        except RecordRejected:
            return []


class DropsBadRecords(Parley):
    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncIterator[Page]:
        async for page in super().pull(stream, cursor):
            good = [record for record in page.records if record.payload["text"]]  # type: ignore[call-overload, index]
            yield Page(records=good, cursor=page.cursor)


class AddressInTheReason(Parley):
    def map(self, record: Record) -> Iterable[Mapped]:
        try:
            return super().map(record)
        except RecordRejected as exc:
            raise RecordRejected(f"the message of {record.payload['mail']} has no text") from exc  # type: ignore[call-overload, index]


class OneSpoilsAll(Parley):
    spoiled = False

    def map(self, record: Record) -> Iterable[Mapped]:
        if OneSpoilsAll.spoiled:
            raise RecordRejected("gave up")
        try:
            return super().map(record)
        except RecordRejected:
            OneSpoilsAll.spoiled = True
            raise


class OtherChannel(Parley):
    def map(self, record: Record) -> Iterable[Mapped]:
        return [each.model_copy(update={"channel": Channel.PHONE}) for each in super().map(record)]


class AnyAccount(Parley):
    async def check(self) -> str:
        return "ok"


class ChecksNothing(Parley):
    async def check(self) -> str:
        return f"Parley {self.config.room}"


class ForgetsDeletions(Parley):
    def record(self, message: dict[str, Any]) -> Record:
        made = super().record(message)
        return Record(made.stream, made.key, made.payload, made.changed_at)


class NewKeyForAChange(Parley):
    def record(self, message: dict[str, Any]) -> Record:
        made = super().record(message)
        return Record(made.stream, f"{made.key}/{message['at']}", made.payload, made.changed_at)


class TakesRefusalForOutage(Parley):
    def _ask(self, since: datetime, skip: int = 0) -> list[dict[str, Any]]:
        try:
            return super()._ask(since, skip)
        except AuthFailed as exc:
            raise SourceUnavailable("no answer") from exc


class GivesUpAtOnce(Parley):
    def _ask(self, since: datetime, skip: int = 0) -> list[dict[str, Any]]:
        if self.server.status == 429:
            raise RateLimited(retry_after=1)
        return super()._ask(since, skip)


FAULTS: list[tuple[type[Parley], str]] = [
    (CursorJumpsAhead, "test_killed_after_any_page_and_resumed_nothing_is_lost"),
    (CursorStandsStill, "test_killed_after_every_page_it_still_comes_to_the_end"),
    (NoOverlap, "test_a_late_arrival_inside_the_overlap_is_seen"),
    (HugeCursor, "test_cursors_are_small_json"),
    (Greedy, "test_a_page_is_fetched_when_the_one_before_has_landed"),
    (NeverEnds, "test_every_stream_yields_records"),
    (Unsteady, "test_two_full_pulls_agree"),
    (Unsteady, "test_an_idle_pull_brings_nothing_new_and_ends"),
    (ImpureMap, "test_map_is_pure"),
    (SpoilsPayload, "test_map_is_pure"),
    (MapNeedsSecret, "test_map_needs_neither_secrets_nor_the_source"),
    (ShowsSecret, "test_its_secrets_do_not_show"),
    (TakesAnything, "test_an_unknown_setting_is_refused"),
    (SwallowsBadRecords, "test_one_spoiled_record_is_rejected_alone_without_personal_data"),
    (DropsBadRecords, "test_one_spoiled_record_is_rejected_alone_without_personal_data"),
    (AddressInTheReason, "test_one_spoiled_record_is_rejected_alone_without_personal_data"),
    (OneSpoilsAll, "test_one_spoiled_record_is_rejected_alone_without_personal_data"),
    (OtherChannel, "test_records_map_to_declared_channels"),
    (AnyAccount, "test_check_names_the_account"),
    (ChecksNothing, "test_check_of_an_unreachable_source_fails_with_what_to_do"),
    (ForgetsDeletions, "test_a_deletion_is_seen"),
    (NewKeyForAChange, "test_a_change_is_seen"),
    (TakesRefusalForOutage, "test_refused_credentials_ask_for_a_person"),
    (GivesUpAtOnce, "test_a_long_wait_asked_for_is_handed_back"),
]


def run(suite: type[ConnectorConformance], name: str, folder: Path) -> None:
    test: Callable[..., None] = getattr(suite(), name)
    test(suite.source_type(folder))


@pytest.mark.parametrize(("faulty", "name"), FAULTS, ids=lambda each: getattr(each, "__name__", each))
def test_a_planted_fault_is_caught(faulty: type[Parley], name: str, tmp_path: Path) -> None:
    suite = type("Suite", (ParleySuite,), {"connector": faulty})
    run(ParleySuite, name, tmp_path)
    with pytest.raises((AssertionError, pytest.fail.Exception, ConnectorFailure)):
        run(suite, name, tmp_path)


def test_what_a_source_cannot_do_is_not_collected() -> None:
    class ReadOnly(ParleyServer):
        arrive_late = None  # type: ignore[assignment]
        throttle = None  # type: ignore[assignment]

    suite: Any = type("Suite", (ParleySuite,), {"source_type": ReadOnly})
    assert suite.test_a_late_arrival_inside_the_overlap_is_seen is None
    assert suite.test_a_short_wait_asked_for_is_waited is None
    assert suite.test_a_change_is_seen is not None


def test_a_connector_without_secrets_is_not_asked_for_them() -> None:
    class Open(BaseModel):
        model_config = ConfigDict(extra="forbid")

    suite: Any = type("Suite", (ParleySuite,), {"connector": type("OpenParley", (Parley,), {"Config": Open})})
    assert suite.test_its_secrets_do_not_show is None


def test_a_connector_without_readme_is_told(tmp_path: Path) -> None:
    class Bare(ConnectorConformance):
        connector = Parley
        source_type = ParleyServer

    with pytest.raises(AssertionError, match="README"):
        Bare().test_it_has_a_readme_and_a_quality_file()
