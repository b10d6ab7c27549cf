"""The answer sheet: who is behind each record, and where the traps lie. Never shown to the resolver."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from cxdemo.chain import DOMAIN, NAME
from cxdemo.person import Person
from cxdemo.world import World

RECORD_SYSTEMS = ("mail", "chat", "calls", "social", "stays", "arrivals", "orders", "loyalty")


@dataclass(frozen=True, slots=True)
class Poison:
    system: str
    where: str  # file, with line or message where it has one
    key: str | None  # the record's own key, where it still has one
    why: str


@dataclass(slots=True)
class Ledger:
    """Every record written: its key and its true person; None where no customer stands behind it."""

    records: dict[str, dict[str, str | None]] = field(default_factory=lambda: {s: {} for s in RECORD_SYSTEMS})
    nameless: dict[str, list[str]] = field(default_factory=lambda: {s: [] for s in RECORD_SYSTEMS})
    poison: list[Poison] = field(default_factory=list)

    def add(self, system: str, key: str, person: Person | None, *, nameless: bool = False) -> None:
        """`nameless`: the record itself carries nothing that points to a person."""
        if key in self.records[system]:
            raise ValueError(f"{system} {key} written twice")
        self.records[system][key] = person.id if person else None
        if nameless:
            self.nameless[system].append(key)


def truth_document(
    world: World, ledger: Ledger, counts: Mapping[str, int], guest_ids: Mapping[str, list[str]]
) -> dict[str, Any]:
    """All of it as one JSON-ready value."""
    return {
        "chain": {"name": NAME, "domain": DOMAIN},
        "seed": world.seed,
        "end": world.end.isoformat(),
        "counts": dict(counts),
        "people": [_person(p, guest_ids) for p in world.people],
        "households": [
            {
                "id": h.id,
                "people": [m.id for m in h.members],
                "landline": h.landline,
                "mailbox": h.mailbox,
                "browser": h.browser,
            }
            for h in world.households
        ],
        "switchboards": [
            {"number": f.switchboard, "firm": f.name, "people": [p.id for p in f.staff]} for f in world.firms
        ],
        "role_mailboxes": [
            {"address": f.role_mailbox, "firm": f.name, "people": [p.id for p in f.role_users]} for f in world.firms
        ],
        "recycled_numbers": [
            {
                "number": h.number,
                "first": h.first,
                "until": h.until.isoformat(),
                "second": h.second,
                "since": h.since.isoformat(),
            }
            for h in world.handovers
        ],
        "stories": {
            s.key: {
                "title": s.title,
                "what": s.what,
                "people": [_story_person(p, guest_ids) for p in s.people],
                "records": s.where,
            }
            for s in world.stories
        },
        "nameless": ledger.nameless,
        "poison": [asdict(p) for p in ledger.poison],
        "records": ledger.records,
    }


def _person(p: Person, guest_ids: Mapping[str, list[str]]) -> dict[str, Any]:
    return {
        "id": p.id, "name": p.name, "first": p.first, "last": p.last, "nickname": p.nickname, "former_last": p.former_last,
        "married": p.married.date().isoformat() if p.married else None, "language": p.language, "birth_date": p.birth.isoformat(),
        "emails": p.emails + ([p.work_email] if p.work_email else []),
        "phones": [
            {"number": x.number, "kind": x.kind, "since": x.since.isoformat() if x.since else None, "until": x.until.isoformat() if x.until else None}
            for x in p.phones
        ],
        "household": p.household, "employer": p.firm, "loyalty": p.loyalty, "guest_ids": guest_ids.get(p.id, []), "handle": p.handle,
        "blog": p.blog, "interests": list(p.interests), "visitor_ids": p.visitor_ids, "story": p.story,
    }  # fmt: skip


def _story_person(p: Person, guest_ids: Mapping[str, list[str]]) -> dict[str, Any]:
    return {
        "id": p.id, "role": p.story, "name": p.name, "emails": p.emails + ([p.work_email] if p.work_email else []),
        "phones": [x.number for x in p.phones], "loyalty": p.loyalty, "handle": p.handle, "blog": p.blog,
        "guest_ids": guest_ids.get(p.id, []),
    }  # fmt: skip
