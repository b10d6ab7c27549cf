"""One interaction, or a conversation in its order, whoever's they are: each once, with all the customers in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.db.session import driver
from cxcore.errors import NotFound
from cxcore.timeline.entry import Entry
from cxcore.timeline.query import SHOWN, Position, entry

_CUSTOMERS = """
(select array_agg(distinct l.customer_id order by l.customer_id)
 from interaction o join link l on l.profile_id = o.profile_id where o.id = i.id)
"""
_ONE = f"select {SHOWN}, {_CUSTOMERS} from interaction i where i.id = $1 order by i.profile_id limit 1"  # noqa: S608 - ours
_ROOT = "select root_id from conversation where id = $1"
_HEAD = """
select root_id, min(started_at), (array_agg(subject order by started_at) filter (where subject is not null))[1]
from conversation where root_id = $1 group by root_id
"""
_PAGE = f"""
with k as (
    select distinct on (i.occurred_at, i.id) i.profile_id, i.occurred_at, i.id
    from conversation c join interaction i on i.conversation_id = c.id
    where c.root_id = $1 and (i.occurred_at, i.id) > ($2, $3)
    order by i.occurred_at, i.id, i.profile_id limit $4
)
select {SHOWN}, {_CUSTOMERS}
from k join interaction i on i.profile_id = k.profile_id and i.occurred_at = k.occurred_at and i.id = k.id
order by i.occurred_at, i.id
"""  # noqa: S608 - ours
_EARLIEST = (datetime.fromisoformat("0001-01-01T00:00:00+00:00"), UUID(int=0))


@dataclass(frozen=True, slots=True)
class Told:
    """An entry, and the living customers in it."""

    entry: Entry
    customers: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """A conversation: its id, which of several that turned out to be one is the root's; when it began; a page of it,
    oldest first; ``next`` is None at the end."""

    id: UUID
    started_at: datetime
    subject: str | None
    told: Sequence[Told]
    next: Position | None


async def one(session: AsyncSession, interaction: UUID) -> Told:
    """An interaction by its id.

    Raises:
        NotFound: there is none, or not yet.
    """
    row = await (await driver(session)).fetchrow(_ONE, interaction)
    if row is None:
        raise NotFound("There is no such interaction.", hint="What was just sent takes some seconds to be there.")
    return _told(row)


async def page(
    session: AsyncSession, conversation: UUID, *, behind: Position | None = None, limit: int = 50
) -> ConversationPage:
    """A page of a conversation, oldest first.

    Raises:
        NotFound: there is none.
    """
    connection = await driver(session)
    root = await connection.fetchval(_ROOT, conversation)
    if root is None:
        raise NotFound("There is no such conversation.")
    head = await connection.fetchrow(_HEAD, root)
    at, identity = (behind.occurred_at, behind.id) if behind else _EARLIEST
    rows = await connection.fetch(_PAGE, root, at, identity, limit + 1)
    told = [_told(row) for row in rows[:limit]]
    last = Position(told[-1].entry.occurred_at, told[-1].entry.id) if len(rows) > limit else None
    return ConversationPage(head[0], head[1], head[2], told, last)


def _told(row: Any) -> Told:
    return Told(entry(*row[:-1]), tuple(row[-1] or ()))
