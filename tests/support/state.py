"""The state of a database that must not depend on when, how often and in which order records came."""

from typing import Any

from sqlalchemy import text

from cxcore.db.session import Database

STATE = {
    "source_record": "select id, digest, deleted from source_record order by 1, 2",
    "place": "select scope, epoch, number, record_id from place order by 1, 2, 3",
    "profile": "select id, key, name, name_key, observed_at from profile order by 1",
    "observation": "select profile_id, digest, first_at, last_at from observation order by 1, 2",
    "identifier": "select profile_id, scheme, issuer, value, raw from identifier order by 1, 2, 3, 4",
    "interaction": "select profile_id, occurred_at, id, channel, direction, text, conversation_id from interaction order by 1, 2, 3",
    "participant": "select * from participant order by 1, 2, 3",
    "conversation": "select id, root_id, started_at, subject from conversation order by 1",
    "partition": "select array_agg(profile_id order by profile_id) from link group by customer_id order by 1",
    "judgement": "select left_id, right_id, rule, basis from judgement where revoked_at is null order by 1, 2, 4",
    "term": "select profile_id, term from search_term order by 1, 2",
}

State = dict[str, list[tuple[Any, ...]]]


async def state(database: Database) -> State:
    """All that must not depend on when and in which order records came."""
    async with database.unit() as session:
        return {name: [tuple(r) for r in await session.execute(text(sql))] for name, sql in STATE.items()}


async def counts(database: Database) -> dict[str, int]:
    """How many rows each table holds; the runs are left out, since each pull adds one."""
    async with database.unit() as session:
        tables = await session.execute(
            text("select tablename from pg_tables where schemaname = 'public' and tablename <> 'run' order by 1")
        )
        return {
            name: (await session.execute(text(f'select count(*) from "{name}"'))).scalar_one()  # noqa: S608 - our own
            for name in tables.scalars().all()
        }
