"""The worker's loop."""

import asyncio
import random
import time
from collections.abc import Coroutine
from typing import Any

import structlog

from cxcore import pipeline, removal
from cxcore.db.session import Database
from cxcore.errors import CxError, DatabaseUnavailable, OperatorError
from cxcore.pull import credentials, reader, schedule, sources
from cxcore.pull.sources import Configured
from cxcore.pull.vault import Vault
from cxcore.sdk.errors import AuthFailed, RateLimited
from cxcore.worker import following, watching

IDLE = 1.0
GRACE = 20.0
TURN = 60.0
"""Seconds after which a long pull lets the other sources have their turn; its cursor remembers where to go on."""
BROKEN = 5
REST = 5.0
"""Seconds between two pulls of a source, however often deliveries ask for one."""
_LONGEST_WAIT = 24 * 3600.0
_BACKOFF_BASE, _BACKOFF_MOST = 5.0, 3600.0
_log = structlog.get_logger(__name__)


async def run(
    database: Database,
    *,
    every: int,
    stop: asyncio.Event,
    vault: Vault | None = None,
    webhook_private_network: bool = False,
) -> None:
    """Work until ``stop`` is set: a source that is due is pulled, and what has landed is digested.

    A database that went away is waited for; nothing is acknowledged that is not committed, so nothing is lost. Work
    that is not done ``GRACE`` seconds after ``stop`` is broken off between two transactions, to be taken up again.
    Sources that can be watched are pulled as soon as they have news. Webhooks are sent beside all that.
    """
    watches = asyncio.create_task(watching.run(database, vault=vault))
    sending = asyncio.create_task(
        following.run(database, stop=stop, vault=vault, private_network=webhook_private_network)
    )
    try:
        await _work(database, every=every, stop=stop, vault=vault)
    finally:
        watches.cancel()
        await asyncio.wait({watches})
        if not stop.is_set():  # broken off, not asked to end
            sending.cancel()
        await asyncio.wait({sending})


async def _work(database: Database, *, every: int, stop: asyncio.Event, vault: Vault | None) -> None:
    while not stop.is_set():
        try:
            busy = await _until(stop, step(database, every=every, vault=vault))
        except DatabaseUnavailable as exc:
            _log.warning("database unavailable", code=exc.code)
            busy = False
        except Exception as exc:  # noqa: BLE001 - what nobody foresaw must not end the work on everything else
            _log.error("step failed", error=type(exc).__name__)
            busy = False
        if not busy:
            await _pause(stop, IDLE)


async def _until(stop: asyncio.Event, work: Coroutine[Any, Any, bool]) -> bool:
    """Do the work; once ``stop`` is set it has ``GRACE`` seconds to end."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait({working}, timeout=GRACE)
        return working.done() and working.result()
    finally:
        for task in (working, stopping):
            task.cancel()
        await asyncio.wait({working, stopping})


async def step(database: Database, *, every: int, vault: Vault | None = None) -> bool:
    """Do what is due now; answers whether there was anything."""
    async with database.unit() as session:
        due = await schedule.claim_due(session)
        leaving = await sources.leaving(session)
    if due is not None:
        await pull_one(database, due, every=every, vault=vault)
    for source in leaving:
        count = await removal.remove(database, source)
        _log.info("removed", source=source.key, count=count)
    progress = await pipeline.digest(database)
    if progress.normalised or progress.quarantined:
        _log.info(
            "digested",
            count=progress.normalised,
            interactions=progress.interactions,
            quarantined=progress.quarantined,
        )
    return due is not None or bool(leaving) or progress.normalised > 0


async def pull_one(database: Database, source: Configured, *, every: int, vault: Vault | None = None) -> None:
    """Pull a claimed source for a ``TURN`` at most, and say when it is due again: the failure decides.

    A source that has failed ``BROKEN`` times in a row is asked who it is first, and pulled only if it answers.
    """
    turn = time.monotonic() + TURN
    try:
        if source.failures >= BROKEN:
            async with database.unit() as session:
                secrets = await credentials.reveal(session, vault or Vault(), source)
            await reader.check(source, secrets=secrets)
        progress = await pipeline.pull(database, source, vault=vault, until=lambda: time.monotonic() > turn)
    except asyncio.CancelledError:
        await _again(database, source, seconds=0.0, failures=source.failures)
        raise
    except AuthFailed as exc:
        _log.error("source stopped", source=source.key, code=exc.code)
        async with database.unit() as session:
            await sources.stop(session, source_id=source.id, problem=exc.message)
    except RateLimited as exc:
        await _again(database, source, seconds=_patience(exc.retry_after), failures=source.failures)
    except DatabaseUnavailable:
        raise
    except OperatorError as exc:
        _log.error("source stopped", source=source.key, code=exc.code)
        async with database.unit() as session:
            await sources.stop(session, source_id=source.id, problem=str(exc))
    except CxError as exc:
        failures = source.failures + 1
        seconds = backoff(failures)
        _log.warning("pull failed", source=source.key, code=exc.code, seconds=round(seconds))
        await _again(database, source, seconds=seconds, failures=failures)
    else:
        if progress.landed:
            _log.info("pulled", source=source.key, records=progress.records, landed=progress.landed)
        again = float(source.every or every) if progress.ended else 0.0
        await _again(database, source, seconds=again, failures=0, rest=min(REST, again))


def _patience(asked: float) -> float:
    """Seconds to wait when a source asks for patience: whatever it writes, at least one and at most a day."""
    return min(max(asked, 1.0), _LONGEST_WAIT) if asked == asked else _LONGEST_WAIT  # noqa: PLR0124 - not NaN


def backoff(failures: int) -> float:
    """Seconds to wait after so many failures in a row: full jitter over a doubling range, an hour at most."""
    return random.uniform(1.0, min(_BACKOFF_MOST, _BACKOFF_BASE * 2 ** min(failures, 20)))  # noqa: S311 - no secret


async def _again(
    database: Database, source: Configured, *, seconds: float, failures: int, rest: float | None = None
) -> None:
    async with database.unit() as session:
        await schedule.again(session, source_id=source.id, seconds=seconds, failures=min(failures, 30), rest=rest)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
