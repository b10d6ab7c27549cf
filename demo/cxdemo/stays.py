"""Stays and check-ins, as an old property system exports them: semicolons, Latin-1, Finnish columns."""

import csv
import io
import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from cxdemo.chain import HOTEL_WEIGHTS, HOTELS, ROOM_TYPES, Hotel
from cxdemo.contacts import at_work, choose_email, choose_phone
from cxdemo.dirt import (
    PLACEHOLDER_EMAILS,
    PLACEHOLDER_NAMES,
    PLACEHOLDER_PHONES,
    clerk_name,
    written_email,
    written_phone,
)
from cxdemo.moments import day_at, likely_moment, local
from cxdemo.person import Person
from cxdemo.truth import Ledger
from cxdemo.world import Draw, World, newcomers

STAY_COLUMNS = [
    "Varausnumero",
    "Hotelli",
    "Asiakasnumero",
    "Nimi",
    "Kanta-asiakasnumero",
    "Puhelin",
    "Sähköposti",
    "Yritys",
    "Tulopäivä",
    "Lähtöpäivä",
    "Yöt",
    "Huone",
    "Huonetyyppi",
    "Summa",
    "Tila",
    "Varattu",
]
ARRIVAL_COLUMNS = ["Tapahtuma", "Varausnumero", "Hotelli", "Asiakasnumero", "Huone", "Saapui", "Tapa"]
ARRIVAL_DAYS = 120  # the old system keeps its check-in log this long
LEFT, HERE, DUE, CANCELLED, NO_SHOW = "Lähtenyt", "Majoittuu", "Vahvistettu", "Peruttu", "Ei saapunut"


@dataclass(slots=True)
class Stay:
    ref: str
    person: Person
    hotel: Hotel
    guest_id: str
    booked: datetime
    arrival: date
    departure: date
    room: str
    room_type: str
    total: float
    status: str
    checked_in: datetime | None = None
    work: bool = False


@dataclass(slots=True)
class StayBook:
    """All stays, also by person."""

    stays: list[Stay] = field(default_factory=list)
    of: dict[str, list[Stay]] = field(default_factory=dict)
    guest_ids: dict[str, list[str]] = field(default_factory=dict)  # person -> "HEL-100123"

    def add(self, stay: Stay) -> None:
        self.stays.append(stay)
        self.of.setdefault(stay.person.id, []).append(stay)


def number_stays(rng: random.Random, book: StayBook) -> None:
    """Booking numbers, and each hotel's own guest ids, in the order of booking; some guests are entered twice."""
    following = {h.code: h.guest_base for h in HOTELS}
    known: dict[tuple[str, str], str] = {}
    ref = 104_200
    book.stays.sort(key=lambda s: (s.booked.timestamp(), s.person.id, s.arrival))
    for stay in book.stays:
        ref += rng.randint(1, 9)
        stay.ref = f"KK-{ref}"
        key, code = (stay.person.id, stay.hotel.code), stay.hotel.code
        if key not in known or (stay.person.story is None and rng.random() < 0.04):
            following[code] += rng.randint(1, 7)
            known[key] = f"{code}-{following[code]}"
        stay.guest_id = known[key]
        ids = book.guest_ids.setdefault(stay.person.id, [])
        if stay.guest_id not in ids:
            ids.append(stay.guest_id)


class _Desk:
    """Takes bookings; their numbers come last."""

    def __init__(self, world: World, rng: random.Random) -> None:
        self.world, self.rng = world, rng

    def book(
        self,
        person: Person,
        hotel: Hotel,
        arrival: date,
        nights: int,
        *,
        status: str | None = None,
        lead: int | None = None,
    ) -> Stay:
        rng, end = self.rng, self.world.end
        booked = likely_moment(rng, arrival - timedelta(days=rng.randint(0, 60) if lead is None else lead))
        if booked >= end:
            booked = end - timedelta(hours=rng.randint(2, 72), minutes=rng.randrange(60))
        departure = arrival + timedelta(days=nights)
        room_type, price = rng.choices(ROOM_TYPES, (45, 20, 20, 10, 5))[0]
        checked_in = day_at(
            arrival,
            rng.choices(range(13, 24), (2, 8, 16, 18, 16, 12, 9, 7, 5, 4, 3))[0],
            rng.randrange(60),
            rng.randrange(60),
        )
        today = local(end).date()
        if status is None:
            dice = rng.random()
            if dice < 0.07:
                status = CANCELLED
            elif checked_in > end:
                status = DUE
            elif dice < 0.09:
                status = NO_SHOW
            else:
                status = LEFT if departure <= today else HERE
        total = round(price * nights * rng.choice((0.85, 0.9, 1.0, 1.0, 1.0, 1.1, 1.25)), 2)
        return Stay(
            "", person, hotel, "", booked, arrival, departure, str(rng.randint(1, 7) * 100 + rng.randint(1, 38)),
            room_type, total, status, checked_in if status in {LEFT, HERE} else None, at_work(rng, person),
        )  # fmt: skip


