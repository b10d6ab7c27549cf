"""Profiles of the labelled load set as rows: what a source's map leaves, for benches that measure what follows."""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime

import asyncpg

from cxcore.db.session import Database, copy_rows, driver
from cxcore.normalise.codes import SCHEMES
from cxcore.resolve.payload import Payload

_SEEN = datetime(2026, 1, 1, tzinfo=UTC)
_PROFILE = ("id", "source_id", "key", "given_name", "family_name", "birth_date", "address", "attributes", "name_key")
_DATE = 8


def profile_id(number: int) -> uuid.UUID:
    """The id of the record with this place in the set."""
    return uuid.uuid5(uuid.NAMESPACE_OID, str(number))


async def source(database: Database) -> int:
    """The source all profiles are of."""
    async with database.unit() as session:
        made: int = await (await driver(session)).fetchval(
            "insert into source (key, connector, name, config) values ('load', 'files', 'load', '{}') returning id"
        )
        return made


async def fill(database: Database, source_id: int, people: Sequence[Payload]) -> None:
    """Write profiles, the first of them with the first id."""
    async with database.unit() as session:
        connection = await driver(session)
        await write(connection, source_id, list(enumerate(people)))
        await connection.execute("analyze profile, identifier")


async def write(connection: asyncpg.Connection, source_id: int, people: Sequence[tuple[int, Payload]]) -> None:
    """Write profiles by their numbers."""
    rows = [(i := profile_id(n), source_id, str(i), *_shown(p), _SEEN, b"") for n, p in people]
    await copy_rows(connection, "profile", (*_PROFILE, "observed_at", "revision"), rows)
    shown = [
        (profile_id(n), SCHEMES.code(scheme), issuer, value, value, False)
        for n, p in people
        for scheme, values in p.identifiers
        for issuer, value in values
    ]
    columns = ("profile_id", "scheme", "issuer", "value", "raw", "verified")
    await copy_rows(connection, "identifier", columns, shown)


def _shown(p: Payload) -> tuple[object, ...]:
    """A profile's columns that become the payload again, but for what is no date."""
    born = None
    with suppress(ValueError):
        born = date.fromisoformat(p.birth_date) if len(p.birth_date) == _DATE else None
    address = ", ".join(part for part in (p.street, f"{p.postcode} {p.city}".strip()) if part)
    return p.given or None, p.family or None, born, address or None, "{}", f"{p.given} {p.family}".strip()
