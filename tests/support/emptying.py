"""Emptying a database between tests: only what a test has filled, since emptying all tables takes a tenth of a second."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.base import Base
from cxcore.db.session import driver

FEW = 200
_COUNTED = "select '{0}', (select count(*) from (select from \"{0}\" limit {1}) t)"
_SEQUENCES = """
select format('alter sequence %I restart', sequencename) from pg_sequences
where schemaname = current_schema() and last_value is not null
"""


async def empty(session: AsyncSession) -> None:
    """Take all rows out and let numbers begin at 1 again: few rows are deleted, which only a superuser can do in any order,
    many truncated."""
    names = [table.name for table in Base.metadata.sorted_tables]
    counted = " union all ".join(_COUNTED.format(name, FEW + 1) for name in names)
    rows = [(name, count) for name, count in (await session.execute(text(counted))).all() if count]
    may_delete = await session.scalar(text("select current_setting('is_superuser')")) == "on"
    many = ", ".join(f'"{name}"' for name, count in rows if count > FEW or not may_delete)
    statements = [f"truncate {many} cascade"] if many else []
    if may_delete:
        statements.append(
            "set local session_replication_role = replica"
        )  # no checks of keys, no triggers that forbid it
        statements += [f'delete from "{name}"' for name, count in rows if count <= FEW]  # noqa: S608 - our names
    statements += (await session.execute(text(_SEQUENCES))).scalars()
    await (await driver(session)).execute("; ".join(statements))
