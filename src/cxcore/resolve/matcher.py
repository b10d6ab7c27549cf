"""Matching: profiles that changed are judged against all that share an identifier, and their customers derived anew."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver
from cxcore.model.identifier import Scheme
from cxcore.normalise.codes import SCHEMES
from cxcore.resolve import links
from cxcore.resolve.ruleset import GROUP_LIMIT, MODEL_VERSION, Group, Member, Verdict, judge

LOCK = 0x6378_7265_736F_6C76
"""One matcher at a time, so that two profiles that share a key always meet. The full layer will lock by key."""

_VALUES = "select distinct scheme, issuer, value from identifier where profile_id = any($1::uuid[])"
_BASES = """
select distinct basis from judgement
where revoked_at is null and origin = 'rule' and (left_id = any($1::uuid[]) or right_id = any($1::uuid[]))
"""
_MEMBERS = """
select v.n, m.profile_id, p.name_key
from unnest($1::smallint[], $2::text[], $3::text[]) with ordinality as v(scheme, issuer, value, n)
cross join lateral (
    select i.profile_id from identifier i
    where i.scheme = v.scheme and i.value = v.value and i.issuer = v.issuer limit $4
) m
join profile p on p.id = m.profile_id
"""
_LIVE = """
select id, left_id, right_id, rule, basis from judgement
where revoked_at is null and origin = 'rule' and basis = any($1::text[])
"""
_WRITE = """
insert into judgement (id, left_id, right_id, verdict, origin, rule, basis, score, evidence, model_version)
select j.id, j.left_id, j.right_id, 'positive', 'rule', j.rule, j.basis, j.score, j.evidence, $7
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::double precision[], $8::jsonb[])
    as j(id, left_id, right_id, rule, basis, score, evidence)
"""
_REVOKE = "update judgement set revoked_at = now(), revoked_by = $2 where id = any($1::uuid[])"


@dataclass(slots=True)
class Resolved:
    """What matching changed."""

    customers: set[UUID] = field(default_factory=set)
    judged: int = 0
    revoked: int = 0


async def resolve(
    session: AsyncSession,
    *,
    changed: Collection[UUID],
    removed: Mapping[UUID, UUID | None] = MappingProxyType({}),
    freed: Collection[tuple[int, str, str]] = (),
) -> Resolved:
    """Judge the changed profiles and derive the customers they touch, in the caller's transaction.

    Afterwards every profile has exactly one link. ``removed`` profiles are gone, each with
    the profile that took its place, if one did: what rested on them is revoked, and the identifiers they showed
    (``freed``) are judged again, since those who still show them may now be one.
    """
    if not changed and not removed:
        return Resolved()
    await session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
    connection = await driver(session)
    touched = [*changed, *removed]
    groups = await _groups(connection, touched, present=list(changed), freed=freed)
    wanted = {(v.left, v.right, v.basis): v for group in groups for v in judge(group)}
    live = {
        (row["left_id"], row["right_id"], row["basis"]): row
        for row in await connection.fetch(_LIVE, [g.basis for g in groups])
    }
    made = [v for key, v in sorted(wanted.items()) if key not in live or live[key]["rule"] != v.rule]
    gone = [row for key, row in live.items() if key not in wanted or wanted[key].rule != row["rule"]]
    if gone:
        await connection.execute(_REVOKE, [row["id"] for row in gone], f"rule:{MODEL_VERSION}")
    if made:
        await _write(connection, made)
    seeds = set(changed)
    for verdict in made:
        seeds |= {verdict.left, verdict.right}
    for row in gone:
        seeds |= {row["left_id"], row["right_id"]}
    customers = await links.regroup(session, seeds=seeds - set(removed), removed=removed, cause="rule")
    return Resolved(customers, len(made), len(gone))


async def _groups(
    connection: asyncpg.Connection, touched: list[UUID], *, present: list[UUID], freed: Collection[tuple[int, str, str]]
) -> list[Group]:
    """The identifier values that profiles show or showed, or that judgements on them rest on, with all who show each."""
    keys = {(r["scheme"], r["issuer"], r["value"]) for r in await connection.fetch(_VALUES, present)} | set(freed)
    for row in await connection.fetch(_BASES, touched):
        scheme, issuer, value = row["basis"].split(":", 2)
        keys.add((SCHEMES.code(Scheme(scheme)), issuer, value))
    ordered = sorted(keys)
    members: dict[int, list[Member]] = {}
    found = await connection.fetch(
        _MEMBERS, [k[0] for k in ordered], [k[1] for k in ordered], [k[2] for k in ordered], GROUP_LIMIT + 1
    )
    for row in found:
        members.setdefault(row["n"] - 1, []).append(Member(row["profile_id"], row["name_key"]))
    return [
        Group(
            scheme=SCHEMES.word(scheme),
            issuer=issuer,
            value=value,
            members=tuple(sorted(members.get(n, ()), key=lambda m: m.profile_id)),
            retired=len(members.get(n, ())) > GROUP_LIMIT,
        )
        for n, (scheme, issuer, value) in enumerate(ordered)
    ]


async def _write(connection: asyncpg.Connection, verdicts: Iterable[Verdict]) -> None:
    rows = list(verdicts)
    await connection.execute(
        _WRITE,
        [uuid4() for _ in rows],
        [v.left for v in rows],
        [v.right for v in rows],
        [v.rule for v in rows],
        [v.basis for v in rows],
        [v.score for v in rows],
        MODEL_VERSION,
        [json.dumps(_evidence(v)) for v in rows],
    )


def _evidence(verdict: Verdict) -> dict[str, Any]:
    scheme, issuer, value = verdict.basis.split(":", 2)
    return {"scheme": scheme, "issuer": issuer, "value": value, "names": list(verdict.names)}
