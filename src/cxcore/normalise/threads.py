"""Threads: conversations that turn out to be one share a root, whatever order their parts arrive in."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from cxcore.model.ids import ConversationId, SourceId
from cxcore.normalise.derive import Thread

_UPSERT = """
insert into conversation (source_id, id, root_id, started_at, subject)
select $1, t.id, t.id, t.started_at, t.subject from unnest($2::uuid[], $3::timestamptz[], $4::text[])
    as t(id, started_at, subject)
on conflict (id) do update
set started_at = least(conversation.started_at, excluded.started_at),
    subject = case when conversation.subject is null or
                        (excluded.subject is not null and excluded.started_at < conversation.started_at)
                   then excluded.subject else conversation.subject end
where excluded.started_at < conversation.started_at or (conversation.subject is null and excluded.subject is not null)
"""
_ROOTS = "select id, root_id from conversation where id = any($1::uuid[])"
_LOCK = "select id from conversation where root_id = any($1::uuid[]) order by id for update"
_REROOT = """
update conversation c set root_id = m.target from unnest($1::uuid[], $2::uuid[]) as m(root_id, target)
where c.root_id = m.root_id returning c.id
"""


async def join(
    connection: asyncpg.Connection,
    *,
    source_id: SourceId,
    found: Iterable[Thread],
    unions: Sequence[tuple[ConversationId, ConversationId]],
) -> list[ConversationId]:
    """Record the threads, and give those that a union ties together the least of their ids as common root; answers those
    that have another root now."""
    merged: dict[UUID, tuple[datetime, str | None]] = {}
    for thread in found:
        held = merged.get(thread.id)
        if held is None:
            merged[thread.id] = (thread.started_at, thread.subject)
        elif thread.started_at < held[0] or (held[1] is None and thread.subject is not None):
            at, subject = held
            if thread.subject is not None and (subject is None or thread.started_at < at):
                subject = thread.subject
            merged[thread.id] = (min(at, thread.started_at), subject)
    ids = sorted(merged)
    await connection.execute(_UPSERT, source_id, ids, [merged[i][0] for i in ids], [merged[i][1] for i in ids])
    if not unions:
        return []
    ends = sorted({end for union in unions for end in union})
    roots = {row["id"]: row["root_id"] for row in await connection.fetch(_ROOTS, ends)}
    targets = least_roots((roots[a], roots[b]) for a, b in unions)
    moved = {root: target for root, target in targets.items() if root != target}
    if not moved:
        return []
    await connection.fetch(_LOCK, sorted({*moved, *moved.values()}))
    rerooted = await connection.fetch(_REROOT, list(moved), list(moved.values()))
    return [ConversationId(r["id"]) for r in rerooted]


def least_roots(pairs: Iterable[tuple[UUID, UUID]]) -> dict[UUID, UUID]:
    """For every id in the pairs, the least id that it is tied to. Pure; the order of the pairs does not matter."""
    parent: dict[UUID, UUID] = {}

    def root(node: UUID) -> UUID:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for left, right in pairs:
        a, b = root(left), root(right)
        if a != b:
            parent[max(a, b)] = min(a, b)
    return {node: root(node) for node in list(parent)}
