"""Credentials of sources: sealed when they come, opened for a pull alone, shown to nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import func

from cxcore.errors import InvalidInput
from cxcore.model.ids import SourceId
from cxcore.pull import sources
from cxcore.pull.sources import SEALED, Configured
from cxcore.pull.tables import Credential
from cxcore.pull.vault import Sealed, Vault
from cxcore.settings import secret

_REFERENCES = ("env:", "file:")
_MOST = 16_384


@dataclass(frozen=True, slots=True)
class Held:
    """A credential as it may be shown: which setting, when and by whom it was entered, and the key that sealed it."""

    field: str
    set_at: datetime
    set_by: str
    key_id: str


async def add(
    session: AsyncSession,
    vault: Vault,
    *,
    key: str,
    connector: str,
    config: Mapping[str, Any],
    name: str | None,
    actor: str,
    region: str = "FI",
) -> Configured:
    """Configure a new source; secrets among its settings are sealed, references (env:NAME, file:/path) stay.

    Raises:
        NotFound, InvalidInput, Conflict: as ``sources.add``.
        OperatorError: there is no key to seal with.
    """
    bare, given = _parted(connector, config)
    made = await sources.add(session, key=key, connector=connector, config=bare, name=name, region=region)
    await _seal(session, vault, made, given, actor=actor)
    return made


async def reconfigure(
    session: AsyncSession, vault: Vault, *, key: str, config: Mapping[str, Any], actor: str
) -> Configured:
    """Change settings of a source, those not named stay; secrets among them are sealed in the place of the former ones.

    Raises:
        NotFound: no such source.
        InvalidInput: the configuration does not fit.
        OperatorError: there is no key to seal with.
    """
    source = await sources.find(session, key)
    bare, given = _parted(source.connector, config)
    changed = await sources.reconfigure(session, key=key, config={**source.config, **bare})
    await _seal(session, vault, changed, given, actor=actor)
    return changed


async def held(session: AsyncSession, source: Configured) -> list[Held]:
    """The credentials of a source, without their values."""
    found = await session.execute(
        select(Credential).where(Credential.source_id == source.id).order_by(Credential.field)
    )
    return [Held(c.field, c.set_at, c.set_by, c.key_id) for c in found.scalars()]


async def reveal(session: AsyncSession, vault: Vault, source: Configured) -> dict[str, str]:
    """The secrets of a source by setting, for a pull: sealed ones opened, references followed.

    Raises:
        OperatorError: one cannot be had; the message says what to do and nothing of the secret.
    """
    wanted = {f: str(v) for f in sources.secret_fields(source.connector) if isinstance(v := source.config.get(f), str)}
    opened = {f: secret(v) for f, v in wanted.items() if v.startswith(_REFERENCES)}
    if SEALED in wanted.values():
        found = await session.execute(select(Credential).where(Credential.source_id == source.id))
        for c in found.scalars():
            if wanted.get(c.field) == SEALED:
                opened[c.field] = vault.open(_sealed(c), bound=_bound(source.id, c.field))
    return opened


async def wrap_again(session: AsyncSession, vault: Vault) -> int:
    """Seal the data keys of all credentials with the vault's first key; answers how many had another.

    Raises:
        OperatorError: one was sealed with a key that the vault does not have.
    """
    found = await session.execute(
        select(Credential).where(Credential.key_id != (vault.current or "")).with_for_update()
    )
    count = 0
    for c in found.scalars().all():
        fresh = vault.wrap_again(_sealed(c), bound=_bound(SourceId(c.source_id), c.field))
        await session.execute(
            update(Credential)
            .where(Credential.source_id == c.source_id, Credential.field == c.field)
            .values(key_id=fresh.key_id, wrapped=fresh.wrapped)
        )
        count += 1
    return count


def _parted(connector: str, config: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The settings with a mark where secrets stand, and the secrets that were given as themselves."""
    bare, given = dict(config), {}
    for field in sources.secret_fields(connector):
        value = config.get(field)
        if isinstance(value, str) and value != SEALED and not value.startswith(_REFERENCES):
            if not 0 < len(value) <= _MOST:
                raise InvalidInput(f"{field} is empty, or longer than {_MOST} characters.")
            bare[field], given[field] = SEALED, value
    return bare, given


async def _seal(
    session: AsyncSession, vault: Vault, source: Configured, given: Mapping[str, str], *, actor: str
) -> None:
    for field, value in given.items():
        sealed = vault.seal(value, bound=_bound(source.id, field))
        row = {"key_id": sealed.key_id, "wrapped": sealed.wrapped, "sealed": sealed.sealed, "set_by": actor}
        await session.execute(
            insert(Credential)
            .values(source_id=source.id, field=field, **row)
            .on_conflict_do_update(index_elements=["source_id", "field"], set_={**row, "set_at": func.now()})
        )


def _bound(source_id: SourceId, field: str) -> str:
    return f"source {source_id} {field}"


def _sealed(row: Credential) -> Sealed:
    return Sealed(row.key_id, row.wrapped, row.sealed)
