"""The habits of a mail writer: program, encoding, quoting, greeting, signature."""

import random
import textwrap
from dataclasses import dataclass
from datetime import datetime

from cxdemo.conversations import PHRASES
from cxdemo.dirt import casual, spaced
from cxdemo.grammar import expand
from cxdemo.moments import DAYS, SHORT_EN, SHORT_FI, SHORT_SV, local
from cxdemo.person import Person
from cxdemo.rfc5322 import Address
from cxdemo.world import World

STYLES = ("plain8", "latin1", "latin1_8bit", "base64", "alternative", "outlook", "html")
AGENTS = {
    "plain8": "Mozilla Thunderbird", "latin1": "Evolution 3.50", "latin1_8bit": "Postilaatikko Webmail 2.1", "base64": "iPhone Mail (22F76)",
    "alternative": "", "outlook": "Microsoft Outlook 16.0", "html": "Kirjekyyhky 4",
}  # fmt: skip
_QUOTE_LINES = 36


@dataclass(frozen=True, slots=True)
class Habit:
    style: str
    bottom: bool  # answers below the quotation
    casual: bool
    signs_with_phone: bool


def habit_of(world: World, person: Person) -> Habit:
    """Always the same for one person."""
    rng = random.Random(f"{world.seed}/mail habit/{person.id}")
    style = rng.choices(STYLES, (22, 10, 8, 14, 24, 17, 5))[0]
    return Habit(style, style == "plain8" and rng.random() < 0.4, rng.random() < 0.25, rng.random() < 0.45)


def attribution(rng: random.Random, language: str, sender: Address, at: datetime, style: str) -> str:
    """The line above a quotation, as programs write it in this language."""
    at = local(at)
    name, mailbox = sender
    who = name or mailbox
    day = DAYS[language][at.weekday()]
    if style == "alternative":
        return {
            "fi": f"{day} {at.day}. {SHORT_FI[at.month - 1]} {at.year} klo {at.hour}.{at:%M} {who} ({mailbox}) kirjoitti:",
            "sv": f"Den {day} {at.day} {SHORT_SV[at.month - 1]} {at.year} kl {at:%H:%M} skrev {who} <{mailbox}>:",
            "en": f"On {day}, {at.day} {SHORT_EN[at.month - 1]} {at.year} at {at:%H:%M}, {who} <{mailbox}> wrote:",
        }[language]
    forms = {
        "fi": (
            f"{who} kirjoitti {at.day}.{at.month}.{at.year} klo {at:%H:%M}:",
            f"{at.day}.{at.month}.{at.year} {at.hour}.{at:%M}, {who} kirjoitti:",
        ),
        "sv": (
            f"Den {at:%Y-%m-%d} kl. {at:%H:%M}, skrev {who}:",
            f"{who} skrev den {at.day}.{at.month}.{at.year} kl. {at.hour}.{at:%M}:",
        ),
        "en": (
            f"On {at.day}/{at.month:02d}/{at.year} {at:%H:%M}, {who} wrote:",
            f"{who} wrote on {at.day} {SHORT_EN[at.month - 1]} {at.year}:",
        ),
    }[language]
    return forms[0] if rng.random() < 0.75 else forms[1]


def outlook_header(language: str, sender: Address, to: Address, at: datetime, subject: str) -> str:
    at = local(at)
    rule, who, when, whom, what = {
        "fi": ("-----Alkuperäinen viesti-----", "Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
        "sv": ("-----Ursprungligt meddelande-----", "Från", "Skickat", "Till", "Ämne"),
        "en": ("-----Original Message-----", "From", "Sent", "To", "Subject"),
    }[language]
    stamp = f"{at.day}.{at.month}.{at.year} {at.hour}.{at:%M}" if language == "fi" else f"{at:%Y-%m-%d %H:%M}"
    return f"{rule}\n{who}: {sender[0]} <{sender[1]}>\n{when}: {stamp}\n{whom}: {to[0]} <{to[1]}>\n{what}: {subject}\n"


def quote(text: str) -> str:
    lines = text.rstrip("\n").split("\n")[:_QUOTE_LINES]
    return "\n".join(f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in lines)


def wrap(text: str) -> str:
    return "\n".join(
        textwrap.fill(line, 74, break_long_words=False, break_on_hyphens=False) if len(line) > 74 else line
        for line in text.split("\n")
    )


def customer_text(rng: random.Random, habit: Habit, person: Person, text: str, *, first: bool, signature: str) -> str:
    """Greeting, matter, closing, name; short answers often go without."""
    phrases = PHRASES[person.language]
    if habit.casual:
        text = casual(rng, text)
    if not first and rng.random() < 0.3:
        return text
    greeting = rng.choice(phrases.greetings)
    head, comma, rest = text.partition(", ")
    if comma and head.lower() in {"hei", "hej", "hello"}:  # one greeting is enough
        text = rest[:1].upper() + rest[1:]
    closing = rng.choice(phrases.closings)
    if habit.style == "base64" and rng.random() < 0.4:
        sent_from = {"fi": "Lähetetty puhelimesta", "sv": "Skickat från min telefon", "en": "Sent from my phone"}[
            person.language
        ]
        return f"{greeting}\n\n{text}\n\n{closing}\n{person.nickname or person.first}\n\n{sent_from}"
    return f"{greeting}\n\n{text}\n\n{closing}\n{signature}"


def signature_of(rng: random.Random, world: World, person: Person, habit: Habit, at: datetime, *, work: bool) -> str:
    name = f"{person.first} {person.last_at(at)}"
    mobile = next(iter(person.mobiles_at(at)), None)
    if work and person.firm:
        firm = world.firm_of[person.firm]
        return "\n".join(
            (
                "",
                "-- ",
                name,
                firm.name,
                *([f"puh. {spaced(mobile)}"] if mobile and rng.random() < 0.5 else []),
                f"vaihde {spaced(firm.switchboard)}",
            )
        )
    if habit.signs_with_phone and mobile and rng.random() < 0.7:
        return f"{name}\n{rng.choice(('p. ', 'puh. ', 'GSM ', '')) if person.language == 'fi' else ''}{spaced(mobile)}"
    return rng.choice((name, name, person.nickname or person.first))


def agent_text(rng: random.Random, language: str, first: str, text: str, agent: str) -> str:
    phrases = PHRASES[language]
    greeting = expand(rng, rng.choice(phrases.agent_greetings), {"first": first})
    service = {"fi": "Kaislakuu Hotellit", "sv": "Kaislakuu Hotell", "en": "Kaislakuu Hotels"}[language]
    return f"{greeting}\n\n{text}\n\n{rng.choice(phrases.agent_closings)}\n{agent}\n{service}"
