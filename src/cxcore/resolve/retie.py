"""The edges of a whole base by another model: stored level codes are weighed anew, other candidates are compared.

Linear in memory: all payloads, and the posting lists of keys that are not retired.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping

import asyncpg

from cxcore.db.session import copy_rows
from cxcore.resolve import blocking, edges, rebuild
from cxcore.resolve.model import Model
from cxcore.resolve.payload import Payload, from_json
from cxcore.resolve.score import Scorer

Watch = Callable[[str, int, int], None]
Groups = Mapping[int, list[list[int]]]
"""Of each node, the nodes of each of its keys."""
Found = list[tuple[int, int, bytes | None, bool]]
"""Two nodes, the level codes that make them an edge (None: they are none), and whether they are stored as one."""
_BATCH = 5000
_NODES = "select id, payload from node order by id"
_GROUPS = "select array_agg(node_id) as nodes from node_key group by key having count(*) between 2 and $1"
_EDGES = "select left_id, right_id, codes from edge where left_id between $1 and $2"


async def payloads_of(connection: asyncpg.Connection) -> dict[int, Payload]:
    """The payloads of all nodes, in the order of their ids."""
    return {r["id"]: from_json(r["payload"]) async for r in connection.cursor(_NODES, prefetch=_BATCH)}


async def standing(connection: asyncpg.Connection) -> Groups:
    """Who shares a key, by the stored posting lists."""
    found: dict[int, list[list[int]]] = defaultdict(list)
    async for r in connection.cursor(_GROUPS, blocking.LIMIT, prefetch=_BATCH):
        for node in r["nodes"]:
            found[node].append(r["nodes"])
    return found


def fresh(payloads: Mapping[int, Payload], recipes: tuple[str, ...]) -> Groups:
    """Who would share a key by these recipes."""
    holders: dict[int, list[int]] = defaultdict(list)
    for node, p in payloads.items():
        for key in blocking.keys(p, recipes):
            holders[key].append(node)
    found: dict[int, list[list[int]]] = defaultdict(list)
    for nodes in holders.values():
        if 1 < len(nodes) <= blocking.LIMIT:
            for node in nodes:
                found[node].append(nodes)
    return found


async def weighed(
    scorer: Scorer,
    payloads: Mapping[int, Payload],
    groups: Groups,
    *,
    stored: asyncpg.Connection | None,
    watch: Watch | None = None,
) -> AsyncIterator[Found]:
    """What is an edge by this model, and what was one, in batches. ``stored``: where the edges are, whose codes hold if
    the traits are the same.
    """
    order = sorted(payloads)
    for start in range(0, len(order), _BATCH):
        batch = order[start : start + _BATCH]
        held: dict[int, dict[int, bytes]] = defaultdict(dict)
        if stored is not None:
            for r in await stored.fetch(_EDGES, batch[0], batch[-1]):
                held[r["left_id"]][r["right_id"]] = r["codes"]
        found: Found = []
        for a in batch:
            own = held.get(a, {})
            near = {b for nodes in groups.get(a, ()) for b in nodes if b > a}
            p = payloads[a]
            for b in near:
                q = payloads[b]
                if (codes := own.get(b)) is None:
                    if (codes := edges.codes(scorer, p, q)) is not None:
                        found.append((a, b, codes, False))
                elif edges.stands(scorer, codes, p, q):
                    found.append((a, b, codes, True))
                else:
                    found.append((a, b, None, True))
            found += [(a, b, None, True) for b in own if b not in near]
        yield found
        if watch is not None:
            watch("nodes weighed", start + len(batch), len(order))


def same_keys(one: Model, other: Model) -> bool:
    """Whether the stored posting lists of one model are the other's too."""
    return one.traits == other.traits and set(one.keys) == set(other.keys)


async def retie(connection: asyncpg.Connection, scorer: Scorer, *, before: Model, watch: Watch | None = None) -> None:
    """Bring nodes, keys and edges from the model ``before`` to this one; the caller holds the lock."""
    model = scorer.model
    if before.traits != model.traits:
        await rebuild.place(connection, scorer, watch=watch)
        await connection.execute("analyze node, member, node_key, value_name, edge")
        return
    payloads = await payloads_of(connection)
    if not same_keys(before, model):
        await connection.execute("truncate node_key")
        rows = ((key, n) for n, p in payloads.items() for key in blocking.keys(p, model.keys))
        await copy_rows(connection, "node_key", ("key", "node_id"), rows)
        await connection.execute("analyze node_key")
    gone: list[tuple[int, int]] = []
    made: list[tuple[int, int, bytes]] = []
    groups = await standing(connection)
    async for found in weighed(scorer, payloads, groups, stored=connection, watch=watch):
        gone += [(a, b) for a, b, codes, _ in found if codes is None]
        made += [(a, b, codes) for a, b, codes, known in found if codes is not None and not known]
    await connection.execute(
        "delete from edge e using unnest($1::bigint[], $2::bigint[]) as g(a, b) where e.left_id = g.a and e.right_id = g.b",
        [a for a, _ in gone],
        [b for _, b in gone],
    )
    await copy_rows(connection, "edge", ("left_id", "right_id", "codes"), made)
    await connection.execute("analyze edge")
