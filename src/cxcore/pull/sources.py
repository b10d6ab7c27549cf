"""Sources: configured accounts of connectors."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, get_args
from uuid import UUID

import phonenumbers
from pydantic import BaseModel, SecretStr, ValidationError
from sqlalchemy import delete as sql_delete
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.errors import Conflict, CxError, InvalidInput, NotFound, OperatorError
from cxcore.events.outbox import DomainEvent, EventType, publish
from cxcore.model.ids import SourceId, source_namespace
from cxcore.pull.tables import Source
from cxcore.sdk import registry
from cxcore.sdk.connector import Connector
from cxcore.settings import secret

REFERENCES = ("env:", "file:")
SEALED = "sealed:"
"""Stands in a configuration where a secret would, which is kept sealed beside it."""
LEAVING = "leaving"
"""The state of a source that is being removed: it takes nothing any more."""
_KEY = re.compile(r"[a-z][a-z0-9_-]{0,62}")


@dataclass(frozen=True, slots=True)
class Configured:
    """A source as the stages use it: a value, free of the session it was read in."""

    id: SourceId
    key: str
    name: str
    connector: str
    config: Mapping[str, Any]
    region: str
    state: str
    problem: str | None
    failures: int
    every: int | None = None
    """Seconds between pulls; None: as the worker is set."""

    @property
    def namespace(self) -> UUID:
        return source_namespace(self.key)

    @property
    def streams(self) -> tuple[str, ...]:
        connector = self.mapper()
        return tuple(stream.name for stream in connector.streams) if connector.manifest.pulls else ()

    @property
    def watched_streams(self) -> tuple[str, ...]:
        """Streams that can be watched; none if the connector cannot be used."""
        try:
            return tuple(s.name for s in self.mapper().streams if s.watched)
        except (CxError, ValidationError):
            return ()

    def reader(self, secrets: Mapping[str, str] = MappingProxyType({})) -> Connector[Any]:
        """The connector with its secrets by setting (`credentials.reveal`), ready to pull.

        Raises:
            OperatorError: a secret is missing: it was never entered, or its reference cannot be followed.
        """
        kind = registry.connector(self.connector)
        config = dict(self.config)
        for field in secret_fields(self.connector):
            held = config.get(field)
            if field in secrets:
                config[field] = secrets[field]
            elif held == SEALED:
                raise OperatorError(
                    f"{field} of the source {self.key} is not there.",
                    hint=f"Enter it: `cxcore source credential {self.key} {field}`.",
                )
            elif isinstance(held, str):
                config[field] = secret(held)
        return kind.configured(config)

    def mapper(self) -> Connector[Any]:
        """The connector without its secrets, enough to map."""
        return registry.connector(self.connector).configured(dict(self.config))


async def add(
    session: AsyncSession, *, key: str, connector: str, config: Mapping[str, Any], name: str | None, region: str = "FI"
) -> Configured:
    """Configure a new source.

    Raises:
        NotFound: no such connector.
        InvalidInput: the key, the region or the configuration does not fit.
        Conflict: the key is taken.
    """
    checked = _fitting(connector, config, region)
    if not _KEY.fullmatch(key):
        raise InvalidInput(
            f"{key!r} cannot be a source's key.", hint="Use small letters a to z, digits, - and _, at most 63."
        )
    row = Source(key=key, connector=connector, name=name or key, config=checked, region=region)
    session.add(row)
    try:
        await session.flush()
    except IntegrityError as exc:
        raise Conflict(f"There is a source {key!r} already.", hint="Choose another key or remove it first.") from exc
    await session.refresh(row)
    return _value(row)


def unsaved(*, connector: str, config: Mapping[str, Any], region: str = "FI") -> Configured:
    """A source that is only tried out, and stands in no database.

    Raises:
        NotFound: no such connector.
        InvalidInput: the region or the configuration does not fit.
    """
    checked = _fitting(connector, config, region)
    return Configured(SourceId(0), "dry-run", "dry run", connector, checked, region, "paused", None, 0)


def _fitting(connector: str, config: Mapping[str, Any], region: str) -> dict[str, Any]:
    kind = registry.connector(connector)
    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise InvalidInput(f"{region!r} is not a country.", hint="Write two capital letters, such as FI or SE.")
    return _check(kind, config)


def _storable(value: Any) -> bool:
    """Whether PostgreSQL takes the value as JSON. TOML knows times, nan and inf, which JSON does not."""
    if isinstance(value, dict):
        return all(isinstance(k, str) and _storable(k) and _storable(v) for k, v in value.items())
    if isinstance(value, list | tuple):
        return all(_storable(v) for v in value)
    if isinstance(value, str):
        return not any(c == "\x00" or "\ud800" <= c <= "\udfff" for c in value)
    return value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value))


async def reconfigure(session: AsyncSession, *, key: str, config: Mapping[str, Any]) -> Configured:
    """Give a source a new configuration, such as a better mapping.

    Raises:
        NotFound: no such source.
        InvalidInput: the configuration does not fit.
    """
    source = await find(session, key)
    checked = _check(registry.connector(source.connector), config)
    await session.execute(update(Source).where(Source.id == source.id).values(config=checked))
    return await find(session, key)


def _check(kind: type[Connector[Any]], config: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration as it is stored: validated, and with references where secrets would stand."""
    if not _storable(dict(config)):
        raise InvalidInput(
            "The configuration holds a value that cannot be stored.",
            hint="Write times as text in quotes, and neither nan, inf nor U+0000.",
        )
    for field in _secret_fields(kind.Config):
        value = config.get(field)
        if isinstance(value, str) and value != SEALED and not value.startswith(REFERENCES):
            raise InvalidInput(
                f"{field} is a secret and is not stored here.",
                hint=f'Enter it with `cxcore source credential`, or write {field} = "env:NAME" or "file:/path".',
            )
    try:
        kind.configured(dict(config))
    except ValidationError as exc:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in e['loc']) or 'configuration'}: {e['msg']}"
            for e in exc.errors(include_input=False, include_url=False)
        )
        raise InvalidInput(
            f"The configuration does not fit the connector {kind.manifest.key}: {problems}.",
            hint=f"See {kind.manifest.docs}.",
        ) from None
    return dict(config)


