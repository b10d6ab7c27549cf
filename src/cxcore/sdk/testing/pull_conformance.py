"""The part of the contract that concerns pulling; collected for connectors that pull."""
# ruff: noqa: S101 - these are tests, shipped to those who write connectors

import json
from datetime import datetime, timedelta
from typing import Any

from cxcore.sdk.page import Cursor
from cxcore.sdk.testing.driving import pull, records, run, saved, version, versions
from cxcore.sdk.testing.needs import needs
from cxcore.sdk.testing.source_fixture import SourceFixture
from cxcore.sdk.testing.suite import Suite

MAX_CURSOR = 4096
KILLS = 30
"""A pull is killed after each of so many pages, then once in so many."""


class PullConformance(Suite):
    """Nothing is lost, nothing comes twice as something else, wherever a pull is cut off."""

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

    @needs("push")
    def test_a_delivery_lands_the_same_keys_and_versions_as_a_pull(self, source: Any) -> None:
        connector = self.connect(source)
        delivered = {version(record) for each in source.push() for record in connector.receive(each).records}
        pulled = {each for stream in self.streams(source) for each in versions(pull(connector, stream))}
        assert not delivered - pulled, "a pull would land it under another key or with another content"