def make_stays(world: World, count: int) -> StayBook:
    """The stories' stays, one for every one whose habit it is, the rest by weight."""
    rng = world.rng("stays")
    desk, book = _Desk(world, rng), StayBook()
    anna, *others = world.main_cast
    _regular(world, desk, book, anna)
    for person in others:
        for _ in range(2):
            book.add(desk.book(person, _hotel(rng), _day(rng, world, -20), rng.randint(1, 3), status=LEFT))
    draw = Draw(world, "stays", rng)
    for person in newcomers(world, "stays"):
        if len(book.stays) < count and person is not anna:
            book.add(_random_stay(rng, world, desk, person))
    while len(book.stays) < count:
        person = draw()
        if person is not anna:
            book.add(_random_stay(rng, world, desk, person))
    number_stays(rng, book)
    for stay in book.of[anna.id]:
        world.note("hockey_guest", f"stays:{stay.ref}")
    return book


def _regular(world: World, desk: _Desk, book: StayBook, anna: Person) -> None:
    """19 former stays in all five hotels; the 20th begins today."""
    today = local(world.end).date()
    order = [HOTELS[i] for i in (0, 0, 1, 0, 2, 0, 3, 0, 1, 0, 4, 0, 2, 0, 1, 0, 3, 0, 0)]
    for n, hotel in enumerate(order):
        arrival = today - timedelta(days=1060 - n * 56 + desk.rng.randint(-12, 12))
        book.add(desk.book(anna, hotel, arrival, desk.rng.randint(1, 3), status=LEFT))
    book.add(desk.book(anna, HOTELS[0], today, 1, status=DUE, lead=9))


def _hotel(rng: random.Random) -> Hotel:
    return rng.choices(HOTELS, HOTEL_WEIGHTS)[0]


def _day(rng: random.Random, world: World, last: int) -> date:
    """A day of the three years, newer ones a little more often; `last` in days from the end."""
    today = local(world.end).date()
    span = (world.end - world.start).days + last
    return today + timedelta(days=last - span + int(span * rng.random() ** 0.8))


def _random_stay(rng: random.Random, world: World, desk: _Desk, person: Person) -> Stay:
    nights = rng.choices((1, 2, 3, 4, 5, 7), (48, 28, 12, 6, 3, 3))[0]
    favourite = HOTELS[int(person.id[1:]) % len(HOTELS)]
    hotel = favourite if rng.random() < 0.45 else _hotel(rng)
    return desk.book(person, hotel, _day(rng, world, 45), nights)


def stay_rows(world: World, book: StayBook, ledger: Ledger) -> list[list[str]]:
    """Rows in order of booking."""
    rng = world.rng("stay rows")
    rows = []
    for stay in sorted(book.stays, key=lambda s: (s.booked, s.ref)):
        person, at = stay.person, stay.booked
        phone = choose_phone(rng, world, person, at, work=stay.work) if rng.random() < 0.82 else None
        email = choose_email(rng, world, person, work=stay.work) if rng.random() < 0.78 else None
        card = rng.choice(person.loyalty) if person.loyalty and rng.random() < 0.6 else None
        name, phone_text, email_text = (
            clerk_name(rng, person, at),
            written_phone(rng, phone) if phone else "",
            written_email(rng, email) if email else "",
        )
        if person.story is None:
            if rng.random() < 0.01:
                name = rng.choice(PLACEHOLDER_NAMES)
            if not phone and rng.random() < 0.15:
                phone_text = rng.choice(PLACEHOLDER_PHONES)
            if not email and rng.random() < 0.2:
                email_text = rng.choice(PLACEHOLDER_EMAILS)
        firm = world.firm_of[person.firm].name if person.firm and stay.work else ""
        rows.append([
            stay.ref, stay.hotel.name, stay.guest_id, name, card or "", phone_text, email_text, firm, finnish_day(stay.arrival), finnish_day(stay.departure),
            str((stay.departure - stay.arrival).days), stay.room, stay.room_type, f"{stay.total:.2f}".replace(".", ","), stay.status, finnish_time(stay.booked),
        ])  # fmt: skip
        ledger.add("stays", stay.ref, person)
    return rows


def arrival_rows(world: World, book: StayBook, ledger: Ledger) -> list[list[str]]:
    """Check-ins of the last months, in their order."""
    rng = world.rng("arrivals")
    since = world.end - timedelta(days=ARRIVAL_DAYS)
    came = sorted(
        ((s.checked_in, s) for s in book.stays if s.checked_in and s.checked_in >= since),
        key=lambda pair: (pair[0], pair[1].ref),
    )
    rows = []
    for n, (at, stay) in enumerate(came):
        key = f"T{700_100 + n}"
        how = rng.choices(("vastaanotto", "automaatti", "puhelin"), (70, 22, 8))[0]
        rows.append([key, stay.ref, stay.hotel.name, stay.guest_id, stay.room, finnish_time(at), how])
        ledger.add("arrivals", key, stay.person)
    return rows


def finnish_day(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def finnish_time(at: datetime) -> str:
    at = local(at)
    return f"{finnish_day(at.date())} {at.hour}:{at.minute:02d}"


def write_table(columns: list[str], rows: list[list[str]], *, delimiter: str = ";") -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()
