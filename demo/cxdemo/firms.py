"""Employers: work addresses, a switchboard many call through, a role mailbox several people write from."""

import random
from collections.abc import Sequence

from cxdemo.identities import Register, mail_word
from cxdemo.names import FIRM_HEADS, FIRM_TAILS
from cxdemo.people import home_area
from cxdemo.person import Firm, Person, Phone


def make_firm(rng: random.Random, register: Register, *, number: int, name: str | None = None) -> Firm:
    if name is None:
        head = FIRM_HEADS[number % len(FIRM_HEADS)]
        branch = number // (len(FIRM_HEADS) * len(FIRM_TAILS))  # large worlds use the names again, with a number
        name = f"{head}{f' {branch + 1}' if branch else ''} {FIRM_TAILS[(number + number // len(FIRM_HEADS)) % len(FIRM_TAILS)]}"
    domain = register.claim(f"{mail_word(name.removesuffix(' Oy').replace(' ', ''))}.example")
    return Firm(f"f{number:03d}", name, domain, register.landline(home_area(rng)), register.claim(f"info@{domain}"))


def employ(register: Register, firm: Firm, staff: Sequence[Person]) -> None:
    """Gives every one a work address and the switchboard; the first three share the role mailbox."""
    for person in staff:
        person.firm = firm.id
        person.work_email = register.email_at(f"{mail_word(person.first)}.{mail_word(person.last)}", firm.domain)
        person.phones.append(Phone(firm.switchboard, "switchboard"))
    firm.staff.extend(staff)
    firm.role_users.extend(staff[:3])
