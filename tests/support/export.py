"""The export: every customer as the API gives it, as text of which each byte must come again when a decision is undone.

Left out, since they tell when and how often something was done and not who is who:
- a customer's ``version``, a profile's ``since``, a judgement's ``id`` and ``decided_at``, and ``received_at``, which is
  the clock of the run;
- a judgement's ``score`` and ``evidence``: those of the moment it was made, and not renewed as long as it holds. One that
  a merge ended and its undoing made again knows what came between;
- what revoked decisions leave behind, rows with ``revoked_at`` and events: no part of any customer;
- where asked so, the customers' ids: ids are history (docs/decisions/0004). Which of two lives on when a rule joins them
  rests on how many profiles each has that day, and somebody may have merged one of them; where merges of the same customers
  overlap, an id may stay with another part. They go by their least profile.
"""

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select

from cxcore.api.v1 import present
from cxcore.db.session import Database
from cxcore.resolve import chains, customers
from cxcore.resolve.tables import Customer
from cxcore.timeline import query
from cxcore.timeline.entry import Entry

WHEN = frozenset({"version", "since", "decided_at", "received_at"})
_ENTRIES = TypeAdapter(list[Entry])


async def export(database: Database, *, ids: Collection[UUID] = ()) -> str:
    """Every living customer that has profiles: values with their explanation, identifiers, profiles, the judgements that
    hold, and the whole timeline. With ``ids`` also the customers' own, and where those ``ids`` lead that lead elsewhere: one
    that was given out in between stays valid, and leads home."""
    found = []
    async with database.unit() as session:
        rows = list((await session.execute(select(Customer))).scalars())
        living = [c.id for c in rows if c.merged_into is None]
        profiles = await customers.linked_profiles(session, living)
        rules = await chains.current(session)
        for customer in living:
            if not profiles[customer]:
                continue
            whole = await customers.find_living(session, customer)
            why = await customers.reasons(session, [p.id for p in profiles[customer]])
            shown = present.customer(whole, profiles[customer], why, rules, explain=True).model_dump(mode="json")
            for reason in shown["reasons"]:
                del reason["id"], reason["score"], reason["evidence"]
            shown["reasons"].sort(key=lambda r: (r["left"], r["right"], r["rule"]))
            entries: list[Entry] = []
            behind = None
            while True:
                page = await query.page(session, customer, limit=query.MOST, behind=behind)
                entries += page.entries
                if (behind := page.next) is None:
                    break
            shown |= {"id": str(customer) if ids else None, "timeline": _ENTRIES.dump_python(entries, mode="json")}
            found.append(_lasting(shown))
        led = {str(c.id): str(c.merged_into) for c in rows if c.merged_into and c.id in ids}
    found.sort(key=lambda c: min(p["id"] for p in c["profiles"]))
    return json.dumps([found, led], sort_keys=True, indent=1, ensure_ascii=False)


def _lasting(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _lasting(v) for k, v in value.items() if k not in WHEN}
    return [_lasting(v) for v in value] if isinstance(value, list) else value
