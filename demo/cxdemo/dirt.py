"""How people and clerks really write: names, numbers and addresses with the dirt of life."""
# ruff: noqa: RUF001  the en dash is the right sign in Finnish and Swedish ranges

import random
import unicodedata
from datetime import datetime

from cxdemo.identities import ascii_fold
from cxdemo.person import Person

PLACEHOLDER_EMAILS = ("asiakas@kaislakuu.example", "noreply@kaislakuu.example", "ei@ole.example", "-")
PLACEHOLDER_PHONES = ("000000", "-", "0", "0400000000", "+358000000000")
PLACEHOLDER_NAMES = ("Asiakas", "-", "Vieras", "N.N.")


def national(number: str) -> str:
    """+358401234567 -> 0401234567; foreign numbers with 00."""
    return f"0{number[4:]}" if number.startswith("+358") else f"00{number[1:]}"


def spaced(number: str) -> str:
    """040 123 4567, 09 123 4567, 070-174 06 05."""
    if number.startswith("+46"):
        n = f"0{number[3:]}"
        return f"{n[:3]}-{n[3:6]} {n[6:8]} {n[8:]}"
    n = national(number)
    cut = 3 if n[1] in "45" else 2
    return f"{n[:cut]} {n[cut : cut + 3]} {n[cut + 3 :]}"


def written_phone(rng: random.Random, number: str) -> str:
    """One of the forms in which this number may stand in a field; now and then with two digits swapped."""
    if rng.random() < 0.008:
        number = f"{number[:-2]}{number[-1]}{number[-2]}"
    plain = number[1:]
    if number.startswith("+46"):
        s = spaced(number)
        return rng.choice(
            (number, f"00{plain}", plain, f"+46 {s[1:]}", f"+46 (0){s[1:]}", f"+46 {number[3:5]} {number[5:]}")
        )
    n, s = national(number), spaced(number)
    head, rest = s.split(" ", 1)
    forms = (n, number, s, f"{head}-{rest.replace(' ', '')}", f"+358 {s[1:]}", f"+358 (0){s[1:]}", f"00{plain}", plain,
             f"({head}) {rest}", s.replace(" ", "."), f"+358-{head[1:]}-{rest.replace(' ', '')}", f" {n}")  # fmt: skip
    return rng.choices(forms, (24, 20, 18, 8, 10, 3, 4, 4, 3, 2, 2, 2))[0]


def trunk_form(form: int, number: str) -> str:
    """As a telephone exchange delivers it: 0 national, 1 country code, 2 E.164, 3 with 00."""
    return (national(number), number[1:], number, f"00{number[1:]}")[form]


def typo(rng: random.Random, word: str) -> str:
    """One slip of the fingers: swapped, dropped or doubled letter."""
    if len(word) < 4:
        return word
    i = rng.randrange(1, len(word) - 2)
    slip = rng.randrange(3)
    if slip == 0:
        return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    if slip == 1:
        return word[:i] + word[i + 1 :]
    return word[:i] + word[i] + word[i:]


def formal_name(rng: random.Random, person: Person, at: datetime) -> str:
    """The name as its owner writes it in a mail header."""
    last = person.last_at(at)
    first = person.nickname if person.nickname and rng.random() < 0.25 else person.first
    return f"{first} {last}"


def written_name(rng: random.Random, person: Person, at: datetime) -> str:
    """The name as a clerk or a form field got it."""
    first, last = person.first, person.last_at(at)
    dice = rng.random()
    if person.former_last and person.married and at >= person.married and dice < 0.12:
        last = f"{person.former_last}-{person.last}"
    if person.nickname and rng.random() < 0.2:
        first = person.nickname
    if rng.random() < 0.03:
        last = typo(rng, last)
    if rng.random() < 0.02:
        first = typo(rng, first)
    forms = (
        f"{first} {last}",
        f"{last} {first}",
        f"{last}, {first}",
        f"{first} {last}".upper(),
        f"{first} {last}".lower(),
        f"{first[0]}. {last}",
        first,
    )
    name = rng.choices(forms, (62, 12, 8, 5, 6, 4, 3))[0]
    if rng.random() < 0.05:
        name = ascii_fold(name)
    elif rng.random() < 0.03:
        name = unicodedata.normalize("NFD", name)
    return name


def clerk_name(rng: random.Random, person: Person, at: datetime) -> str:
    """As a property system stores it: surname first, often in capitals."""
    first, last = person.first, person.last_at(at)
    if person.nickname and rng.random() < 0.1:
        first = person.nickname
    if rng.random() < 0.04:
        last = typo(rng, last)
    if rng.random() < 0.03:
        first, last = last, first
    forms = (f"{last} {first}", f"{last.upper()} {first.upper()}", f"{last}, {first}", f"{first} {last}")
    name = rng.choices(forms, (50, 20, 20, 10))[0]
    return ascii_fold(name) if rng.random() < 0.05 else name


def written_email(rng: random.Random, address: str) -> str:
    """Capitals and now and then a slip in the local part."""
    dice = rng.random()
    if dice < 0.04:
        return address.upper()
    if dice < 0.08:
        return address.capitalize()
    if dice < 0.095:
        local, domain = address.split("@")
        return f"{typo(rng, local)}@{domain}"
    return address


def casual(rng: random.Random, text: str) -> str:
    """A chat line typed on a phone: small letters, no dots over ä and ö, no full stop, one slip."""
    if rng.random() < 0.22:
        text = text[:1].lower() + text[1:]
        text = text.rstrip(".")
    if rng.random() < 0.04:
        text = ascii_fold(text.replace("–", "-"))
    elif rng.random() < 0.01:
        text = unicodedata.normalize("NFD", text)
    if rng.random() < 0.05:
        words = text.split(" ")
        i = rng.randrange(len(words))
        if words[i].isalpha():
            words[i] = typo(rng, words[i])
        text = " ".join(words)
    return text
