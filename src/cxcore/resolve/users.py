"""Who uses a value of an identifier: names counted by value as they stand in the database, and how many people they are."""

from collections import defaultdict
from collections.abc import Collection, Iterable

import asyncpg

from cxcore.db.session import copy_rows
from cxcore.resolve import blocking
from cxcore.resolve.exclusivity import NAMES, Value, name_of, owners, users
from cxcore.resolve.payload import Payload

_COUNT_NAMES = """
insert into value_name as v (key, name, nodes)
select * from unnest($1::bigint[], $2::text[], $3::int[])
on conflict (key, name) do update set nodes = v.nodes + excluded.nodes
"""
_NAMES = """
select v.key, array(select name from value_name n where n.key = v.key order by name limit $2) as names
from unnest($1::bigint[]) as v(key)
"""


def value_key(value: Value) -> int:
    """The key under which a value's users are counted: its blocking key."""
    scheme, issuer, text = value
    return blocking.hashed("identifier", (scheme.value, issuer, text))


def values(p: Payload) -> list[Value]:
    """The identifier values that a payload shows."""
    return [(scheme, issuer, value) for scheme, shown in p.identifiers for issuer, value in shown]


async def count(connection: asyncpg.Connection, made: Collection[Payload], gone: Collection[Payload]) -> set[int]:
    """Count names by value; answers the nodes that show a value whose number of owners changed."""
    counts: dict[tuple[int, str], int] = defaultdict(int)
    for payloads, sign in ((made, 1), (gone, -1)):
        for p in payloads:
            if name := name_of(p):
                for value in values(p):
                    counts[value_key(value), name] += sign
    if not counts:
        return set()
    keys = sorted({key for key, _ in counts})
    before = await names_of(connection, keys)
    rows = sorted((key, name, n) for (key, name), n in counts.items() if n)
    await copy_rows(connection, "value_name", ("key", "name", "nodes"), [r for r in rows if not before[r[0]]])
    if known := [r for r in rows if before[r[0]]]:
        await connection.execute(_COUNT_NAMES, *map(list, zip(*known, strict=True)))
    if gone:
        await connection.execute("delete from value_name where key = any($1::bigint[]) and nodes <= 0", keys)
        after = await names_of(connection, keys)
    else:
        after = {key: set(names) for key, names in before.items()}
        for key, name in counts:
            after[key].add(name)
    altered = [key for key in keys if before[key] != after[key] and owners(before[key]) != owners(after[key])]
    if not altered:
        return set()
    found = await connection.fetch("select node_id from node_key where key = any($1::bigint[])", altered)
    return {r["node_id"] for r in found}


async def names_of(connection: asyncpg.Connection, keys: Collection[int]) -> dict[int, set[str]]:
    """The names shown with each value, by its key; the first 400 by alphabet."""
    return {r["key"]: set(r["names"]) for r in await connection.fetch(_NAMES, list(keys), NAMES)}


async def owners_of(connection: asyncpg.Connection, payloads: Iterable[Payload]) -> dict[Value, int]:
    """How many people use each value that the payloads show; those of one are left out."""
    by_key = {value_key(v): v for p in payloads for v in values(p)}
    found = await connection.fetch(_NAMES, list(by_key), NAMES)
    counted = {(value := by_key[r["key"]]): users(value, r["names"]) for r in found}
    return {value: n for value, n in counted.items() if n > 1}
