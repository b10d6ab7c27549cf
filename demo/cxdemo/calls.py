"""The telephone exchange's Master.csv, as Asterisk's cdr_csv writes it: a row at the end of each leg, local time, no header."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from cxdemo.chain import AGENTS, HOTELS, Hotel
from cxdemo.contacts import at_work, choose_phone
from cxdemo.dirt import national, trunk_form
from cxdemo.identities import ascii_fold
from cxdemo.moments import later, likely_moment, local, random_moment
from cxdemo.person import Person
from cxdemo.stays import StayBook
from cxdemo.truth import Ledger
from cxdemo.world import Draw, World, newcomers

COLUMNS = [
    "accountcode",
    "src",
    "dst",
    "dcontext",
    "clid",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "start",
    "answer",
    "end",
    "duration",
    "billsec",
    "disposition",
    "amaflags",
    "uniqueid",
    "userfield",
    "linkedid",
    "sequence",
]
SUBJECTS = ("", "", "", "aihe=varaus", "aihe=lasku", "aihe=muutos", "aihe=palaute", "aihe=ravintola")
QUEUES = {"600": "vaihde", "610": "varaukset", "620": "ravintolat"}


@dataclass(frozen=True, slots=True)
class Leg:
    src: str
    dst: str
    dcontext: str
    clid: str
    channel: str
    dstchannel: str
    lastapp: str
    lastdata: str
    start: datetime
    answer: datetime | None
    end: datetime
    disposition: str
    uniqueid: str
    linkedid: str
    sequence: int
    userfield: str = ""
    accountcode: str = ""

    def row(self) -> str:
        """Strings quoted, missing times and numbers bare: cdr_csv's append_string, append_date, append_int."""
        words = [
            _text(v)
            for v in (
                self.accountcode,
                self.src,
                self.dst,
                self.dcontext,
                self.clid,
                self.channel,
                self.dstchannel,
                self.lastapp,
                self.lastdata,
            )
        ]
        words += [_time(self.start), _time(self.answer), _time(self.end)]
        words += [str(_seconds(self.start, self.end)), str(_seconds(self.answer, self.end))]
        words += [_text(v) for v in (self.disposition, "DOCUMENTATION", self.uniqueid, self.userfield, self.linkedid)]
        return ",".join([*words, str(self.sequence)])


