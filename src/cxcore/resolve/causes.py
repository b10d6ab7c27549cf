"""Why customers merged or parted, as their events say it: profiles before and after, and judgements without values."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import asyncpg

from cxcore.events.outbox import DomainEvent, EventType
from cxcore.resolve.change import Change

_MOST = 20
_LISTED = 500
_JUDGED = """
select left_id, right_id, origin, rule, score, evidence, model_version, decision_id from judgement
"""
_TIES = f"""
{_JUDGED} where revoked_at is null and verdict = 'positive' and left_id = any($1::uuid[]) and right_id = any($1::uuid[])
"""
_ENDED = f"{_JUDGED} where id = any($1::uuid[]) and verdict = 'positive'"
_ROUNDED = 0.0005
"""Bits are kept to three places."""


async def events(
    connection: asyncpg.Connection,
    change: Change,
    customer_of: Mapping[UUID, UUID | None],
    *,
    cause: str,
    ended: Collection[UUID],
) -> list[DomainEvent]:
    """The events of a change; one query where something merged, one where something parted. ``ended``: the rules'
    judgements that hold no more."""
    found = [DomainEvent(EventType.CUSTOMER_CREATED, customer, {"cause": cause}) for customer in change.created]
    if not change.ended and not change.split:
        return found
    before: dict[UUID, list[UUID]] = {}
    after: dict[UUID, list[UUID]] = {}
    for profile, held in customer_of.items():
        if held is not None:
            before.setdefault(held, []).append(profile)
        if (holder := change.moved.get(profile, held)) is not None:
            after.setdefault(holder, []).append(profile)
    whole = {p for heir in change.ended.values() for p in after.get(heir, ())}
    ties = await connection.fetch(_TIES, list(whole)) if whole else []
    gone = await connection.fetch(_ENDED, list(ended)) if change.split and ended else []
    for customer, heir in change.ended.items():
        those = set(after.get(heir, ()))
        why = [j for j in ties if j["left_id"] in those and customer_of[j["left_id"]] != customer_of[j["right_id"]]]
        data = {"into": str(heir), "cause": cause} | _told(before, after, {customer, heir}, {heir}, why)
        found.append(DomainEvent(EventType.CUSTOMER_MERGED, customer, data))
    for customer, parts in change.split.items():
        now = {p: c for c in {customer, *parts} for p in after.get(c, ())}
        those = set(before[customer])
        why = [
            j for j in gone if those & {j["left_id"], j["right_id"]} and now.get(j["left_id"]) != now.get(j["right_id"])
        ]
        data = {"parts": sorted(map(str, parts)), "cause": cause}
        data |= _told(before, after, {customer, *parts}, {customer, *parts}, why)
        found.append(DomainEvent(EventType.CUSTOMER_SPLIT, customer, data))
    return found


def bequeathed(successors: Mapping[UUID, UUID], *, cause: str) -> list[DomainEvent]:
    """The events of customers whose ids lead elsewhere now, where no judgement says why."""
    return [DomainEvent(EventType.CUSTOMER_MERGED, c, {"into": str(s), "cause": cause}) for c, s in successors.items()]


def _told(
    before: Mapping[UUID, Collection[UUID]],
    after: Mapping[UUID, Collection[UUID]],
    were: Collection[UUID],
    are: Collection[UUID],
    why: Collection[Mapping[str, Any]],
) -> dict[str, Any]:
    strongest = sorted(why, key=lambda j: (j["origin"] != "person", -(j["score"] or 0.0), j["left_id"], j["right_id"]))
    return {
        "before": {str(c): _listed(before[c]) for c in sorted(were) if c in before},
        "after": {str(c): _listed(after[c]) for c in sorted(are) if c in after},
        "because": [because(j) for j in strongest[:_MOST]],
    }


def _listed(profiles: Collection[UUID]) -> dict[str, Any]:
    return {"count": len(profiles), "profiles": [str(p) for p in sorted(profiles)[:_LISTED]]}


def because(judgement: Mapping[str, Any]) -> dict[str, Any]:
    """A judgement as an event may say it: attributes by name, level and bits, never by value."""
    told: dict[str, Any] = {"profiles": [str(judgement["left_id"]), str(judgement["right_id"])]}
    told["rule"] = judgement["rule"]
    if judgement["decision_id"] is not None:
        return told | {"decision": str(judgement["decision_id"])}
    told["model"] = judgement["model_version"]
    evidence, score = judgement["evidence"], judgement["score"]
    if score is None:  # equal payloads: nothing was weighed
        return told
    attributes = [{k: a[k] for k in ("name", "level", "bits") if k in a} for a in evidence["attributes"]]
    total = evidence["prior"] + sum(a["bits"] for a in attributes)
    return told | {
        "score": score,
        "against": evidence["against"],
        "prior": evidence["prior"],
        "attributes": attributes,
        "held_down": score < total - _ROUNDED * (len(attributes) + 2),
        **{k: evidence[k] for k in ("verified",) if k in evidence},
    }
