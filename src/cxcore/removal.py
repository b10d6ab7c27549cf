"""The data's way back: a source is taken away, with all that it brought and what was made of it."""

from collections.abc import Callable

from cxcore.db.session import Database, by_index
from cxcore.land import forget as unlanded
from cxcore.normalise import forget as unmapped
from cxcore.normalise import mapper
from cxcore.pull import sources
from cxcore.pull.sources import Configured
from cxcore.resolve import matcher

PROFILES = 2000
"""Profiles that go in one transaction."""
RECORDS = 20_000
"""Landed records that go in one transaction."""


async def remove(database: Database, source: Configured, *, watch: Callable[[int], None] | None = None) -> int:
    """Take a source away with all that it ever brought, and derive the customers it was part of anew; answers how many
    profiles went. Cut short, it is gone on with by another call: the source is ``leaving`` from the first moment."""
    async with database.unit() as session:
        await sources.set_state(session, key=source.key, state=sources.LEAVING)
    after, count = None, 0
    while True:
        async with database.unit() as session:
            await mapper.hold(session, source_id=source.id)
            await by_index(session)
            gone = await unmapped.profiles(session, source_id=source.id, after=after, limit=PROFILES)
            await matcher.resolve(session, changed=(), removed=dict.fromkeys(gone))
        if not gone:
            break
        after, count = gone[-1], count + len(gone)
        if watch is not None:
            watch(count)
    more = True
    while more:
        async with database.unit() as session:
            more = await unlanded.records(session, source_id=source.id, limit=RECORDS)
    async with database.unit() as session:
        await unmapped.rest(session, source_id=source.id)
        await unlanded.rest(session, source_id=source.id)
        await sources.delete(session, source_id=source.id)
    return count
