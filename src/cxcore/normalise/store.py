"""Writing what records became: new profiles by COPY, known ones by upsert, interactions by COPY after what they replace."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from pydantic_core import to_json
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import copy_rows, driver
from cxcore.model.ids import ProfileId, RecordId, SourceId, last_interaction_id
from cxcore.normalise import threads
from cxcore.normalise.codes import SCHEMES
from cxcore.normalise.derive import Derived
from cxcore.normalise.identifiers import Normalised
from cxcore.normalise.person import NOBODY, SHOWN, TIMELESS, Person

_INTERACTION = (
    "profile_id",
    "occurred_at",
    "id",
    "source_id",
    "channel",
    "direction",
    "kind",
    "role",
    "sequence",
    "conversation_id",
    "subject",
    "text",
    "quoted",
    "duration",
    "attributes",
    "received_at",
)
_PROFILE = (
    "source_id",
    "id",
    "key",
    "name",
    "given_name",
    "family_name",
    "birth_date",
    "language",
    "address",
    "attributes",
    "name_key",
    "observed_at",
    "revision",
)
_OBSERVATION = ("profile_id", "digest", "state", "first_at", "last_at")
_IDENTIFIER = ("profile_id", "scheme", "issuer", "value", "raw", "verified")
_PARTICIPANT = ("profile_id", "interaction_id", "position", "role", "name", "address")
_ATTRIBUTES, _ID = _INTERACTION.index("attributes"), _INTERACTION.index("id")

_DELETE_INTERACTIONS = """
delete from interaction i using unnest($1::uuid[], $2::uuid[]) as r(low, high)
where i.id between r.low and r.high returning i.profile_id, i.id
"""
_DELETE_PARTICIPANTS = """
delete from participant p using unnest($1::uuid[], $2::uuid[]) as r(profile_id, interaction_id)
where p.profile_id = r.profile_id and p.interaction_id = r.interaction_id
"""
_ORPHANS = """
delete from profile p where p.id = any($1::uuid[]) and (p.key like 'shown:%' or p.key like 'nobody:%')
      and not exists (select 1 from interaction i where i.profile_id = p.id) returning p.id
"""
_UPSERT_PROFILES = """
insert into profile (source_id, id, key, name, given_name, family_name, birth_date, language, address, attributes,
                     name_key, observed_at, revision)
select $1, * from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::date[], $8::text[], $9::text[],
                         $10::jsonb[], $11::text[], $12::timestamptz[], $13::bytea[])
on conflict (id) do update set
    name = excluded.name, given_name = excluded.given_name, family_name = excluded.family_name,
    birth_date = excluded.birth_date, language = excluded.language, address = excluded.address,
    attributes = excluded.attributes, name_key = excluded.name_key, observed_at = excluded.observed_at,
    revision = excluded.revision
where (excluded.observed_at, excluded.revision) > (profile.observed_at, profile.revision)
  and excluded.revision <> profile.revision
