"""Restaurant bills and table bookings, as the till system exports them: one JSON object a line."""

import random
from datetime import datetime, timedelta
from typing import Any

from cxdemo.chain import MENU, RESTAURANTS, Restaurant
from cxdemo.contacts import at_work, choose_email, choose_phone
from cxdemo.dirt import PLACEHOLDER_NAMES, PLACEHOLDER_PHONES, written_email, written_name, written_phone
from cxdemo.moments import day_at, later, local, random_moment
from cxdemo.person import Person
from cxdemo.stays import LEFT, StayBook
from cxdemo.truth import Ledger
from cxdemo.world import Draw, World, newcomers

Order = dict[str, Any]


def make_orders(world: World, book: StayBook, ledger: Ledger, count: int) -> list[Order]:
    """In order of creation; the key is order_id."""
    rng = world.rng("orders")
    draw = Draw(world, "orders", rng)
    anna = world.people[0]
    guests = [*[anna] * 6, *world.main_cast[1:], *newcomers(world, "orders")][:count]
    known = len(guests)
    guests += [draw() for _ in range(count - len(guests))]
    drafts = []
    for n, person in enumerate(guests):
        restaurant, at = _where_and_when(rng, world, book, person)
        drafts.append((at, n, restaurant, None if n >= known and rng.random() < 0.03 else person))
    drafts.sort(key=lambda d: (d[0], d[1]))
    orders = []
    for number, (at, _, restaurant, guest) in enumerate(drafts):
        order_id = f"R-{restaurant.code}-{20_000 + number}"
        order, nameless = _order(rng, world, order_id, restaurant, at=at, person=guest)
        orders.append(order)
        ledger.add("orders", order_id, guest, nameless=nameless)
        if guest is anna:
            world.note("hockey_guest", f"orders:{order_id}")
    return orders


def _where_and_when(rng: random.Random, world: World, book: StayBook, person: Person) -> tuple[Restaurant, datetime]:
    """Often in the hotel's own restaurant during a stay."""
    stays = [s for s in book.of.get(person.id, []) if s.status == LEFT]
    if stays and rng.random() < 0.6:
        stay = rng.choice(stays)
        day = stay.arrival + timedelta(days=rng.randrange(max((stay.departure - stay.arrival).days, 1)))
        at = day_at(
            day, rng.choices((12, 17, 18, 19, 20, 21), (2, 4, 8, 9, 6, 3))[0], rng.randrange(60), rng.randrange(60)
        )
        if at < world.end:
            return rng.choice([r for r in RESTAURANTS if r.hotel is stay.hotel]), at
    while True:
        day = local(random_moment(rng, world.start, world.end)).date()
        at = day_at(
            day,
            rng.choices((11, 12, 13, 17, 18, 19, 20, 21), (4, 7, 4, 5, 9, 9, 6, 3))[0],
            rng.randrange(60),
            rng.randrange(60),
        )
        if world.start <= at < world.end:
            return rng.choice(RESTAURANTS), at


def _order(
    rng: random.Random, world: World, order_id: str, restaurant: Restaurant, *, at: datetime, person: Person | None
) -> tuple[Order, bool]:
    booking = person is not None and rng.random() < 0.35
    party = rng.choices((1, 2, 3, 4, 5, 6, 8), (12, 44, 12, 18, 5, 6, 3))[0]
    guest = (
        _guest(rng, world, person, at, booking=booking)
        if person
        else dict.fromkeys(("name", "phone", "email", "loyalty"))
    )
    items = [] if booking else _items(rng, party)
    order: Order = {
        "order_id": order_id,
        "type": "booking" if booking else "order",
        "created_at": local(at).isoformat(),
        "restaurant": restaurant.name,
        "city": restaurant.hotel.city,
        "table_at": day_at(
            later(at, 86_400 * rng.randint(1, 12)).date(), rng.randint(17, 20), rng.choice((0, 15, 30, 45))
        ).isoformat()
        if booking
        else None,
        "party": party,
        "guest": guest,
        "items": items,
        "total": round(sum((i["qty"] * i["price"] for i in items), 0.0), 2),
        "currency": "EUR",
        "status": rng.choices(("booked", "cancelled", "no_show"), (90, 7, 3))[0] if booking else "paid",
    }
    nameless = not any(v for k, v in guest.items() if k != "name")
    return order, nameless


def _guest(rng: random.Random, world: World, person: Person, at: datetime, *, booking: bool) -> dict[str, str | None]:
    """A booking asks for a name and a number or address; a bill has what the card or the waiter gave."""
    guest: dict[str, str | None] = dict.fromkeys(("name", "phone", "email", "loyalty"))
    work = at_work(rng, person)
    kind = (
        rng.choices(("phone", "email", "both"), (55, 30, 15))[0]
        if booking
        else rng.choices(("loyalty", "phone", "email"), (50, 25, 25))[0]
    )
    if kind == "loyalty" and not person.loyalty:
        kind = rng.choice(("phone", "email"))
    guest["name"] = written_name(rng, person, at) if booking or rng.random() < 0.7 else None
    phone = choose_phone(rng, world, person, at, work=work)
    if kind in {"phone", "both"} and phone:
        guest["phone"] = written_phone(rng, phone)
    if kind in {"email", "both"} or (kind == "phone" and not phone):
        guest["email"] = written_email(rng, choose_email(rng, world, person, work=work))
    if kind == "loyalty":
        guest["loyalty"] = rng.choice(person.loyalty)
    if person.story is None and rng.random() < 0.015:
        guest["phone"] = rng.choice(PLACEHOLDER_PHONES)
        guest["name"] = rng.choice((guest["name"], *PLACEHOLDER_NAMES))
    return guest


def _items(rng: random.Random, party: int) -> list[dict[str, Any]]:
    chosen = rng.sample(MENU, min(rng.randint(1, 2) + party // 2, len(MENU)))
    return [{"name": name, "qty": rng.randint(1, max(1, party)), "price": price} for name, price in chosen]
