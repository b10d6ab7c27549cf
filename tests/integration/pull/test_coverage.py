"""Coverage by channel: how far each is read, and what a source cannot give any more."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from cxcore import pipeline
from cxcore.db.session import Database
from cxcore.model.interaction import Channel
from cxcore.pull import cursors
from cxcore.pull.sources import Configured
from cxcore.sdk import Cursor, Gap, Page, SourceUnavailable, Stream
from cxcore.timeline import coverage
from cxcore.timeline.coverage import SourceCoverage
from support.parley import T0, Parley, configured

LOST = Gap(T0 - timedelta(hours=3), T0 - timedelta(hours=1), "the server keeps a day; ask for its archive")


class Two(Parley):
    """Chats and calls in two streams; the calls' one can be down, and may have lost something."""

    manifest = Parley.manifest.model_copy(
        update={
            "channels": frozenset({Channel.CHAT, Channel.PHONE}),
            "streams": (
                Stream(name="chats", channels=frozenset({Channel.CHAT})),
                Stream(name="calls", channels=frozenset({Channel.PHONE})),
            ),
        }
    )
    down = False
    lost: tuple[Gap, ...] = ()

    async def pull(self, stream: str, cursor: Cursor | None) -> AsyncIterator[Page]:
        if stream == "calls" and self.down:
            raise SourceUnavailable("The source answers 503.")
        seconds = 60 if stream == "chats" else 30
        gaps = self.lost if stream == "calls" and cursor is None else ()
        yield Page([], {"at": 1}, complete_to=T0 + timedelta(seconds=seconds), gaps=gaps)


@pytest.fixture
async def source(database: Database, parley: type[Parley], connectors: dict[str, object]) -> Configured:
    assert parley.manifest.key == "parley"
    connectors["parley"] = Two
    Two.down, Two.lost = False, ()
    return await configured(database)


async def shown(database: Database) -> SourceCoverage:
    async with database.unit() as session:
        [found] = await coverage.coverage(session)
    return found


async def test_each_channel_is_as_complete_as_the_streams_that_feed_it(database: Database, source: Configured) -> None:
    await pipeline.pull(database, source)
    told = {c.channel: c.complete_to for c in (await shown(database)).by_channel}
    assert told == {Channel.CHAT: T0 + timedelta(seconds=60), Channel.PHONE: T0 + timedelta(seconds=30)}


async def test_a_channel_that_was_never_read_is_not_complete(database: Database, source: Configured) -> None:
    Two.down = True
    with pytest.raises(SourceUnavailable):
        await pipeline.pull(database, source)
    told = {c.channel: c.complete_to for c in (await shown(database)).by_channel}
    assert told == {Channel.CHAT: T0 + timedelta(seconds=60), Channel.PHONE: None}


async def test_a_gap_is_shown_where_it_is_and_kept_by_idle_pulls(database: Database, source: Configured) -> None:
    Two.lost = (LOST,)
    for _ in range(3):
        await pipeline.pull(database, source)
    found = await shown(database)
    assert [(g.since, g.until, g.reason) for g in found.gaps] == [(LOST.since, LOST.until, LOST.reason)]
    assert {c.channel: len(c.gaps) for c in found.by_channel} == {Channel.CHAT: 0, Channel.PHONE: 1}


async def test_told_again_the_longer_gap_counts(database: Database, source: Configured) -> None:
    Two.lost = (LOST, Gap(LOST.since, LOST.until + timedelta(minutes=5), "longer"), LOST)
    await pipeline.pull(database, source)
    [gap] = (await shown(database)).gaps
    assert (gap.until, gap.reason) == (LOST.until + timedelta(minutes=5), "longer")


async def test_read_from_the_start_what_is_there_again_is_no_gap(database: Database, source: Configured) -> None:
    Two.lost = (LOST,)
    await pipeline.pull(database, source)
    Two.lost = ()
    async with database.unit() as session:
        await cursors.reset(session, source_id=source.id)
    await pipeline.pull(database, source)
    assert (await shown(database)).gaps == ()


async def test_a_stream_that_was_read_to_its_end_is_done_though_another_was_left(
    database: Database, source: Configured
) -> None:
    asked = iter([True, False])
    progress = await pipeline.pull(database, source, until=lambda: next(asked))
    assert not progress.ended
    async with database.unit() as session:
        states = {r.stream: r.state for r in await cursors.runs(session, source_id=source.id)}
    assert states == {"chats": "left", "calls": "done"}
