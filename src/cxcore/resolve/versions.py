"""Stored models: which one is active."""

import asyncpg

from cxcore.resolve import model
from cxcore.resolve.model import Model
from cxcore.resolve.score import Scorer

_STORE = """
insert into identity_model (version, artefact, active) values ($1, $2, false) on conflict (version) do nothing
"""


async def active(connection: asyncpg.Connection) -> Scorer:
    """The active model, compiled; where none is stored yet, the one that ships becomes it."""
    version = await connection.fetchval("select version from identity_model where active")
    if version is None:
        await activate(connection, model.default())
        version = model.default().version
    held = _compiled.get(version)
    if held is None:
        artefact = await connection.fetchval("select artefact from identity_model where version = $1", version)
        held = _compiled[version] = Scorer(model.parse(artefact))
    return held


_compiled: dict[str, Scorer] = {}


async def activate(connection: asyncpg.Connection, chosen: Model) -> None:
    """Store a model, if it is new, and make it the active one."""
    await connection.execute(_STORE, chosen.version, model.dump(chosen))
    await connection.execute("update identity_model set active = false where active and version <> $1", chosen.version)
    await connection.execute("update identity_model set active = true where version = $1", chosen.version)
