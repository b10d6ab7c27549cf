"""Invented data in bulk, the same for the same seed: chats as a vendor exports them, and customers of known weight."""

import random
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from cxcore.model.identifier import Identifier
from cxcore.model.interaction import Channel, Direction, Interaction, Kind, Participant, Role
from cxcore.model.profile import SourceProfile
from cxcore.sdk.page import Record

T0 = datetime(2024, 1, 1, 6, tzinfo=UTC)
_AT_ONCE = 40
_RETURNING = 0.15

_GIVEN = [
    "Anna",
    "Pekka",
    "Maria",
    "Juhani",
    "Aino",
    "Mikko",
    "Liisa",
    "Eero",
    "Sofia",
    "Antti",
    "Helmi",
    "Ville",
    "Kaisa",
    "Otto",
    "Elina",
    "Oskar",
    "Ida",
    "Veikko",
]
_FAMILY_A = [
    "Mäki",
    "Virta",
    "Koski",
    "Niemi",
    "Lehto",
    "Salo",
    "Harju",
    "Ranta",
    "Kallio",
    "Suo",
    "Aho",
    "Järvi",
    "Saari",
    "Laakso",
    "Lampi",
    "Pelto",
]
_FAMILY_B = ["nen", "la", "nkoski", "nen-Berg", "lainen", "ström", "mies", "", "kangas", "luoma", "oja", "vaara"]
_WORDS = [
    "hei",
    "tilaus",
    "toimitus",
    "milloin",
    "saapuu",
    "kiitos",
    "paljon",
    "huone",
    "varaus",
    "laskutus",
    "osoite",
    "vaihto",
    "palautus",
    "tuote",
    "koko",
    "väri",
    "päivä",
    "viikko",
    "maksu",
    "kortti",
    "lasku",
    "numero",
    "apua",
    "ei",
    "toimi",
    "kirjautuminen",
    "salasana",
    "uusi",
    "vanha",
    "hinta",
    "alennus",
    "asiakas",
]
_PAGES = ["/", "/products/air", "/cart", "/checkout", "/account", "/help/returns", "/rooms/sauna"]

CHAT_MAPPING: dict[str, Any] = {
    "version": 1,
    "key": "id",
    "changed_at": "updated",
    "interaction": [
        {
            "channel": "chat",
            "kind": "message",
            "direction": {"path": "from", "map": {"visitor": "inbound", "agent": "outbound"}},
            "role": {"path": "from", "map": {"visitor": "sender", "agent": "recipient"}},
            "occurred_at": "sent",
            "text": "text",
            "conversation": "chat_id",
            "attributes": {"agent": "agent.name", "page": "page", "department": "agent.team"},
            "customer": {
                "key": "visitor.id",
                "name": "visitor.name",
                "email": ["visitor.email"],
                "phone": ["visitor.phone"],
                "language": "visitor.language",
            },
        }
    ],
}
"""How the `files` connector is told to read ``chats``."""


@dataclass(slots=True)
class _Visit:
    visitor: dict[str, str]
    chat: str
    agent: int
    left: int


def _texts(rng: random.Random, count: int, least: int, most: int) -> list[str]:
    return [" ".join(rng.choices(_WORDS, k=rng.randint(least, most))).capitalize() + "." for _ in range(count)]


def _visitor(rng: random.Random, number: int, person: int) -> dict[str, str]:
    """A visitor id and what its owner tells; the same person again under another id tells the same."""
    own = random.Random(person)
    given = own.choice(_GIVEN)
    family = own.choice(_FAMILY_A) + own.choice(_FAMILY_B)
    visitor = {"id": f"v{number:09d}", "name": f"{given} {family}", "language": own.choice(["fi", "fi", "sv", "en"])}
    if rng.random() < 0.8:
        visitor["email"] = f"{given}.{person}@{own.choice(['posti', 'kirje', 'netti'])}.example".lower()
    if rng.random() < 0.4:
        visitor["phone"] = f"040 {person % 10_000_000:07d}"
    return visitor


