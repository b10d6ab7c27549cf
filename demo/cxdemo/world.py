"""The world before anything is written: everybody, tied into households and firms."""

import random
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate

from cxdemo.cast import Story, cast_stories
from cxdemo.firms import employ, make_firm
from cxdemo.households import make_household
from cxdemo.identities import Register
from cxdemo.moments import local
from cxdemo.people import make_person
from cxdemo.person import Firm, Household, Person, Phone

YEARS = 3
MIN_PEOPLE = 60


@dataclass(frozen=True, slots=True)
class Handover:
    number: str
    first: str
    until: datetime
    second: str
    since: datetime


@dataclass(slots=True)
class World:
    seed: int
    end: datetime
    start: datetime
    people: list[Person]
    households: list[Household]
    firms: list[Firm]
    stories: list[Story]
    handovers: list[Handover]
    by_id: dict[str, Person] = field(default_factory=dict)
    household_of: dict[str, Household] = field(default_factory=dict)
    firm_of: dict[str, Firm] = field(default_factory=dict)

    def rng(self, name: str) -> random.Random:
        """A stream of its own for each subject, so that one never moves another."""
        return random.Random(f"{self.seed}/{name}")

    def story(self, key: str) -> Story:
        return next(s for s in self.stories if s.key == key)

    def note(self, key: str, where: str) -> None:
        self.story(key).where.append(where)

    @property
    def main_cast(self) -> list[Person]:
        return [p for p in self.people if p.story]


class Draw:
    """Draws people by weight times their liking for one system."""

    def __init__(self, world: World, system: str, rng: random.Random) -> None:
        self._rng = rng
        self._people = [p for p in world.people if p.affinity[system] > 0]
        self._sums = list(accumulate(p.weight * p.affinity[system] for p in self._people))

    def __call__(self) -> Person:
        return self._people[bisect(self._sums, self._rng.random() * self._sums[-1])]


def newcomers(world: World, system: str) -> list[Person]:
    """People whose first habit is this system: each gets something there, so that nobody is left without a record."""
    return [p for p in world.people if max(p.affinity, key=lambda s: p.affinity[s]) == system]


def build_world(*, people: int, seed: int, end: datetime) -> World:
    if end.tzinfo is None:
        raise ValueError("end must carry a time zone")
    if people < MIN_PEOPLE:
        raise ValueError(f"the stories alone need {MIN_PEOPLE} people")
    end = local(end)  # the same moment gives the same world, however its offset was written
    rng = random.Random(f"{seed}/world")
    register = Register(rng)
    everyone, stories = cast_stories(rng, register, end)
    story_firm = make_firm(rng, register, number=1, name="Kivitasku Insinöörit Oy")
    employ(register, story_firm, next(s for s in stories if s.key == "firm").people)
    households = [h for s in stories for h in s.households]
    firms = [story_firm]
    _fill(rng, register, everyone, households, people=people, end=end)
    _employ_all(rng, register, everyone, firms)
    handovers = _recycle(rng, everyone, stories, end)
    world = World(seed, end, end - timedelta(days=365 * YEARS), everyone, households, firms, stories, handovers)
    world.by_id = {p.id: p for p in everyone}
    world.household_of = {h.id: h for h in households}
    world.firm_of = {f.id: f for f in firms}
    return world


def _fill(
    rng: random.Random,
    register: Register,
    everyone: list[Person],
    households: list[Household],
    *,
    people: int,
    end: datetime,
) -> None:
    while len(everyone) < people:
        first = make_person(rng, register, number=len(everyone) + 1, end=end)
        everyone.append(first)
        size = rng.choices((1, 2, 3, 4), (58, 26, 8, 8))[0]
        members = [first]
        while len(members) < size and len(everyone) < people:
            surname = first.last if rng.random() < 0.85 else None
            sex = {"f": "m", "m": "f"}[first.sex] if len(members) == 1 else None
            member = make_person(
                rng, register, number=len(everyone) + 1, end=end, language=first.language, last=surname, sex=sex
            )
            if len(members) > 1:
                member.birth = member.birth.replace(year=min(first.birth.year + rng.randint(22, 36), end.year - 15))
            members.append(member)
            everyone.append(member)
        if len(members) > 1:
            households.append(make_household(rng, register, number=len(households) + 1, members=members))


def _employ_all(rng: random.Random, register: Register, everyone: Sequence[Person], firms: list[Firm]) -> None:
    free = [p for p in everyone if p.story is None and rng.random() < 0.25]
    rng.shuffle(free)
    while free:
        firm = make_firm(rng, register, number=len(firms) + 1)
        size = rng.randint(4, 16)
        employ(register, firm, free[:size])
        firms.append(firm)
        del free[:size]


def _recycle(rng: random.Random, everyone: Sequence[Person], stories: Sequence[Story], end: datetime) -> list[Handover]:
    """The story's number, and one more for each 400 people."""
    tuula, emil = next(s for s in stories if s.key == "recycled_number").people
    found = [_handover(tuula, emil)]
    candidates = [p for p in everyone if p.story is None and p.phones and p.phones[0].kind == "mobile"]
    for _ in range(len(everyone) // 400):
        old, new = rng.sample(candidates, 2)
        until, since = end - timedelta(days=rng.randint(700, 850)), end - timedelta(days=rng.randint(60, 320))
        if old.phones[0].until or new.phones[0].since:
            continue
        number = old.phones[0].number
        old.phones[0] = Phone(number, "mobile", until=until)
        new.phones.insert(0, Phone(number, "mobile", since=since))
        found.append(Handover(number, old.id, until, new.id, since))
    return found


def _handover(old: Person, new: Person) -> Handover:
    ended = next(p for p in old.phones if p.until)
    begun = next(p for p in new.phones if p.number == ended.number)
    if ended.until is None or begun.since is None:
        raise ValueError(f"{ended.number} was not handed over")
    return Handover(ended.number, old.id, ended.until, new.id, begun.since)
