"""Which of their addresses and numbers somebody uses this time; sometimes it is the family's, the firm's or the spouse's."""

import random
from datetime import datetime

from cxdemo.person import Person
from cxdemo.world import World


def at_work(rng: random.Random, person: Person) -> bool:
    return person.firm is not None and rng.random() < 0.35


def spouse(world: World, person: Person) -> Person | None:
    if person.household is None:
        return None
    adults = world.household_of[person.household].adults()
    if person not in adults:
        return None
    return next((a for a in adults if a is not person), None)


def choose_email(rng: random.Random, world: World, person: Person, *, work: bool = False) -> str:
    if work and person.firm and person.work_email:
        firm = world.firm_of[person.firm]
        if person in firm.role_users and rng.random() < 0.3:
            return firm.role_mailbox
        return person.work_email
    mailbox = world.household_of[person.household].mailbox if person.household else None
    if mailbox and rng.random() < 0.2:
        return mailbox
    if len(person.emails) > 1 and rng.random() < 0.35:
        return rng.choice(person.emails[1:])
    return person.emails[0]


def choose_phone(rng: random.Random, world: World, person: Person, at: datetime, *, work: bool = False) -> str | None:
    usable = [p for p in person.phones if p.in_use(at)]
    switchboard = next((p.number for p in usable if p.kind == "switchboard"), None)
    if work and switchboard and rng.random() < 0.6:
        return switchboard
    landline = next((p.number for p in usable if p.kind == "landline"), None)
    if landline and rng.random() < 0.15:
        return landline
    other = spouse(world, person)
    if other and rng.random() < 0.03:
        lent = other.mobiles_at(at)
        if lent:
            return lent[0]
    mobiles = person.mobiles_at(at)
    if not mobiles:
        return landline
    return mobiles[0] if rng.random() < 0.8 else rng.choice(mobiles)
