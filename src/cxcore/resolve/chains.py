"""Stored chains: by which rules each field's value is shown. Append-only; what holds is read anew for each request."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver
from cxcore.events.outbox import DomainEvent, EventType, publish
from cxcore.pull.tables import Source
from cxcore.resolve import rules
from cxcore.resolve.fields import Field
from cxcore.resolve.rules import DEFAULTS, Chain, Chains, Rule
from cxcore.resolve.tables import SurvivorshipChain

_HOLDING = """
select distinct on (field) field, rules, sources, actor, set_at from survivorship_chain order by field, version desc
"""
_ONE_AT_A_TIME = "lock table survivorship_chain in share row exclusive mode"


@dataclass(frozen=True, slots=True)
class Setting:
    """The chain that holds for a field, and who set it when; nobody, where it is the default."""

    field: Field
    chain: Chain
    default: bool
    actor: str | None
    set_at: datetime | None


async def current(session: AsyncSession) -> Chains:
    """The chain of every field: one small query, so a change holds from the next request of every process."""
    return {s.field: s.chain for s in await everything(session)}


async def everything(session: AsyncSession) -> list[Setting]:
    """What holds for every field, in the order of the fields."""
    found = {r["field"]: r for r in await (await driver(session)).fetch(_HOLDING)}
    result = []
    for field in Field:
        row = found.get(field.value)
        known = _known(row["rules"] or ()) if row else ()
        if row is None or not known:
            result.append(Setting(field, DEFAULTS[field], default=True, actor=None, set_at=None))
        else:
            chain = Chain(known, tuple(row["sources"]))
            result.append(Setting(field, chain, default=False, actor=row["actor"], set_at=row["set_at"]))
    return result


async def put(
    session: AsyncSession, field: Field, *, wanted: Sequence[Rule], sources: Sequence[str], actor: str
) -> Setting:
    """Have a field's value chosen by these rules; nothing but what is shown changes.

    Raises:
        InvalidInput: the chain makes no sense, or names a source that is not there.
    """
    known = (await session.execute(select(Source.key))).scalars().all()
    chain = rules.chain(wanted, sources, known=known)
    return await _write(session, field, chain, actor=actor)


async def reset(session: AsyncSession, field: Field, *, actor: str) -> Setting:
    """Lead a field back to its default chain; what it is by default already stays as it is."""
    return await _write(session, field, None, actor=actor)


async def _write(session: AsyncSession, field: Field, chain: Chain | None, *, actor: str) -> Setting:
    await (await driver(session)).execute(_ONE_AT_A_TIME)
    held = next(s for s in await everything(session) if s.field is field)
    if (None if held.default else held.chain) != chain:
        row = {"rules": list(chain.rules), "sources": list(chain.sources)} if chain else {"rules": None}
        await session.execute(insert(SurvivorshipChain), [{"field": field.value, "actor": actor, **row}])
        await publish(session, [DomainEvent(EventType.SURVIVORSHIP_CHANGED, field.value, {"by": actor})])
    return next(s for s in await everything(session) if s.field is field)


def _known(words: Collection[str]) -> tuple[Rule, ...]:
    """The rules that this version knows; one of a later version is passed over."""
    known = {rule.value: rule for rule in Rule}
    return tuple(known[w] for w in words if w in known)