def secret_fields(connector: str) -> list[str]:
    """The settings of a connector that are secrets.

    Raises:
        NotFound: no such connector.
    """
    return _secret_fields(registry.connector(connector).Config)


def _secret_fields(config: type[BaseModel]) -> list[str]:
    return [
        name
        for name, field in config.model_fields.items()
        if field.annotation is SecretStr or SecretStr in get_args(field.annotation)
    ]


async def find(session: AsyncSession, key: str) -> Configured:
    """The source with this key.

    Raises:
        NotFound: there is none; the hint names those there are.
    """
    row = (await session.execute(select(Source).where(Source.key == key))).scalar_one_or_none()
    if row is None:
        known = ", ".join((await session.execute(select(Source.key).order_by(Source.key))).scalars())
        raise NotFound(f"There is no source {key!r}.", hint=f"Known: {known or 'none yet'}.")
    return _value(row)


async def by_id(session: AsyncSession, source_id: SourceId) -> Configured:
    """The source with this number, which must exist."""
    return _value((await session.execute(select(Source).where(Source.id == source_id))).scalar_one())


async def everything(session: AsyncSession) -> list[Configured]:
    """All sources, by key."""
    return [_value(row) for row in (await session.execute(select(Source).order_by(Source.key))).scalars()]


async def leaving(session: AsyncSession) -> list[Configured]:
    """Sources whose removal is not done."""
    return [_value(r) for r in (await session.execute(select(Source).where(Source.state == LEAVING))).scalars()]


async def delete(session: AsyncSession, *, source_id: SourceId) -> None:
    """Delete a source, its cursors, runs and credentials; all that it brought must be gone."""
    await session.execute(sql_delete(Source).where(Source.id == source_id))


async def stay(session: AsyncSession, *, source_id: SourceId) -> None:
    """Keep a source from being removed until the transaction ends.

    Raises:
        NotFound: it is being removed.
    """
    held = text("select id from source where id = :id and state <> 'leaving' for key share")
    if (await session.execute(held, {"id": source_id})).scalar_one_or_none() is None:
        raise NotFound("The source is being removed.")


async def set_state(session: AsyncSession, *, key: str, state: str) -> Configured:
    """Pause or resume a source, or let it leave.

    Raises:
        NotFound: no such source.
        Conflict: it is being removed.
    """
    source = await find(session, key)
    change = update(Source).where(Source.id == source.id).values(state=state, problem=None, failures=0)
    if state != LEAVING:
        change = change.where(Source.state != LEAVING)
    changed = await session.execute(change.returning(Source.id))
    if changed.scalar_one_or_none() is None:
        raise being_removed(key)
    return await find(session, key)


def being_removed(key: str) -> Conflict:
    """What hinders whoever wants something of a source that is leaving."""
    return Conflict(f"The source {key} is being removed.")


async def stop(session: AsyncSession, *, source_id: SourceId, problem: str) -> None:
    """Stop pulling a source until a person has put the problem right; one that is being removed goes on leaving."""
    before = await session.scalar(select(Source.state).where(Source.id == source_id).with_for_update())
    found = await session.execute(
        update(Source)
        .where(Source.id == source_id, Source.state != LEAVING)
        .values(state="stopped", problem=problem)
        .returning(Source.key)
    )
    if before != "stopped":
        await publish(session, [DomainEvent(EventType.SOURCE_STOPPED, key, {}) for key in found.scalars()])


def _value(row: Source) -> Configured:
    return Configured(
        SourceId(row.id),
        row.key,
        row.name,
        row.connector,
        row.config,
        row.region,
        row.state,
        row.problem,
        row.failures,
        row.every,
    )
