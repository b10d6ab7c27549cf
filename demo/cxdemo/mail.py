"""The mail archive: threads with quotations, confirmations, newsletters, automatic answers, bounces."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from cxdemo import chain
from cxdemo.contacts import at_work, choose_email
from cxdemo.conversations import PHRASES, Matter, Turn, raise_matter
from cxdemo.dirt import formal_name
from cxdemo.grammar import expand
from cxdemo.mail_extras import attachment, calendar, newsletter, receipt, supplier_mail
from cxdemo.mail_styles import (
    AGENTS,
    Habit,
    agent_text,
    attribution,
    customer_text,
    habit_of,
    outlook_header,
    quote,
    signature_of,
    wrap,
)
from cxdemo.moments import later, local, random_moment, short_day
from cxdemo.person import Person
from cxdemo.rfc5322 import Address, Mail
from cxdemo.stays import DUE, LEFT, StayBook
from cxdemo.world import Draw, World, newcomers

OWN = {
    "service": chain.SERVICE,
    "bookings": chain.BOOKINGS,
    "info": chain.INFO,
    "tables": chain.TABLES,
    "invoices": chain.INVOICES,
}


@dataclass(frozen=True, slots=True)
class Filed:
    """A mail, the folders it lies in, and who is behind it."""

    mail: Mail
    folders: tuple[str, ...]  # inbox | sent | maildir | eml
    person: Person | None


@dataclass(slots=True)
class Post:
    """Everything sent and received so far."""

    world: World
    rng: random.Random
    filed: list[Filed] = field(default_factory=list)

    def message_id(self, domain: str) -> str:
        return f"<{self.rng.getrandbits(72):018x}@{domain}>"

    def file(self, mail: Mail, person: Person | None, *, outgoing: bool = False) -> None:
        self.filed.append(Filed(mail, ("sent",) if outgoing else self._folders(mail), person))

    def file_in(self, folder: str, mail: Mail, person: Person) -> None:
        self.filed.append(Filed(mail, (folder,), person))

    def _folders(self, mail: Mail) -> tuple[str, ...]:
        if mail.to[0][1] == chain.BOOKINGS:
            dice = self.rng.random()
            if dice < 0.12:
                return "inbox", "maildir"
            if dice < 0.16:
                return ("maildir",)
        return ("eml",) if self.rng.random() < 0.004 else ("inbox",)


def own_address(key: str) -> Address:
    mailbox = OWN[key]
    return chain.ADDRESS_NAMES[mailbox], mailbox


def make_mail(
    world: World, book: StayBook, count: int, *, scenes: Callable[[Post, StayBook], None] | None = None
) -> Post:
    """Exactly `count` mails (copies in a second folder not counted)."""
    post = Post(world, world.rng("mail"))
    rng = post.rng
    if scenes:
        scenes(post, book)
    _confirmations(post, book, count // 20)
    _newsletters(post, count // 14)
    _suppliers(post, count // 40)
    draw = Draw(world, "mail", rng)
    anna = world.people[0]
    first = [*[anna] * 5, *world.main_cast[1:], *newcomers(world, "mail")]
    while len(post.filed) < count:
        person = first.pop(0) if first else draw()
        forced = anna.emails[len(first) % 2] if person is anna else None
        write_thread(post, raise_matter(rng, world, book, person), person, forced_address=forced)
    del post.filed[count:]
    return post


def display_name(rng: random.Random, world: World, person: Person, address: str, at: datetime) -> str:
    household = world.household_of[person.household] if person.household else None
    if household and address == household.mailbox:
        return (
            {"fi": "Perhe ", "sv": "Familjen ", "en": "Family "}[person.language] + person.last
            if rng.random() < 0.5
            else formal_name(rng, person, at)
        )
    dice = rng.random()
    if dice < 0.08:
        return ""
    if dice < 0.16:
        return f"{person.last_at(at)} {person.first}"
    if dice < 0.2:
        return f"{person.first} {person.last_at(at)}".lower()
    return formal_name(rng, person, at)


def write_thread(post: Post, matter: Matter, person: Person, *, forced_address: str | None = None) -> None:
    """One matter as a chain of mails, each quoting the one before."""
    rng, world = post.rng, post.world
    work = forced_address is None and at_work(rng, person)
    address = forced_address or choose_email(rng, world, person, work=work)
    customer = (display_name(rng, world, person, address, matter.at), address)
    own, agent = own_address(matter.topic.to), rng.choice(chain.AGENTS)
    subject = expand(rng, rng.choice(matter.topic.subjects), matter.values)
    thread = _Thread(person, habit_of(world, person), customer, own, agent, work, subject)
    at, previous = matter.at, None
    ids: list[str] = []
    for turn in matter.turns:
        if previous is not None:
            at = _next_time(rng, at, turn)
        if at >= world.end:
            break
        outgoing = turn.speaker == "agent"
        mail = _compose(post, thread, turn, at, previous=previous, ids=tuple(ids))
        if turn.kind == "answer" and matter.topic.key == "receipt":
            mail = replace(mail, parts=(receipt(matter.values["ref"]),))
        elif not outgoing and turn.kind in {"ask", "followup"} and rng.random() < 0.03:
            mail = replace(mail, parts=(attachment(rng),))
        post.file(mail, person, outgoing=outgoing)
        ids.append(mail.message_id)
        previous = mail
        _side_effects(post, turn, mail, person, customer)


def _next_time(rng: random.Random, at: datetime, turn: Turn) -> datetime:
    if turn.kind == "nudge":
        return later(at, rng.randint(2 * 86_400, 5 * 86_400))
    seconds = int(min(60 * rng.lognormvariate(4.2, 1.3), 3 * 86_400)) + 120
    moved = later(at, seconds)
    if turn.speaker == "agent" and not 7 <= local(moved).hour < 21:
        moved = later(moved, 9 * 3600)
    return moved


@dataclass(frozen=True, slots=True)
class _Thread:
    """What stays the same from mail to mail."""

    person: Person
    habit: Habit
    customer: Address
    own: Address
    agent: chain.Agent
    work: bool
    subject: str


def _compose(
    post: Post, thread: _Thread, turn: Turn, at: datetime, *, previous: Mail | None, ids: tuple[str, ...]
) -> Mail:
    rng, person, habit = post.rng, thread.person, thread.habit
    outgoing = turn.speaker == "agent"
    sender, to = (thread.own, thread.customer) if outgoing else (thread.customer, thread.own)
    style = "plain8" if outgoing else habit.style
    if outgoing:
        text = agent_text(rng, person.language, person.nickname or person.first, turn.text, thread.agent.name)
    else:
        signature = signature_of(rng, post.world, person, habit, at, work=thread.work)
        text = customer_text(rng, habit, person, turn.text, first=previous is None, signature=signature)
    if style in {"plain8", "latin1", "latin1_8bit"}:
        text = wrap(text)
    subject = thread.subject
    if previous is not None:
        prefixes = PHRASES[person.language].reply_prefixes
        answered = previous.subject.startswith(("Re: ", "RE: ", *prefixes))
        prefix = "Re: " if outgoing or style != "outlook" else prefixes[0]
        subject = previous.subject if answered else prefix + subject
        text = _with_quotation(rng, person.language, text, previous, style, bottom=habit.bottom and not outgoing)
    headers: tuple[tuple[str, str], ...] = (("X-Ticket-Agent", thread.agent.id),)
    if not outgoing:
        headers = (("X-Mailer", AGENTS[habit.style]),) if AGENTS[habit.style] else ()
    message_id = post.message_id(chain.DOMAIN if outgoing else thread.customer[1].split("@")[1])
    answered_id = previous.message_id if previous else None
    return Mail(message_id, at, sender, (to,), subject, text, style, answered_id, ids, headers=headers)


def _with_quotation(rng: random.Random, language: str, text: str, previous: Mail, style: str, *, bottom: bool) -> str:
    if style == "base64" and rng.random() < 0.25:
        return text
    if style == "outlook":
        return f"{text}\n\n{outlook_header(language, previous.sender, previous.to[0], previous.at, previous.subject)}\n{previous.body}"
    quotation = f"{attribution(rng, language, previous.sender, previous.at, style)}\n{quote(previous.body)}"
    return f"{quotation}\n\n{text}" if bottom else f"{text}\n\n{quotation}"


def _side_effects(post: Post, turn: Turn, mail: Mail, person: Person, customer: Address) -> None:
    """Now and then an automatic answer or a bounce comes by itself."""
    rng = post.rng
    at = later(mail.at, rng.randint(2, 40))
    if at >= post.world.end:
        return
    if turn.kind == "ask" and rng.random() < 0.06:
        text = {"fi": "Olemme vastaanottaneet viestisi ja vastaamme mahdollisimman pian.\n\nTämä on automaattinen viesti.",
                "sv": "Vi har tagit emot ditt meddelande och svarar så snart som möjligt.\n\nDetta är ett automatiskt meddelande.",
                "en": "We have received your message and will reply as soon as we can.\n\nThis is an automatic message."}[person.language]  # fmt: skip
        headers = (("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All"))
        auto = Mail(
            post.message_id(chain.DOMAIN),
            at,
            mail.to[0],
            (customer,),
            f"Re: {mail.subject}",
            text,
            "plain8",
            mail.message_id,
            (mail.message_id,),
            headers=headers,
        )
        post.file(auto, person, outgoing=True)
    elif turn.speaker == "agent" and rng.random() < 0.025:
        out_of_office(post, mail, person, customer, at)
    elif turn.speaker == "agent" and rng.random() < 0.008:
        bounce(post, mail, person, at)


def out_of_office(post: Post, mail: Mail, person: Person, customer: Address, at: datetime) -> None:
    rng, phrases = post.rng, PHRASES[person.language]
    back = short_day(local(at).date() + timedelta(days=rng.randint(2, 21)), person.language)
    text = expand(rng, rng.choice(phrases.auto_replies), {"back": back})
    headers = (("Auto-Submitted", "auto-replied"), ("Precedence", "bulk"), ("X-Autoreply", "yes"))
    reply = Mail(
        post.message_id(customer[1].split("@")[1]), at, customer, mail.to if mail.to[0][1].endswith(chain.DOMAIN) else (mail.sender,),
        phrases.auto_subject + mail.subject, f"{text}\n\n{person.name}", "alternative", mail.message_id, (mail.message_id,),
        headers=headers, envelope_from="",
    )  # fmt: skip
    post.file(reply, person)


def bounce(post: Post, mail: Mail, person: Person, at: datetime) -> None:
    failed = mail.to[0][1]
    text = f"This is the mail system at host mx1.kaislakuu.example.\n\nYour message could not be delivered.\n\n<{failed}>: user unknown\n"
    headers = (("Auto-Submitted", "auto-replied"), ("X-Failed-Recipients", failed))
    report = Mail(
        post.message_id("mx1.kaislakuu.example"), at, ("Mail Delivery System", "MAILER-DAEMON@mx1.kaislakuu.example"), (mail.sender,),
        "Undelivered Mail Returned to Sender", text, "plain8", mail.message_id, (mail.message_id,), headers=headers, envelope_from="",
    )  # fmt: skip
    post.file(report, person)


def _confirmations(post: Post, book: StayBook, count: int) -> None:
    """Automatic confirmations of bookings, with a calendar part."""
    rng, world = post.rng, post.world
    fit = [s for s in book.stays if s.status in {LEFT, DUE} and world.start <= s.booked < world.end]
    for stay in rng.sample(fit, min(count, len(fit))):
        person = stay.person
        address = choose_email(rng, world, person, work=stay.work)
        to = (formal_name(rng, person, stay.booked), address)
        at = later(stay.booked, rng.randint(20, 90))
        if at >= world.end:
            continue
        subject, text, part = calendar(stay, person)
        headers = (("Auto-Submitted", "auto-generated"),)
        mail = Mail(
            post.message_id(chain.DOMAIN),
            at,
            own_address("bookings"),
            (to,),
            subject,
            text,
            "plain8",
            headers=headers,
            parts=(part,),
        )
        post.file(mail, person, outgoing=True)
        later_at = later(at, 30)
        if rng.random() < 0.04 and later_at < world.end:
            out_of_office(post, mail, person, to, later_at)


def _newsletters(post: Post, count: int) -> None:
    rng, world = post.rng, post.world
    members = [p for p in world.people if p.loyalty]
    issue = max(count // 12, 1)
    for n in range(count):
        at = later(world.end, -86_400 * 85 * (n // issue) - 3 * 86_400 + n % issue)
        person = rng.choice(members)
        subject, text = newsletter(rng, person.language, at)
        headers = (
            ("List-Id", "<uutiskirje.kaislakuu.example>"),
            ("List-Unsubscribe", f"<{chain.SITE}/peru>"),
            ("Precedence", "bulk"),
        )
        mail = Mail(
            post.message_id(chain.DOMAIN), at, (chain.ADDRESS_NAMES[chain.NEWS], chain.NEWS), ((formal_name(rng, person, at), person.emails[0]),),
            subject, text, "alternative", headers=headers,
        )  # fmt: skip
        post.file(mail, person, outgoing=True)
        if n % 30 == 7 and person.story is None:
            bounce(post, mail, person, later(at, 25))


def _suppliers(post: Post, count: int) -> None:
    """Bulk mail and offers that the chain itself receives: no customer behind it."""
    for _ in range(count):
        at = random_moment(post.rng, post.world.start, post.world.end)
        sender, subject, text, headers = supplier_mail(post.rng)
        mail = Mail(
            post.message_id(sender[1].split("@")[1]),
            at,
            sender,
            (own_address("info"),),
            subject,
            text,
            "html",
            headers=headers,
        )
        post.file(mail, None)
