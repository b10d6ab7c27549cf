"""Stored models: which one is active, which was before, and which are only tried."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import asyncpg

from cxcore.errors import NotFound
from cxcore.resolve import calibration, model
from cxcore.resolve.model import Model
from cxcore.resolve.score import Scorer

_STORE = """
insert into identity_model (version, artefact, active) values ($1, $2, false) on conflict (version) do nothing
"""
_ACTIVATE = """
update identity_model set active = true, activated_at = now(), activated_by = $2, previous = $3 where version = $1
"""
_STORED = """
select m.version, m.artefact::jsonb ->> 'trained_on' as trained_on,
       coalesce((m.artefact::jsonb ->> 'population')::int, 0) as population, m.stored_at, m.active, m.activated_at,
       m.activated_by, m.previous, s.node_id as derived_to,
       (select min(id) from node) as first, (select max(id) from node) as last
from identity_model m left join model_switch s on s.open and s.version = m.version
order by m.active desc, m.activated_at desc nulls last, m.stored_at desc, m.version
"""
_NAMED = "select version, artefact from identity_model where starts_with(version, $1) order by version limit 2"


class State(StrEnum):
    """Of a stored model. ``shadow``: never active; ``switching``: active, and not all customers are derived by it yet."""

    ACTIVE = "active"
    SWITCHING = "switching"
    RETIRED = "retired"
    SHADOW = "shadow"


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored model. ``population``: of how many different profiles its prior speaks, 0 where nobody knows; ``previous``:
    the version it replaced; ``derived``: the share of an unfinished switch that is done."""

    version: str
    trained_on: str
    population: int
    stored_at: datetime
    state: State
    activated_at: datetime | None
    activated_by: str | None
    previous: str | None
    derived: float | None


async def active(connection: asyncpg.Connection) -> Scorer:
    """The active model, compiled; where none is stored yet, the one that ships becomes it."""
    version = await connection.fetchval("select version from identity_model where active")
    if version is None:
        await activate(connection, model.default(), by="cxcore")
        version = model.default().version
    held = _compiled.get(version)
    if held is None:
        artefact = await connection.fetchval("select artefact from identity_model where version = $1", version)
        held = _compiled[version] = Scorer(model.parse(artefact))
    return held


_compiled: dict[str, Scorer] = {}


async def store(connection: asyncpg.Connection, made: Model) -> None:
    """Keep a model, if it is new; it is not used."""
    await connection.execute(_STORE, made.version, model.dump(made))


async def activate(connection: asyncpg.Connection, chosen: Model, *, by: str) -> str | None:
    """Store a model, if it is new, and make it the active one; answers which was before, None if it was already."""
    before: str | None = await connection.fetchval("select version from identity_model where active")
    if before == chosen.version:
        return None
    await store(connection, chosen)
    await connection.execute("update identity_model set active = false where active")
    await connection.execute(_ACTIVATE, chosen.version, by, before)
    return before


async def settle(connection: asyncpg.Connection) -> None:
    """Close the switch of models that is open, if one is."""
    await connection.execute("update model_switch set open = false, finished_at = now() where open")


async def named(connection: asyncpg.Connection, version: str) -> Model:
    """The stored model of a version, or of the only one that begins so.

    Raises:
        NotFound: there is none, or more than one.
    """
    found = await connection.fetch(_NAMED, version)
    exact = [r for r in found if r["version"] == version]
    if len(exact or found) != 1 or not version:
        raise NotFound(
            f"There is no one model {version}.", hint="`cxcore identity models` lists those that are stored."
        )
    return model.parse((exact or found)[0]["artefact"])


async def population(connection: asyncpg.Connection) -> int:
    """How many different profiles the base has: its nodes."""
    return int(await connection.fetchval("select count(*) from node"))


async def everything(connection: asyncpg.Connection) -> list[Stored]:
    """All stored models, the active one first, then by when they were active last."""
    return [
        Stored(
            r["version"],
            r["trained_on"] or "",
            calibration.known(r["version"], r["population"]),
            r["stored_at"],
            _state(r),
            r["activated_at"],
            r["activated_by"],
            r["previous"],
            _derived(r),
        )
        for r in await connection.fetch(_STORED)
    ]


def _derived(row: asyncpg.Record) -> float | None:
    if row["derived_to"] is None:
        return None
    if row["last"] is None:
        return 1.0
    return float(max(0, min(1, (row["derived_to"] + 1 - row["first"]) / (row["last"] + 1 - row["first"]))))


def _state(row: asyncpg.Record) -> State:
    if row["active"]:
        return State.ACTIVE if row["derived_to"] is None else State.SWITCHING
    return State.SHADOW if row["activated_at"] is None else State.RETIRED
