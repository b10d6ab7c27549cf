"""ConnectorConformance: the contract of a connector, a test a sentence."""
# ruff: noqa: S101 - these are tests, shipped to those who write connectors

import copy
import inspect
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
from pydantic import ValidationError

from cxcore.model.interaction import Interaction
from cxcore.sdk.connector import Connector
from cxcore.sdk.errors import ConnectorFailure
from cxcore.sdk.page import Cursor, Record
from cxcore.sdk.testing.driving import (
    mapped,
    pull,
    records,
    run,
    saved,
    secrets,
    version,
    versions,
    without_secrets,
)
from cxcore.sdk.testing.http_conformance import HttpConformance
from cxcore.sdk.testing.needs import needs, with_secrets
from cxcore.sdk.testing.source_fixture import CANARY, SourceFixture, connected, offers

F = TypeVar("F", bound=Callable[..., Any])

MAX_CURSOR = 4096
KILLS = 30
"""A pull is killed after each of so many pages, then once in so many."""


class ConnectorConformance(HttpConformance):
    """Subclass it once a connector::

    class TestParley(ConnectorConformance):
        connector = Parley
        source_type = ParleyServer
    """

    connector: ClassVar[type[Connector[Any]]]
    source_type: ClassVar[type[SourceFixture]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        source = getattr(cls, "source_type", None)
        connector = getattr(cls, "connector", None)
        if source is None or connector is None:
            return
        for name in dir(cls):
            test = getattr(cls, name)
            lacking = [each for each in getattr(test, "needs", ()) if not offers(source, each)]
            if lacking or (getattr(test, "needs_secrets", False) and not with_secrets(connector)):
                setattr(cls, name, None)  # pytest then does not collect it

    @pytest.fixture
    def source(self, tmp_path: Path) -> SourceFixture:
        return self.source_type(tmp_path)

    def connect(self, source: SourceFixture) -> Connector[Any]:
        return connected(self.connector, source)

    def streams(self, source: SourceFixture) -> list[str]:
        return [stream.name for stream in self.connect(source).streams]

    @property
    def folder(self) -> Path:
        return Path(inspect.getfile(self.connector)).parent

    # what the connector says of itself

    def test_its_key_is_the_name_of_its_package(self) -> None:
        assert self.connector.manifest.key in {self.folder.name, self.connector.__module__.rpartition(".")[2]}

    def test_it_has_a_readme_and_a_quality_file(self) -> None:
        assert (self.folder / "README.md").is_file(), f"{self.folder} has no README.md"
        quality = self.folder / "quality.yaml"
        assert quality.is_file(), f"{self.folder} has no quality.yaml"
        assert "bronze:" in quality.read_text(encoding="utf-8"), "quality.yaml says nothing of bronze"

    @needs(secrets=True)
    def test_its_secrets_do_not_show(self, source: SourceFixture) -> None:
        connector = self.connect(source)
        hidden = secrets(connector.config)
        assert hidden, "the fixture's config holds no secret, but Config has a field for one"
        shown = [repr(connector), str(connector), repr(connector.config), str(connector.config)]
        shown += [connector.config.model_dump_json(), repr(vars(connector))]
        for text in shown:
            assert not any(secret in text for secret in hidden), "a secret shows"

    def test_an_unknown_setting_is_refused(self, source: SourceFixture) -> None:
        with pytest.raises(ValidationError):
            self.connector.configured({**source.config, "no_such_setting": 1})

    # check

    def test_check_names_the_account(self, source: SourceFixture) -> None:
        assert source.account in run(self.connect(source).check())

    @needs("go_down")
    def test_check_of_an_unreachable_source_fails_with_what_to_do(self, source: Any) -> None:
        source.go_down()
        with pytest.raises(ConnectorFailure) as failure:
            run(self.connect(source).check())
        assert failure.value.message

    # pull

    def test_every_stream_yields_records(self, source: SourceFixture) -> None:
        for stream in self.streams(source):
            assert records(pull(self.connect(source), stream)), f"{stream} yields nothing"

    def test_records_belong_to_the_stream_pulled(self, source: SourceFixture) -> None:
        for stream in self.streams(source):
            assert {record.stream for record in records(pull(self.connect(source), stream))} == {stream}

    def test_two_full_pulls_agree(self, source: SourceFixture) -> None:
        for stream in self.streams(source):
            assert versions(pull(self.connect(source), stream)) == versions(pull(self.connect(source), stream))

    def test_cursors_are_small_json(self, source: SourceFixture) -> None:
        for stream in self.streams(source):
            for page in pull(self.connect(source), stream):
                text = json.dumps(page.cursor, allow_nan=False)
                assert len(text) < MAX_CURSOR, f"a cursor of {len(text)} bytes"
                assert json.loads(text) == page.cursor, "the cursor does not survive JSON"

    def test_killed_after_any_page_and_resumed_nothing_is_lost(self, source: SourceFixture) -> None:
        for stream in self.streams(source):
            whole = pull(self.connect(source), stream)
            expected = versions(whole)
            for count in range(1, len(whole), max(1, len(whole) // KILLS)):
                landed = pull(self.connect(source), stream, pages=count)
                rest = pull(self.connect(source), stream, saved(landed[-1].cursor))
                missing = expected - versions([*landed, *rest])
                assert not missing, f"{len(missing)} records of {stream} are lost after a kill at page {count}"

    def test_killed_after_every_page_it_still_comes_to_the_end(self, source: SourceFixture) -> None:
        for stream in self.streams(source):
            whole = pull(self.connect(source), stream)
            landed: set[Any] = set()
            cursor: Cursor | None = None
            for _ in range(2 * len(whole) + 5):
                pages = pull(self.connect(source), stream, cursor, pages=1)
                if not pages or (not versions(pages) - landed and saved(pages[0].cursor) == cursor):
                    break
                landed |= versions(pages)
                cursor = saved(pages[0].cursor)
            missing = versions(whole) - landed
            assert not missing, f"{len(missing)} records of {stream} are never reached: the cursor does not move"

    def test_an_idle_pull_brings_nothing_new_and_ends(self, source: SourceFixture) -> None:
        for stream in self.streams(source):
            whole = pull(self.connect(source), stream)
            idle = pull(self.connect(source), stream, saved(whole[-1].cursor))
            assert not versions(idle) - versions(whole), f"{stream} brings something new though nothing changed"

    def test_pull_does_nothing_until_asked(self, source: SourceFixture) -> None:
        for stream in self.streams(source):
            pulling = self.connect(source).pull(stream, None)
            assert hasattr(pulling, "__anext__"), "pull must be an async generator"

    @needs("fetched")
    def test_a_page_is_fetched_when_the_one_before_has_landed(self, source: Any) -> None:
        async def watch(stream: str) -> list[int]:
            return [source.fetched() async for _ in self.connect(source).pull(stream, None)]

        seen = [run(watch(stream)) for stream in self.streams(source)]
        assert any(len(set(steps)) > 1 for steps in seen), (
            "the whole source is read before the first page is handed over"
        )

    @needs("change")
    def test_a_change_is_seen(self, source: Any) -> None:
        before = {stream: pull(self.connect(source), stream) for stream in self.streams(source)}
        source.change()
        changed = set()
        for stream, pages in before.items():
            known = {record.key for record in records(pages)}
            new = versions(pull(self.connect(source), stream, saved(pages[-1].cursor))) - versions(pages)
            changed |= {key for _, key, _ in new if key in known}
        assert changed, "a changed record does not come as a new version of its key"

    @needs("arrive_late")
    def test_a_late_arrival_inside_the_overlap_is_seen(self, source: Any) -> None:
        before = {stream: pull(self.connect(source), stream) for stream in self.streams(source)}
        source.arrive_late()
        assert any(
            versions(pull(self.connect(source), stream, saved(pages[-1].cursor))) - versions(pages)
            for stream, pages in before.items()
        ), "a record that arrived late, within the overlap, is not seen"

    @needs("delete")
    def test_a_deletion_is_seen(self, source: Any) -> None:
        before = {stream: pull(self.connect(source), stream) for stream in self.streams(source)}
        source.delete()
        after = [
            page
            for stream, pages in before.items()
            for page in pull(self.connect(source), stream, saved(pages[-1].cursor))
        ]
        told = any(page.gone for page in after) or any(record.deleted for record in records(after))
        assert told, "a deleted record is brought neither with deleted=True nor by its place being gone"

    def test_a_time_of_change_names_one_version(self, source: SourceFixture) -> None:
        for stream in self.streams(source):
            seen: dict[tuple[str, datetime], bytes] = {}
            for record in records(pull(self.connect(source), stream)):
                if record.changed_at is not None:
                    assert record.changed_at.utcoffset() is not None, "changed_at has no time zone"
                    digest = seen.setdefault((record.key, record.changed_at), version(record)[2])
                    assert digest == version(record)[2], "two versions of a record share their time of change"

    def test_completeness_is_an_aware_time_that_does_not_go_back(self, source: SourceFixture) -> None:
        for stream in self.streams(source):
            times = [page.complete_to for page in pull(self.connect(source), stream) if page.complete_to]
            assert all(time.utcoffset() == timedelta(0) or time.utcoffset() is not None for time in times)
            assert times == sorted(times)

    # map

    def test_records_map_to_declared_channels(self, source: SourceFixture) -> None:
        connector = self.connect(source)
        for stream in self.streams(source):
            made, rejected = mapped(connector, records(pull(connector, stream)))
            assert made, f"{stream} maps to nothing: {[str(each) for each in rejected[:3]]}"
            told = {each.channel for each in made if isinstance(each, Interaction)}
            assert told <= self.connector.manifest.channels, f"{told} are not all declared in the manifest"

    def test_map_is_pure(self, source: SourceFixture) -> None:
        connector = self.connect(source)
        for stream in self.streams(source):
            for record in records(pull(connector, stream)):
                before = copy.deepcopy(record.payload)
                once, twice = mapped(connector, [record]), mapped(connector, [record])
                assert record.payload == before, "map changes the payload"
                assert once[0] == twice[0], "map gives something else the second time"
                assert [str(each) for each in once[1]] == [str(each) for each in twice[1]]

    def test_map_needs_neither_secrets_nor_the_source(self, source: SourceFixture) -> None:
        connector = self.connect(source)
        found = [record for stream in self.streams(source) for record in records(pull(connector, stream))]
        bare = self.connector.configured(without_secrets(source.config, secrets(connector.config)))
        if offers(type(source), "go_down"):
            source.go_down()  # type: ignore[attr-defined]  # just asked
        assert mapped(bare, found)[0] == mapped(connector, found)[0]

    def test_what_map_gives_can_be_stored(self, source: SourceFixture) -> None:
        connector = self.connect(source)
        for stream in self.streams(source):
            for each in mapped(connector, records(pull(connector, stream)))[0]:
                text = each.model_dump_json()
                assert "\\u0000" not in text, "a text holds U+0000"
                text.encode("utf-8")

    @needs("spoil")
    def test_one_spoiled_record_is_rejected_alone_without_personal_data(self, source: Any) -> None:
        connector = self.connect(source)
        good = {stream: self._fates(connector, records(pull(connector, stream))) for stream in self.streams(source)}
        source.spoil()
        new_rejections = []
        for stream in self.streams(source):
            fates = self._fates(connector, records(pull(connector, stream)))
            for record_version, fate in good[stream].items():
                assert fates.get(record_version) == fate, "a spoiled record spoils another"
            new_rejections += [fates[each] for each in fates.keys() - good[stream].keys() if fates[each] is not None]
        assert len(new_rejections) == 1, f"one record was spoiled, {len(new_rejections)} were rejected"
        words = [CANARY, *CANARY.replace("@", ".").split(".")[:2]]
        for rejection in new_rejections:
            assert not any(word.lower() in str(rejection).lower() for word in words), "the reason holds personal data"

    @staticmethod
    def _fates(connector: Connector[Any], found: list[Record]) -> dict[Any, str | None]:
        """By version: None if it maps, else why it is rejected."""
        fates: dict[Any, str | None] = {}
        for record in found:
            rejected = mapped(connector, [record])[1]
            fates[version(record)] = f"{rejected[0]} {rejected[0].args}" if rejected else None
        return fates