def chats(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Chat messages in the order they were sent: 3 to 6 a visitor, some 40 visits at once, some visitors come again."""
    rng = random.Random(seed)
    texts = _texts(rng, 2000, 4, 40)
    under_way: list[_Visit] = []
    visits = 0
    for number in range(count):
        while len(under_way) < _AT_ONCE:
            person = rng.randrange(visits) if visits and rng.random() < _RETURNING else visits
            visit = _Visit(_visitor(rng, visits, person), f"c{visits:09d}", rng.randrange(60), rng.randint(3, 6))
            under_way.append(visit)
            visits += 1
        at = rng.randrange(_AT_ONCE)
        visit = under_way[at]
        sent = (T0 + timedelta(seconds=number * 7)).isoformat()
        yield {
            "id": f"m{number:010d}",
            "chat_id": visit.chat,
            "sent": sent,
            "updated": sent,
            "from": "visitor" if visit.left % 2 else "agent",
            "text": texts[rng.randrange(2000)],
            "page": _PAGES[number % len(_PAGES)],
            "visitor": visit.visitor,
            "agent": {"name": f"Agentti {visit.agent}", "team": "myynti" if visit.agent % 3 else "tuki"},
        }
        visit.left -= 1
        if not visit.left:
            under_way.pop(at)


def chat_record(message: dict[str, Any]) -> Record:
    """The record a connector would make of a chat message."""
    return Record("chats", message["id"], message, changed_at=datetime.fromisoformat(message["updated"]))


def chat_interaction(message: dict[str, Any]) -> Interaction:
    """What a connector's map would make of it, the agent as a participant."""
    visitor = message["visitor"]
    identifiers = [Identifier.email(visitor["email"])] if "email" in visitor else []
    if "phone" in visitor:
        identifiers.append(Identifier.phone(visitor["phone"]))
    return Interaction(
        channel=Channel.CHAT,
        kind=Kind.MESSAGE,
        direction=Direction.INBOUND if message["from"] == "visitor" else Direction.OUTBOUND,
        occurred_at=datetime.fromisoformat(message["sent"]),
        customers=(
            SourceProfile(
                key=visitor["id"],
                name=visitor["name"],
                language=visitor["language"],
                identifiers=tuple(identifiers),
            ),
        ),
        participants=(Participant(role=Role.AGENT, name=message["agent"]["name"]),),
        text=message["text"],
        conversation=message["chat_id"],
        attributes={"page": message["page"], "department": message["agent"]["team"]},
    )


@dataclass(slots=True)
class Population:
    """Customers by class, each with the numbers of its profiles, and the profile of every interaction in time order."""

    customers: dict[str, list[range]] = field(default_factory=dict)
    profiles: int = 0
    interactions: "array[int]" = field(default_factory=lambda: array("L"))

    def add(self, kind: str, *, profiles: int, rows: int) -> None:
        """One customer whose profiles have ``rows`` interactions each."""
        own = range(self.profiles, self.profiles + profiles)
        self.customers.setdefault(kind, []).append(own)
        self.profiles += profiles
        for profile in own:
            self.interactions.extend([profile] * rows)


HEAVY_PROFILES, HEAVY_ROWS = 20, 500


def population(interactions: int, seed: int) -> Population:
    """A fifth of the rows with heavy customers (20 profiles of 500), a tenth with busy ones (4 of 60), then middling
    ones (2 of 5), and three tenths with light ones (1 of 1 to 3). The rows of a customer lie scattered over time."""
    rng = random.Random(seed)
    people = Population()
    for _ in range(max(2, interactions // 5 // (HEAVY_PROFILES * HEAVY_ROWS))):
        people.add("heavy", profiles=HEAVY_PROFILES, rows=HEAVY_ROWS)
    for _ in range(interactions // 10 // 240):
        people.add("busy", profiles=4, rows=60)
    while len(people.interactions) < interactions * 7 // 10:
        people.add("middling", profiles=2, rows=5)
    while len(people.interactions) < interactions:
        people.add("light", profiles=1, rows=min(rng.randint(1, 3), interactions - len(people.interactions)))
    rng.shuffle(people.interactions)
    return people


def profile_uuid(number: int) -> UUID:
    """Spread as a uuid5 is, without its price: a multiplication by an odd constant is a bijection."""
    return UUID(int=(number + 1) * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128)


def interaction_uuid(number: int) -> UUID:
    return UUID(int=((number + 1) * 0xD1B54A32D192ED03_6A09E667F3BCC909 % 2**112) << 16)


def interaction_rows(people: Population, source_id: int, seed: int) -> Iterator[tuple[Any, ...]]:
    """Rows of the interaction table in time order, in the order of ``INTERACTION``."""
    rng = random.Random(seed)
    texts = _texts(rng, 512, 20, 90)
    step = timedelta(seconds=60)
    for number, profile in enumerate(people.interactions):
        at = T0 + number * step
        yield (
            profile_uuid(profile),
            at,
            interaction_uuid(number),
            source_id,
            number % 5,
            number % 2,
            0,
            0,
            number + 1,
            conversation_uuid(profile, number),
            None,
            texts[number & 511],
            None,
            None,
            '{"page": "/cart"}',
            at,
        )


INTERACTION = [
    "profile_id",
    "occurred_at",
    "id",
    "source_id",
    "channel",
    "direction",
    "kind",
    "role",
    "sequence",
    "conversation_id",
    "subject",
    "text",
    "quoted",
    "duration",
    "attributes",
    "received_at",
]


def conversation_uuid(profile: int, number: int) -> UUID:
    """A profile's interactions fall into a few threads by the time they happened."""
    return UUID(int=((profile + 1) << 64 | number >> 19) * 0xA0761D6478BD642F_E7037ED1A0B428DB % 2**128)
