"""When sources are pulled: claimed by one worker at a time, put off after failures, woken by what they push."""

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.errors import Conflict
from cxcore.model.ids import SourceId
from cxcore.pull.sources import Configured, being_removed, find
from cxcore.pull.tables import Source

LEASE = 300.0
"""Seconds for which a pull claims its source; renewed with every page, so a killed pull is taken up again after it."""
_WAKE = """
update source set woken = wake_from is null,
    next_pull_at = case when wake_from is null then next_pull_at else greatest(now(), wake_from) end
where id = :i and state = 'active' and case when wake_from is null then not woken else next_pull_at > greatest(now(), wake_from) end
returning wake_from is not null
"""


async def claim_due(session: AsyncSession) -> Configured | None:
    """An active source whose pull is due, claimed for ``LEASE``; None when none is due or free."""
    found = await session.execute(
        text("""
            update source set next_pull_at = now() + make_interval(secs => :lease), wake_from = null, woken = false
            where id = (select id from source where state = 'active' and next_pull_at <= now()
                        order by next_pull_at limit 1 for update skip locked)
            returning key
        """),
        {"lease": LEASE},
    )
    key = found.scalar_one_or_none()
    return None if key is None else await find(session, key)


async def due_now(session: AsyncSession, *, key: str) -> Configured:
    """Have a source pulled as soon as a worker is free; one that is being pulled is pulled once more soon after.

    Raises:
        NotFound: no such source.
        Conflict: it is paused, stopped or being removed.
    """
    source = await find(session, key)
    if source.state != "active":
        raise Conflict(f"The source {key} is {source.state}.", hint="Resume it first.")
    await session.execute(
        text("""
            update source set next_pull_at = case when pulled then next_pull_at else now() end,
                   failures = case when pulled then failures else 0 end, woken = woken or pulled
            from (select exists (select 1 from run where source_id = :i and state = 'running') as pulled) p
            where id = :i
        """),
        {"i": source.id},
    )
    return source


async def set_every(session: AsyncSession, *, key: str, seconds: int | None) -> Configured:
    """Say how many seconds lie between two pulls of a source; None: as the worker is set.

    Raises:
        NotFound: no such source.
    """
    source = await find(session, key)
    await session.execute(update(Source).where(Source.id == source.id).values(every=seconds))
    return await find(session, key)


async def renew(session: AsyncSession, source: Configured) -> None:
    """Renew the claim of a pull that is under way, in the transaction of its page.

    Raises:
        Conflict: the source is being removed, so the page must not land.
    """
    held = await session.execute(
        text("""
            update source set next_pull_at = greatest(next_pull_at, now() + make_interval(secs => :s))
            where id = :i and state <> 'leaving' returning id
        """),
        {"s": LEASE, "i": source.id},
    )
    if held.scalar_one_or_none() is None:
        raise being_removed(source.key)


async def again(
    session: AsyncSession, *, source_id: SourceId, seconds: float, failures: int = 0, rest: float | None = None
) -> None:
    """Say when a source is to be pulled next, and how often in a row it has failed.

    ``rest``: seconds after which a delivery may make it due before that; None: none may, since it failed.
    """
    await session.execute(
        text("""
            update source set next_pull_at = now() + make_interval(
                    secs => case when woken then least(:s, cast(:r as double precision)) else :s end),
                wake_from = now() + make_interval(secs => :r), woken = false, failures = :f
            where id = :i
        """),
        {"s": seconds, "r": rest, "f": failures, "i": source_id},
    )


async def wake(session: AsyncSession, *, source_id: SourceId) -> bool:
    """Make a source due now, or as soon as it has rested from its last pull; answers whether it is due sooner by it. One
    that is being pulled is pulled once more soon after; one that waits after a failure goes on waiting."""
    woken = await session.execute(text(_WAKE), {"i": source_id})
    return bool(woken.scalar_one_or_none())
