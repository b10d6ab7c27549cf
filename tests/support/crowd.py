"""A base of people who are hard to tell apart, with people's decisions on them, and models that see them otherwise."""

import random
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import text

from cxcore.db.base import Base
from cxcore.db.session import Database
from cxcore.errors import Conflict, InvalidInput, NotFound
from cxcore.resolve import decisions, reviews
from cxcore.resolve.calibration import calibrated
from cxcore.resolve.comparisons import TRAIT_LEVELS
from cxcore.resolve.model import Attribute, Model, default
from support.consistency import rows
from support.story import tell

GIVEN = ["Anna", "Anni", "Pekka", "Petri", "Maria", "Marja", "A.", "Bob", "Robert", "Ян", ""]
FAMILY = ["Virtanen", "Virtannen", "Mäkinen", "Berg", "Virtanen-Berg", "Salo"]
MAILS = ["anna@x.example", "anna@y.example", "perhe@x.example", "bob@z.example", "petri@z.example"]
PHONES = ["040 1111111", "040 1111112", "040 2222222", "09 1234567"]
BORN = [None, None, None, "1980-01-01", "1955-07-20"]
LINKS = "select profile_id, customer_id from link order by profile_id"


def message(rng: random.Random, number: int) -> dict[str, Any]:
    given, family = rng.choice(GIVEN), rng.choice(FAMILY)
    return {
        "id": number,
        "who": rng.choice([None, None, f"c{number}"]),
        "name": rng.choice([f"{given} {family}".strip(), f"{family}, {given}" if given else family, None]),
        "emails": rng.sample(MAILS, rng.randrange(2)),
        "phones": rng.sample(PHONES, rng.randrange(2)),
        "cards": [str(7_000_000 + number % 3)] if number % 4 == 0 else [],
        "born": BORN[number % len(BORN)],
        "verified": number % 2 == 0,
        "at": number,
    }


def many(first: int) -> list[dict[str, Any]]:
    """More of one mailbox than a key may have: it is retired."""
    return [
        {"id": first + n, "name": f"{chr(65 + n % 26)}{chr(97 + n // 26)}xo Salo", "emails": ["info@x.example"]}
        for n in range(66)
    ]


async def settled(database: Database, rng: random.Random, *, rounds: int = 4, crowded: bool = False) -> int:
    """Fill a base in several rounds of arrivals and random decisions; answers the next free number."""
    number = 0
    for _ in range(rounds):
        await tell(database, [message(rng, number + k) for k in range(20)])
        number += 20
        for _ in range(3):
            await decide(database, rng)
    if crowded:
        await tell(database, many(number))
        number += 66
    return number


async def decide(database: Database, rng: random.Random) -> None:
    """One decision of a person on whom it hits; one that cannot be taken is none."""
    living = sorted({r.customer_id for r in await rows(database, LINKS)})
    act = rng.choice(["merge", "never", "separate", "skip"])
    try:
        async with database.unit() as session:
            if act == "separate":
                customer = rng.choice(living)
                own = [r.profile_id for r in await rows(database, LINKS) if r.customer_id == customer]
                some = own[: max(1, len(own) // 2)]
                await decisions.separate(session, customer=customer, profiles=some, actor="t", reason="r")
            elif act == "skip":
                for asked in (await reviews.waiting(session, limit=10))[:1]:
                    await decisions.skip(session, customers=(asked.left, asked.right), actor="t", reason="r")
            else:
                left, right = rng.sample(living, 2)
                made = decisions.merge if act == "merge" else decisions.never
                await made(session, customers=(left, right), actor="t", reason="r")
    except (Conflict, InvalidInput, NotFound):
        return


def models() -> dict[str, Model]:
    """Models that differ from the one that ships in thresholds, weights, prior, keys or what they compare."""
    ships = default()
    given, family = ships.attributes["given"], ships.attributes["family"]
    other = dict(ships.attributes) | {
        "given": replace(given, u=given.m, h=given.m),
        "family": replace(family, u=family.m),
    }
    level = tuple([1 / len(TRAIT_LEVELS)] * len(TRAIT_LEVELS))
    share = Attribute((0.9, *level[1:]), (0.01, *level[1:]), (0.2, *level[1:]))
    return {
        "bolder": replace(ships, automatic=-9.0, suggested=-14.0),
        "shyer": replace(ships, automatic=4.0, suggested=1.0),
        "weights": replace(ships, attributes=other, prior=-9.0),
        "keys": replace(ships, keys=("identifier", "given", "family"), automatic=-6.0, suggested=-8.0),
        "calibrated": calibrated(ships, 0),
        "traits": replace(
            ships,
            attributes=dict(ships.attributes) | {"trait:tier": share},
            traits=("tier",),
            keys=(*ships.keys, "trait"),
        ),
    }


async def tiers(database: Database) -> None:
    """Give some profiles something more to compare."""
    async with database.unit() as session:
        await session.execute(
            text(
                "update profile set attributes = jsonb_build_object('tier', 'tier ' || (get_byte(uuid_send(id), 3) % 9))"
                " where get_byte(uuid_send(id), 4) < 160"
            )
        )


async def links(database: Database) -> list[tuple[UUID, UUID]]:
    """Profiles and their customers."""
    return [(r.profile_id, r.customer_id) for r in await rows(database, LINKS)]


def partition(found: list[tuple[UUID, UUID]]) -> set[frozenset[UUID]]:
    """The profiles of each customer."""
    held: dict[UUID, set[UUID]] = {}
    for profile, customer in found:
        held.setdefault(customer, set()).add(profile)
    return {frozenset(p) for p in held.values()}


async def empty(database: Database) -> None:
    """As if nothing had ever come."""
    tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    async with database.unit() as session:
        await session.execute(text(f"truncate {tables} restart identity cascade"))
