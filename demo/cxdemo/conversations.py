"""What people ask and what they are told: a matter, tied to a stay where there is one, as a list of turns."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cxdemo import texts_en, texts_fi, texts_sv
from cxdemo.chain import HOTEL_WEIGHTS, HOTELS, RESTAURANTS, Hotel
from cxdemo.grammar import Phrases, Topic, expand
from cxdemo.moments import clock, day_range, later, likely_moment, local, money, random_moment, short_day
from cxdemo.person import Person
from cxdemo.stays import CANCELLED, LEFT, StayBook
from cxdemo.world import World

PHRASES: Mapping[str, Phrases] = {"fi": texts_fi.PHRASES, "sv": texts_sv.PHRASES, "en": texts_en.PHRASES}
TOPICS: Mapping[str, tuple[Topic, ...]] = {"fi": texts_fi.TOPICS, "sv": texts_sv.TOPICS, "en": texts_en.TOPICS}
FREE = frozenset({"booking", "group", "table", "gift"})  # may be asked without a stay


@dataclass(frozen=True, slots=True)
class Turn:
    speaker: str  # customer | agent
    kind: str  # ask | answer | followup | reply | nudge | thanks | welcome
    text: str


@dataclass(frozen=True, slots=True)
class Matter:
    topic: Topic
    at: datetime
    language: str
    values: Mapping[str, str]
    turns: tuple[Turn, ...]


def raise_matter(rng: random.Random, world: World, book: StayBook, person: Person) -> Matter:
    """One matter of this person and its conversation, complete or left open."""
    stays = [s for s in book.of.get(person.id, []) if s.status != CANCELLED]
    stay = rng.choice(stays) if stays and rng.random() < 0.9 else None
    if stay and person.story == "hockey_guest" and stay.status != LEFT:
        stay = None
    topics = [t for t in TOPICS[person.language] if stay or t.key in FREE]
    if stay and stay.status != LEFT:
        topics = [t for t in topics if t.phase in {"before", "any"}]
    topic = rng.choice(topics)
    values = {
        "first": person.nickname or person.first,
        "party": str(rng.choice((2, 3, 4, 5, 6, 8)) if topic.key != "group" else rng.randint(8, 45)),
        "clock": clock(
            rng.choice((19, 20, 21)) if topic.key == "sauna" else rng.choice((22, 23)),
            rng.choice((0, 15, 30, 45)),
            person.language,
        ),
        "tclock": clock(rng.choice((17, 18, 19, 20)), rng.choice((0, 30)), person.language),
    }
    if stay:
        at = _when(rng, topic, stay.booked, stay.arrival, stay.departure)
        if not world.start <= at < world.end:
            at = random_moment(rng, max(world.start, world.end - timedelta(days=300)), world.end)
        values |= _place(stay.hotel, stay.arrival, stay.departure, person.language)
        values |= {"ref": stay.ref, "room": stay.room, "sum": money(stay.total, person.language)}
    else:
        at = random_moment(rng, world.start, world.end)
        arrival = local(at).date() + timedelta(days=rng.randint(5, 60))
        values |= _place(
            rng.choices(HOTELS, HOTEL_WEIGHTS)[0], arrival, arrival + timedelta(days=rng.randint(1, 3)), person.language
        )
        values |= {
            "ref": f"KK-{rng.randint(600_000, 699_999)}",
            "room": str(rng.randint(101, 738)),
            "sum": money(rng.randint(99, 420), person.language),
        }
    restaurant = rng.choice(RESTAURANTS)
    table_day = local(at).date() + timedelta(days=rng.randint(1, 20))
    values |= {
        "rest": restaurant.name, "rmissa": restaurant.missa, "rmihin": restaurant.mihin, "rgen": restaurant.genitive,
        "tday": short_day(table_day, person.language),
    }  # fmt: skip
    return Matter(topic, at, person.language, values, tuple(_turns(rng, topic, PHRASES[person.language], values)))


def _when(rng: random.Random, topic: Topic, booked: datetime, arrival: date, departure: date) -> datetime:
    if topic.key == "booking":
        return later(booked, -rng.randint(1800, 86_400))
    if topic.phase == "before":
        lead = max((arrival - local(booked).date()).days, 0)
        return likely_moment(rng, arrival - timedelta(days=rng.randint(0, min(lead, 14))))
    if topic.phase == "during":
        return likely_moment(rng, arrival + timedelta(days=rng.randrange(max((departure - arrival).days, 1))))
    if topic.phase == "after":
        return likely_moment(rng, departure + timedelta(days=rng.randint(1, 12)))
    return likely_moment(rng, arrival + timedelta(days=rng.randint(-40, 40)))


def _place(hotel: Hotel, arrival: date, departure: date, language: str) -> dict[str, str]:
    return {
        "hotel": hotel.name, "city": hotel.city_sv if language == "sv" else hotel.city, "missa": hotel.missa, "mihin": hotel.mihin,
        "mista": hotel.mista, "gen": hotel.genitive, "day": short_day(arrival, language), "dep": short_day(departure, language),
        "range": day_range(arrival, departure, language),
    }  # fmt: skip


def _turns(rng: random.Random, topic: Topic, phrases: Phrases, values: Mapping[str, str]) -> list[Turn]:
    def say(speaker: str, kind: str, *texts: str) -> None:
        turns.append(Turn(speaker, kind, expand(rng, rng.choice(texts), values).strip()))

    turns: list[Turn] = []
    asked, asked_again = rng.randrange(len(topic.asks)), rng.randrange(len(topic.followups))
    say("customer", "ask", topic.asks[asked])
    course = rng.random()
    if course < 0.06:
        return turns
    if course < 0.13:
        say("customer", "nudge", *phrases.nudges)
    say("agent", "answer", topic.answers[asked])
    if rng.random() < 0.55:
        say("customer", "followup", topic.followups[asked_again])
        say("agent", "reply", topic.replies[asked_again])
    if rng.random() < 0.6 and topic.key != "thanks":
        say("customer", "thanks", *phrases.thanks)
        if rng.random() < 0.35:
            say("agent", "welcome", *phrases.welcome)
    return turns
