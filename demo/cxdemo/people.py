"""Makes one person: name, language, addresses, numbers, habits."""

import random
from datetime import date, datetime, timedelta

from cxdemo.chain import HOTEL_WEIGHTS, HOTELS
from cxdemo.identities import Register
from cxdemo.names import FIRST, LAST, NICKNAMES
from cxdemo.person import SYSTEMS, Person, Phone

INTERESTS = ("ice_hockey", "opera", "hiking", "sauna", "food", "music", "golf", "travel", "winter_sports", "pets")
LANGUAGES = ("fi", "sv", "en")


def draw_birth(rng: random.Random, end: datetime, low: int = 20, high: int = 78) -> date:
    return date(end.year - rng.randint(low, high), rng.randint(1, 12), rng.randint(1, 28))


def draw_weight(rng: random.Random) -> float:
    """Pareto: most people little, a few very much."""
    return min(rng.paretovariate(1.1), 90.0)


def draw_affinity(rng: random.Random) -> dict[str, float]:
    """How much this person uses each system; one or two are foreign to most people."""
    habits = {system: rng.choice((0.0, 0.4, 0.8, 1.0, 1.6)) for system in SYSTEMS}
    habits[rng.choice(SYSTEMS)] = 1.5
    return habits


def make_person(
    rng: random.Random,
    register: Register,
    *,
    number: int,
    end: datetime,
    language: str | None = None,
    last: str | None = None,
    sex: str | None = None,
) -> Person:
    language = language or rng.choices(LANGUAGES, (76, 15, 9))[0]
    sex = sex or rng.choice("fm")
    first = rng.choice(FIRST[language, sex])
    last = last or rng.choice(LAST[language])
    person = Person(f"p{number:05d}", first, last, sex, language, draw_birth(rng, end))
    if language == "fi" and rng.random() < 0.08:
        second = rng.choice(FIRST[language, sex])
        if second != first:
            person.first = f"{first}-{second}" if len(first) < 6 else first
    if first in NICKNAMES and rng.random() < 0.5:
        person.nickname = rng.choice(NICKNAMES[first])
    if rng.random() < 0.06:
        person.former_last = rng.choice(LAST[language])
        person.married = end - timedelta(days=rng.randint(200, 900))
        if person.former_last == person.last:
            person.former_last = person.married = None
    equip(rng, register, person)
    return person


def equip(rng: random.Random, register: Register, person: Person) -> None:
    """Addresses, numbers, card, handle, habits."""
    mail_last = person.former_last if person.former_last and rng.random() < 0.6 else person.last
    for _ in range(rng.choices((1, 2, 3), (66, 27, 7))[0]):
        first = person.nickname if person.nickname and rng.random() < 0.3 else person.first
        person.emails.append(register.private_email(first, mail_last, person.birth.year))
    swedish = person.language == "sv" and rng.random() < 0.3
    for _ in range(rng.choices((1, 2), (82, 18))[0]):
        person.phones.append(Phone(register.mobile(swedish=swedish), "mobile"))
    if rng.random() < 0.55:
        person.loyalty.append(register.card())
        if rng.random() < 0.03:
            person.loyalty.append(register.card())
    if rng.random() < 0.3:
        person.handle = register.handle(person.nickname or person.first, person.last)
    person.interests = tuple(rng.sample(INTERESTS, rng.randint(1, 3)))
    person.weight = draw_weight(rng)
    person.affinity = draw_affinity(rng)
    person.visitor_ids = [register.visitor() for _ in range(rng.choices((1, 2, 3), (60, 28, 12))[0])]


def home_area(rng: random.Random) -> str:
    return rng.choices(HOTELS, HOTEL_WEIGHTS)[0].area
