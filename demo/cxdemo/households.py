"""Families and couples: a surname, a landline, a mailbox and a browser in common."""

import random
from collections.abc import Sequence

from cxdemo.identities import Register, mail_word
from cxdemo.people import home_area
from cxdemo.person import Household, Person, Phone


def share_landline(members: Sequence[Person], number: str) -> None:
    for member in members:
        member.phones.append(Phone(number, "landline"))


def make_household(rng: random.Random, register: Register, *, number: int, members: list[Person]) -> Household:
    """Ties the members; the first two are the couple."""
    household = Household(f"h{number:04d}", members)
    for member in members:
        member.household = household.id
    if rng.random() < 0.5:
        household.landline = register.landline(home_area(rng))
        share_landline(members, household.landline)
    if rng.random() < 0.18:
        word = {"fi": "perhe", "sv": "familjen", "en": "family"}[members[0].language]
        household.mailbox = register.email_at(f"{word}.{mail_word(members[0].last)}", "kotiposti.example")
    if rng.random() < 0.3:
        household.browser = register.visitor()
        for member in household.adults():
            member.visitor_ids.append(household.browser)
    return household
