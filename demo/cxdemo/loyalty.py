"""The loyalty register: tab separated, one member a line."""

from datetime import datetime

from cxdemo.contacts import choose_email
from cxdemo.dirt import PLACEHOLDER_PHONES, written_email, written_name, written_phone
from cxdemo.moments import local, random_moment
from cxdemo.truth import Ledger
from cxdemo.world import World

COLUMNS = ["member_no", "name", "email", "phone", "joined", "language", "birth_date"]


def loyalty_rows(world: World, ledger: Ledger) -> list[list[str]]:
    """In order of joining; a few people have joined twice."""
    rng = world.rng("loyalty")
    drafts: list[tuple[datetime, list[str]]] = []
    for person in world.people:
        for card in person.loyalty:
            joined = random_moment(rng, world.start, world.end)
            phones = person.mobiles_at(joined)
            phone = (
                written_phone(rng, phones[0])
                if phones and rng.random() < 0.85
                else rng.choice(("", *PLACEHOLDER_PHONES[:2]))
            )
            email = written_email(rng, choose_email(rng, world, person)) if rng.random() < 0.92 else ""
            born = person.birth.isoformat() if rng.random() < 0.8 else ""
            drafts.append(
                (
                    joined,
                    [
                        card,
                        written_name(rng, person, joined),
                        email,
                        phone,
                        local(joined).date().isoformat(),
                        person.language,
                        born,
                    ],
                )
            )
            ledger.add("loyalty", card, person)
    return [row for _, row in sorted(drafts, key=lambda d: (d[0], d[1][0]))]
