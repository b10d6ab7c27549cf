"""Reading: the pages of a stream, from the cursor on."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from cxconnectors.http_json import paginate, rows, times, walk
from cxconnectors.http_json.asking import Asking
from cxconnectors.http_json.language import RowPlan
from cxconnectors.http_json.rows import Row
from cxconnectors.http_json.stream_config import Detail, StreamEntry
from cxconnectors.http_json.walk import Walk
from cxcore.sdk import Cursor, Page, Record, SourceUnavailable
from cxcore.sdk.http import Answer

_FORGOTTEN = frozenset({400, 404, 410, 422})
_GONE = frozenset({404, 410})
_MOST_BACKS = 100
"""How often a walk may go back in one pull, since the list moved up."""
_HAND_OVER = 20.0
"""Seconds of reading details after which what there is is handed over, so that the claim on the source is renewed."""


async def pages(
    asking: Asking, entry: StreamEntry, plan: RowPlan, cursor: Cursor | None, *, most: int
) -> AsyncGenerator[Page]:
    """At most ``most`` pages of the source, lazily; a longer way is gone on with by the next pull.

    Raises:
        ConnectorFailure: as `asking` has it; SourceUnavailable also where pages repeat or contradict themselves.
    """
    here = walk.resumed(entry, cursor)
    resumed, seen, backs = here.page is not None, set[str](), 0
    for _ in range(most):
        answer = await _page(asking, entry, here, also=_FORGOTTEN if resumed else frozenset())
        if resumed and answer.status in _FORGOTTEN:
            here, resumed = here.restarted, False
            continue
        resumed = False
        data = answer.json()
        found = rows.rows(data, entry.records, plan)
        turn = paginate.turn(
            entry.page, here.page, paginate.Seen(answer, data, [row.mark for row in found]), asking.hidden
        )
        digest, backs = rows.page_digest(found), backs + turn.back
        if (found and digest in seen) or backs > _MOST_BACKS:
            raise SourceUnavailable(
                "The source answers with a page that came before.", hint="Are paginator and parameters as it has them?"
            )
        if entry.page.kind != "offset":  # whose pages overlap, and whose paginator finds out by itself
            seen.add(digest)
        changed = [row.changed_at for row in found if row.changed_at]
        step = walk.step(entry, here, turn=turn, changed=changed, digest=digest, now=answer.date)
        part: list[Record] = []
        async for part, whole in _records(asking, entry, plan, found):
            if not whole:
                yield Page(part, walk.saved(entry, here))
        began = here.began or answer.date
        complete_to = times.earlier(began, entry.stream().overlap) if step.ended and began else None
        yield Page(part, walk.saved(entry, step.walk), complete_to=complete_to)
        if step.ended:
            return
        here = step.walk
        if step.moved:
            seen.clear()


async def _page(asking: Asking, entry: StreamEntry, here: Walk, *, also: frozenset[int]) -> Answer:
    values = paginate.values(entry.page, here.page)
    if entry.since and here.at:
        values["since"] = times.written(entry.lower(here.at), entry.since.format)
    if entry.since and here.to:
        values["until"] = times.written(times.upper(here.to, entry.since.format), entry.since.format)
    link = here.page if entry.page.kind in {"link", "next"} and isinstance(here.page, str) else None
    return await asking.page(entry, values, link=link, also=also)


async def _records(
    asking: Asking, entry: StreamEntry, plan: RowPlan, found: list[Row]
) -> AsyncGenerator[tuple[list[Record], bool]]:
    """The rows' records, with their details where these are asked for, and whether these are the last.

    In parts, if the details take long. A row whose detail is gone was deleted since it was listed.
    """
    if entry.detail is None:
        yield [rows.record(entry.name, row, plan) for row in found], True
        return
    clock = asyncio.get_running_loop().time
    part, since, gone = list[Record](), clock(), 0
    for done, row in enumerate(found):
        item = await _detailed(asking, entry.detail, row)
        gone += item is None
        made = row if item is None else rows.row(item, plan)
        part.append(rows.record(entry.name, made, plan, deleted=item is None))
        if clock() - since > _HAND_OVER and gone <= done:  # a wrong path must delete nothing
            yield part, False
            part, since = [], clock()
    if found and gone == len(found) > 1:
        raise SourceUnavailable("None of the details is there.", hint="Is the detail's path right?")
    yield part, True


async def _detailed(asking: Asking, detail: Detail, row: Row) -> Any:
    """The row's item with its detail; None where that is gone, the item alone where the path cannot be made."""
    path = rows.detail_path(detail.path, detail.fields, row.item)
    if path is None:
        return row.item if row.item is not None else {}
    answer = await asking.one(path, also=_GONE)
    if answer.status in _GONE:
        return None
    told = rows.value(detail.record, answer.json())
    return {**row.item, detail.into: told} if detail.into else told if told is not None else {}
