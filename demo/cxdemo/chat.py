"""The chat system's export: one message a line, its visitor repeated in each."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cxdemo.chain import AGENTS, Agent
from cxdemo.contacts import at_work, choose_email, choose_phone
from cxdemo.conversations import PHRASES, Matter, Turn, raise_matter
from cxdemo.dirt import PLACEHOLDER_EMAILS, PLACEHOLDER_PHONES, casual, written_email, written_name, written_phone
from cxdemo.grammar import expand
from cxdemo.moments import later, local
from cxdemo.person import Person
from cxdemo.stays import StayBook
from cxdemo.truth import Ledger
from cxdemo.world import Draw, World, newcomers

Message = dict[str, Any]
SITES = ("www", "varaus", "ravintolat")
LOCALES = {"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}


@dataclass(slots=True)
class ChatLog:
    """Messages with their time of writing to the log; an edited one is there twice."""

    world: World
    rng: random.Random
    lines: list[tuple[datetime, int, Message]] = field(default_factory=list)
    messages: int = 0

    def open_chat(self) -> str:
        return f"c-{self.rng.getrandbits(40):010x}"

    def say(
        self,
        ledger: Ledger,
        person: Person,
        *,
        chat_id: str,
        at: datetime,
        text: str,
        visitor: dict[str, Any],
        agent: Agent,
        by_agent: bool,
        site: str,
    ) -> Message:
        self.messages += 1
        message: Message = {
            "message_id": f"m-{self.rng.getrandbits(56):014x}",
            "chat_id": chat_id,
            "site": site,
            "sent_at": local(at).isoformat(),
            "edited_at": None,
            "author": "agent" if by_agent else "visitor",
            "visitor": visitor,
            "agent": {"id": agent.id, "name": agent.name},
            "text": text,
        }
        self.lines.append((at, self.messages, message))
        ledger.add(
            "chat", message["message_id"], person, nameless=not any(visitor[k] for k in ("email", "phone", "name"))
        )
        return message

    def edit(self, message: Message, at: datetime, text: str) -> None:
        self.lines.append((at, self.messages, {**message, "text": text, "edited_at": local(at).isoformat()}))


def visitor_of(rng: random.Random, world: World, person: Person, at: datetime, *, anonymous: bool) -> dict[str, Any]:
    """What the chat window knows: always a browser id, the rest as the visitor filled it in."""
    household = world.household_of[person.household] if person.household else None
    shared = household.browser if household and household.browser in person.visitor_ids else None
    visitor: dict[str, Any] = {
        "id": shared if shared and rng.random() < 0.5 else rng.choice(person.visitor_ids),
        "name": None, "email": None, "phone": None, "locale": LOCALES[person.language],
    }  # fmt: skip
    if anonymous:
        return visitor
    work = at_work(rng, person)
    visitor["name"] = written_name(rng, person, at) if rng.random() < 0.9 else None
    has_email = rng.random() < 0.75
    if has_email:
        visitor["email"] = written_email(rng, choose_email(rng, world, person, work=work))
    phone = choose_phone(rng, world, person, at, work=work)
    if phone and (not has_email or rng.random() < 0.3):
        visitor["phone"] = written_phone(rng, phone)
    if person.story is None and rng.random() < 0.02:
        visitor["email"], visitor["phone"] = rng.choice(PLACEHOLDER_EMAILS), rng.choice(PLACEHOLDER_PHONES)
    return visitor


def make_chats(
    world: World,
    book: StayBook,
    ledger: Ledger,
    count: int,
    *,
    scenes: Callable[[ChatLog, Ledger, StayBook], None] | None = None,
) -> ChatLog:
    """Exactly `count` messages (later editions not counted)."""
    log = ChatLog(world, world.rng("chat"))
    if scenes:
        scenes(log, ledger, book)
    draw = Draw(world, "chat", log.rng)
    anna = world.people[0]
    first = [*[anna] * 4, *world.main_cast[1:], *newcomers(world, "chat")]
    known = 4 + len(world.main_cast) - 1
    while log.messages < count:
        person = first.pop(0) if first else draw()
        known -= 1
        _one_chat(
            log,
            ledger,
            raise_matter(log.rng, world, book, person),
            person,
            count,
            anonymous=known < 0 and log.rng.random() < 0.16,
        )
    return log


def _one_chat(log: ChatLog, ledger: Ledger, matter: Matter, person: Person, count: int, *, anonymous: bool) -> None:
    rng, at = log.rng, matter.at
    visitor = visitor_of(rng, log.world, person, at, anonymous=anonymous)
    chat_id, agent, site = log.open_chat(), rng.choice(AGENTS), rng.choices(SITES, (60, 30, 10))[0]
    for by_agent, text in _script(rng, matter, agent):
        if log.messages >= count or at >= log.world.end:
            return
        written = text if by_agent else casual(rng, text)
        message = log.say(
            ledger,
            person,
            chat_id=chat_id,
            at=at,
            text=written,
            visitor=visitor,
            agent=agent,
            by_agent=by_agent,
            site=site,
        )
        edited = later(at, rng.randint(30, 600))
        if not by_agent and written != text and rng.random() < 0.2 and edited < log.world.end:
            log.edit(message, edited, text)
        at = later(at, rng.randint(6, 70) + len(text) // 3)


def _script(rng: random.Random, matter: Matter, agent: Agent) -> list[tuple[bool, str]]:
    """(spoken by the agent, text) from hello to goodbye."""
    phrases = PHRASES[matter.language]
    lines: list[tuple[bool, str]] = []
    if rng.random() < 0.6:
        lines.append((False, rng.choice(phrases.chat_hellos)))
        lines.append((True, expand(rng, rng.choice(phrases.chat_agent_hellos), {"agent": agent.name.split()[0]})))
    for turn in matter.turns:
        lines += _chat_lines(rng, turn, phrases.chat_waits)
    if len(matter.turns) > 1 and rng.random() < 0.4:
        lines.append((False, rng.choice(phrases.chat_byes)))
    return lines


def _chat_lines(rng: random.Random, turn: Turn, waits: tuple[str, ...]) -> list[tuple[bool, str]]:
    by_agent = turn.speaker == "agent"
    if turn.kind == "nudge":
        return [(False, "??" if rng.random() < 0.5 else "...")]
    lines = []
    if turn.kind == "answer" and rng.random() < 0.5:
        lines.append((True, rng.choice(waits)))
    cut = turn.text.find("? ") + 1 or turn.text.find("! ") + 1
    if not by_agent and cut and rng.random() < 0.5:
        return [*lines, (False, turn.text[:cut]), (False, turn.text[cut:].strip())]
    return [*lines, (by_agent, turn.text)]