returning id
"""
_BUMP = """
update profile p set observed_at = s.observed_at
from unnest($1::uuid[], $2::timestamptz[], $3::bytea[]) as s(id, observed_at, revision)
where p.id = s.id and p.revision = s.revision and p.observed_at < s.observed_at returning p.id
"""
_CONVERSING = "select distinct profile_id from interaction where conversation_id = any($1::uuid[])"
_OBSERVE = """
insert into observation (profile_id, digest, state, first_at, last_at)
select * from unnest($1::uuid[], $2::bytea[], $3::jsonb[], $4::timestamptz[], $5::timestamptz[])
on conflict (profile_id, digest) do update
set first_at = least(observation.first_at, excluded.first_at), last_at = greatest(observation.last_at, excluded.last_at)
where excluded.first_at < observation.first_at or excluded.last_at > observation.last_at
returning profile_id, xmax = 0 as fresh
"""
_UPSERT_IDENTIFIERS = """
insert into identifier (profile_id, scheme, issuer, value, raw, verified)
select * from unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::boolean[])
on conflict (profile_id, scheme, issuer, value) do update
set verified = identifier.verified or excluded.verified, raw = greatest(identifier.raw collate "C", excluded.raw collate "C")
where (excluded.verified and not identifier.verified) or excluded.raw collate "C" > identifier.raw collate "C"
returning profile_id
"""


@dataclass(slots=True)
class Written:
    """What a write changed: ``profiles`` that are new or show something new, of these ``made`` anew, and ``removed``
    ones with what took their place; ``dated``, which show what they did, at a later time; ``timelines`` of profiles."""

    profiles: set[ProfileId] = field(default_factory=set)
    made: set[ProfileId] = field(default_factory=set)
    removed: dict[UUID, UUID | None] = field(default_factory=dict)
    dated: set[UUID] = field(default_factory=set)
    timelines: set[UUID] = field(default_factory=set)
    interactions: int = 0


async def replace(
    session: AsyncSession, *, source_id: SourceId, rows: Derived, stale: Sequence[RecordId] = ()
) -> Written:
    """Write derived rows. ``stale`` names the records that may have become something before: that goes first.

    The caller holds the source (``mapper.claim`` or ``hold``), so nobody else makes its profiles meanwhile.
    """
    connection = await driver(session)
    before = await _clear(connection, stale) if stale else {}
    written = Written(interactions=len(rows.interactions), timelines={row[0] for row in rows.interactions})
    written.timelines.update(before.values())
    if rows.persons:
        await _write_persons(connection, source_id, rows.persons, written)
    if rows.threads:
        joined = await threads.join(connection, source_id=source_id, found=rows.threads, unions=rows.unions)
        if joined:
            written.timelines |= {r["profile_id"] for r in await connection.fetch(_CONVERSING, joined)}
    await write_interactions(connection, rows)
    if leftover := set(before.values()) - {row[0] for row in rows.interactions}:
        now = {row[_ID]: row[0] for row in rows.interactions}
        heirs = {profile: now[i] for i, profile in before.items() if i in now}
        gone = await connection.fetch(_ORPHANS, list(leftover))
        written.removed = {r["id"]: heirs.get(r["id"]) for r in gone}
        written.profiles -= written.removed.keys()
        written.made -= written.removed.keys()
    return written


async def write_interactions(connection: asyncpg.Connection, rows: Derived) -> None:
    """COPY interactions and participants; the caller knows that they are not there yet."""
    at = _ATTRIBUTES
    if rows.interactions:
        encoded = ((*row[:at], _json(row[at]), *row[at + 1 :]) for row in rows.interactions)
        await copy_rows(connection, "interaction", _INTERACTION, encoded)
    await copy_rows(connection, "participant", _PARTICIPANT, rows.participants)


async def _clear(connection: asyncpg.Connection, stale: Sequence[RecordId]) -> dict[UUID, ProfileId]:
    """Delete what records became before; answers the interactions that went, and whose they were."""
    gone = await connection.fetch(_DELETE_INTERACTIONS, list(stale), [last_interaction_id(r) for r in stale])
    if gone:
        await connection.execute(_DELETE_PARTICIPANTS, [g["profile_id"] for g in gone], [g["id"] for g in gone])
    return {g["id"]: g["profile_id"] for g in gone}


async def _write_persons(
    connection: asyncpg.Connection, source_id: SourceId, persons: Sequence[Person], written: Written
) -> None:
    """Write profiles, identifiers and observations: those of new profiles by COPY, what is there by upsert."""
    newest: dict[int, Person] = {}
    for p in persons:
        held = newest.get(p.id.int)
        if held is None or _age(p) > _age(held):
            newest[p.id.int] = p
    rows = [newest[i] for i in sorted(newest)]
    found = await connection.fetch("select id from profile where id = any($1::uuid[])", [p.id for p in rows])
    there = {r["id"].int for r in found}
    known = [p for p in rows if p.id.int in there]
    await copy_rows(connection, "profile", _PROFILE, [(source_id, *_columns(p)) for p in rows if p.id.int not in there])
    written.made = {p.id for p in rows if p.id.int not in there}
    written.profiles = set(written.made)
    known = [p for p in known if not p.mentioned]
    if known:
        changed = await connection.fetch(
            _UPSERT_PROFILES, source_id, *map(list, zip(*(_columns(p) for p in known), strict=True))
        )
        written.profiles |= {ProfileId(r["id"]) for r in changed}
    if keyed := [p for p in known if p.keyed]:
        dated = await connection.fetch(
            _BUMP, [p.id for p in keyed], [p.observed_at for p in keyed], [p.revision for p in keyed]
        )
        written.dated = {r["id"] for r in dated}
    written.profiles |= await _observe(connection, persons, there)
    written.profiles |= await _write_identifiers(connection, persons, there)


def _age(p: Person) -> tuple[bool, datetime, bytes]:
    """What is shown of a profile is the newest that tells anything of it."""
    return not p.mentioned, p.observed_at, p.revision


def _columns(p: Person) -> tuple[Any, ...]:
    return (
        p.id,
        p.key,
        p.name,
        p.given_name,
        p.family_name,
        p.birth_date,
        p.language,
        p.address,
        _json(p.attributes),
        p.name_key,
        TIMELESS if p.mentioned else p.observed_at,
        p.revision,
    )


async def _observe(connection: asyncpg.Connection, persons: Iterable[Person], there: Collection[int]) -> set[ProfileId]:
    """Note what the sources say of those they have an id for; answers the profiles of which it was not known."""
    spans: dict[tuple[int, bytes], tuple[Any, Any, Person]] = {}
    for p in persons:
        if p.state is not None:
            key, at = (p.id.int, p.revision), p.observed_at
            held = spans.get(key)
            if held is None:
                spans[key] = (at, at, p)
            elif not held[0] <= at <= held[1]:
                spans[key] = (min(held[0], at), max(held[1], at), p)
    rows = {
        key: (p.id, p.revision, _json(p.state), first, last)
        for key, (first, last, p) in sorted(spans.items(), key=lambda span: span[0])
    }
    await copy_rows(connection, "observation", _OBSERVATION, [row for key, row in rows.items() if key[0] not in there])
    seen: list[Any] = []
    if known := [row for key, row in rows.items() if key[0] in there]:
        seen = await connection.fetch(_OBSERVE, *map(list, zip(*known, strict=True)))
    return {ProfileId(r["profile_id"]) for r in seen if r["fresh"]}


async def _write_identifiers(
    connection: asyncpg.Connection, persons: Iterable[Person], there: Collection[int]
) -> set[ProfileId]:
    found: dict[tuple[int, int, str, str], tuple[UUID, str, bool]] = {}
    seen: dict[int, tuple[Normalised, ...]] = {}
    for p in persons:
        if seen.get(p.id.int) == p.identifiers:  # the most of them repeat what the one before showed
            continue
        seen[p.id.int] = p.identifiers
        for n in p.identifiers:
            key = (p.id.int, SCHEMES.code(n.scheme), n.issuer, n.value)
            _, raw, verified = found.get(key, (p.id, "", False))
            found[key] = (p.id, max(raw, n.raw), verified or n.verified)
    rows = {key: (held[0], *key[1:], *held[1:]) for key, held in sorted(found.items(), key=lambda item: item[0])}
    await copy_rows(connection, "identifier", _IDENTIFIER, [row for key, row in rows.items() if key[0] not in there])
    changed: list[Any] = []
    if known := [row for key, row in rows.items() if key[0] in there]:
        changed = await connection.fetch(_UPSERT_IDENTIFIERS, *map(list, zip(*known, strict=True)))
    return {ProfileId(r["profile_id"]) for r in changed}


def _json(value: dict[str, Any] | None) -> str:
    """A JSON object as text, made by pydantic's encoder: 1 us where ``json.dumps`` takes 5."""
    return to_json(value).decode() if value else "{}"


def is_derived_key(key: str) -> bool:
    """Whether a profile's key was made here from what a record shows, not given by the source."""
    return key.startswith((SHOWN, NOBODY))