def _text(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def _time(at: datetime | None) -> str:
    return f'"{local(at):%Y-%m-%d %H:%M:%S}"' if at else ""


def _seconds(first: datetime | None, last: datetime) -> int:
    return int(last.timestamp() - first.timestamp()) if first else 0


@dataclass(slots=True)
class Switchboard:
    """Writes calls; numbers channels and legs."""

    world: World
    rng: random.Random
    legs: list[Leg] = field(default_factory=list)
    calls: int = 0
    _channel: int = 0x1000
    _sequence: int = 50_000

    def channel(self, peer: str) -> str:
        self._channel += 1
        return f"PJSIP/{peer}-{self._channel:08x}"

    def sequence(self) -> int:
        self._sequence += 1
        return self._sequence

    def unique(self, at: datetime) -> str:
        return f"{int(at.timestamp())}.{self.rng.randrange(100, 99_999)}"


def make_calls(
    world: World,
    book: StayBook,
    ledger: Ledger,
    count: int,
    *,
    scenes: Callable[[Switchboard, Ledger], None] | None = None,
) -> Switchboard:
    """Exactly `count` calls; a call may have several rows."""
    board = Switchboard(world, world.rng("calls"))
    rng = board.rng
    if scenes:
        scenes(board, ledger)
    draw = Draw(world, "calls", rng)
    anna = world.people[0]
    for form in (0, 1, 2, 3, 0, 2, 0, 1):
        mobile = anna.phones[0].number
        call = inbound(board, ledger, anna, _moment(rng, world, book, anna), form=form, number=mobile)
        world.note("hockey_guest", f"calls:{call}")
    for at in clock_change_moments(world):
        inbound(board, ledger, draw(), at)
    first = [*world.main_cast[1:], *newcomers(world, "calls")]
    while board.calls < count:
        known = bool(first)
        person = first.pop(0) if first else draw()
        at = _moment(rng, world, book, person)
        dice = rng.random()
        if known or dice < 0.72:
            inbound(board, ledger, person, at)
        elif dice < 0.75:
            inbound(board, ledger, person, at, hidden=True)
        elif dice < 0.93:
            outbound(board, ledger, person, at)
        else:
            internal(board, ledger, at)
    return board


def clock_change_moments(world: World) -> list[datetime]:
    """Calls in the hour that comes twice in October and round the one that March leaves out (01:00 UTC both)."""
    moments: list[datetime] = []
    for year in range(world.start.year, world.end.year + 1):
        for month in (3, 10):
            last = date(year, month, 31)
            sunday = last - timedelta(days=(last.weekday() + 1) % 7)
            change = datetime(sunday.year, sunday.month, sunday.day, 1, 0, 5, tzinfo=UTC)
            moments += [change + timedelta(minutes=minutes) for minutes in (-25, -4, 12, 31)]
    return [at for at in moments if world.start <= at < world.end - timedelta(hours=1)]


def _moment(rng: random.Random, world: World, book: StayBook, person: Person) -> datetime:
    stays = book.of.get(person.id)
    if stays and rng.random() < 0.6:
        stay = rng.choice(stays)
        at = likely_moment(rng, stay.arrival + timedelta(days=rng.randint(-20, 12)))
        if world.start <= at < world.end - timedelta(hours=1):
            return at
    return random_moment(rng, world.start, world.end - timedelta(hours=1))


def _form(number: str, hotel: Hotel) -> int:
    """Each hotel's trunk delivers numbers in its own form; foreign ones need the country."""
    form = {"HEL": 0, "TMP": 2, "TKU": 1, "OUL": 3, "RVN": 0}[hotel.code]
    return 3 if number.startswith("+46") and form == 0 else form


def _clid(rng: random.Random, person: Person, shown: str, at: datetime, *, shared: str | None) -> str:
    """The exchange's phone book knows some callers, in capitals or without dots, surname first."""
    if shared:
        return f'"{ascii_fold(shared)}" <{shown}>'
    dice = rng.random()
    if dice < 0.4:
        return f'"{ascii_fold(person.last_at(at))} {ascii_fold(person.first)}" <{shown}>'
    if dice < 0.55:
        return f'"{shown}" <{shown}>'
    return f'"" <{shown}>' if dice < 0.6 else f"<{shown}>" if dice < 0.8 else shown


def inbound(
    board: Switchboard, ledger: Ledger, person: Person, at: datetime, *, form: int | None = None, number: str | None = None,
    hidden: bool = False, userfield: str | None = None, answered: bool | None = None,
) -> str:  # fmt: skip
    """A call from outside through a queue; returns its linkedid."""
    rng, world = board.rng, board.world
    hotel = rng.choices(HOTELS, (50, 18, 14, 10, 8))[0]
    work = number is None and at_work(rng, person)
    number = number or choose_phone(rng, world, person, at, work=work)
    hidden = hidden or number is None
    shared = None
    if hidden or number is None:
        shown, clid = rng.choice((("", '"" <>'), ("anonymous", '"Anonymous" <anonymous>')))
    else:
        shown = trunk_form(_form(number, hotel) if form is None else form, number)
        if person.firm and number == world.firm_of[person.firm].switchboard:
            shared = world.firm_of[person.firm].name.upper()
        clid = _clid(rng, person, shown, at, shared=shared)
    queue = rng.choice(tuple(QUEUES))
    unique = board.unique(at)
    base = Leg(
        shown, queue, "from-pstn", clid, board.channel(f"runko-{hotel.code.lower()}"), "", "Queue", f"{QUEUES[queue]},tT,,,60", at, None, at, "NO ANSWER", unique, unique, 0,
        rng.choice(SUBJECTS) if userfield is None else userfield,
    )  # fmt: skip
    _queue_legs(board, base, answered=answered)
    board.calls += 1
    ledger.add("calls", unique, person, nameless=hidden)
    return unique


def _queue_legs(board: Switchboard, base: Leg, *, answered: bool | None) -> None:
    """The queue rings agents one after another; a leg each; perhaps a blind transfer at the end."""
    rng = board.rng
    agents = rng.sample(AGENTS, rng.choices((1, 2, 3), (70, 20, 10))[0])
    if answered is None:
        answered = rng.random() < 0.84
    at = base.start
    for n, agent in enumerate(agents):
        rang = rng.randint(4, 18)
        channel = board.channel(agent.extension)
        ending = later(at, rang)
        leg = replace(base, dstchannel=channel, start=at, end=ending, sequence=board.sequence())
        if n < len(agents) - 1 or not answered:
            board.legs.append(replace(leg, disposition="BUSY" if rng.random() < 0.12 else "NO ANSWER"))
            at = ending
            continue
        talk = int(min(rng.lognormvariate(4.9, 0.8), 2400)) + 5
        done = later(ending, talk)
        board.legs.append(replace(leg, answer=ending, end=done, disposition="ANSWERED"))
        if rng.random() < 0.1:
            other = rng.choice([a for a in AGENTS if a is not agent])
            board.legs.append(replace(
                leg, dst=other.extension, dcontext="from-internal-xfer", dstchannel=board.channel(other.extension), lastapp="Dial",
                lastdata=f"PJSIP/{other.extension},30,tT", start=done, answer=later(done, 6), end=later(done, 6 + rng.randint(20, 400)),
                disposition="ANSWERED", sequence=board.sequence(),
            ))  # fmt: skip


def outbound(
    board: Switchboard,
    ledger: Ledger,
    person: Person,
    at: datetime,
    *,
    number: str | None = None,
    answered: bool | None = None,
) -> str:
    """Staff call a customer; returns the linkedid."""
    rng = board.rng
    number = number or choose_phone(rng, board.world, person, at)
    if number is None:
        return inbound(board, ledger, person, at, hidden=True)
    agent = rng.choice(AGENTS)
    dialled = rng.choices((national(number), f"00{number[1:]}", number), (80, 12, 8))[0]
    disposition = (
        ("ANSWERED" if answered else "NO ANSWER")
        if answered is not None
        else rng.choices(("ANSWERED", "NO ANSWER", "BUSY"), (70, 22, 8))[0]
    )
    rang = later(at, rng.randint(5, 25))
    done = later(rang, int(min(rng.lognormvariate(4.4, 0.8), 1800)) + 4) if disposition == "ANSWERED" else rang
    unique = board.unique(at)
    board.legs.append(Leg(
        agent.extension, dialled, "from-internal", f'"{ascii_fold(agent.name)}" <{agent.extension}>', board.channel(agent.extension),
        board.channel("runko-hel"), "Dial", f"PJSIP/{dialled}@runko-hel,60,T", at, rang if disposition == "ANSWERED" else None, done, disposition,
        unique, unique, board.sequence(), accountcode=agent.id,
    ))  # fmt: skip
    board.calls += 1
    ledger.add("calls", unique, person)
    return unique


def internal(board: Switchboard, ledger: Ledger, at: datetime) -> None:
    """Colleague to colleague: no customer."""
    rng = board.rng
    caller, callee = rng.sample(AGENTS, 2)
    answered = rng.random() < 0.75
    rang = later(at, rng.randint(3, 20))
    done = later(rang, rng.randint(5, 300)) if answered else rang
    unique = board.unique(at)
    board.legs.append(Leg(
        caller.extension, callee.extension, "from-internal", f'"{ascii_fold(caller.name)}" <{caller.extension}>', board.channel(caller.extension),
        board.channel(callee.extension), "Dial", f"PJSIP/{callee.extension},30,tT", at, rang if answered else None, done,
        "ANSWERED" if answered else "NO ANSWER", unique, unique, board.sequence(), accountcode=caller.id,
    ))  # fmt: skip
    board.calls += 1
    ledger.add("calls", unique, None)


def rows_by_end(board: Switchboard) -> list[str]:
    """Channels and legs numbered as they began, rows written as they ended."""
    numbers: dict[str, int] = {"": 0}
    begun = []
    for n, leg in enumerate(sorted(board.legs, key=lambda leg: (leg.start.timestamp(), leg.sequence))):
        for channel in (leg.channel, leg.dstchannel):
            numbers.setdefault(channel, len(numbers) + 0x1000)
        channel, dstchannel = (f"{c.rpartition('-')[0]}-{numbers[c]:08x}" for c in (leg.channel, leg.dstchannel))
        begun.append(replace(leg, channel=channel, dstchannel=dstchannel, sequence=50_000 + n))
    return [leg.row() for leg in sorted(begun, key=lambda leg: (leg.end.timestamp(), leg.sequence))]
