"""The broken records that every real export has: each spoiled on purpose and listed in the truth."""

import random
from dataclasses import dataclass

from cxdemo.truth import Ledger, Poison


@dataclass(frozen=True, slots=True)
class Bad:
    text: str
    key: str | None
    why: str


def spoil(
    rng: random.Random,
    lines: list[str],
    makers: list[Bad],
    ledger: Ledger,
    *,
    system: str,
    file: str,
    first_line: int = 1,
) -> list[str]:
    """The lines with the bad ones put in at random places; their line numbers go into the truth."""
    out = list(lines)
    places = sorted(rng.randrange(len(lines) // 10, len(lines) + 1) for _ in makers) if lines else [0] * len(makers)
    for n, (place, bad) in enumerate(zip(places, makers, strict=True)):
        out.insert(place + n, bad.text)
        ledger.poison.append(Poison(system, f"{file}:{place + n + first_line}", bad.key, bad.why))
    return out


def bad_chat(n: int, sent_at: str) -> Bad:
    visitor = '{"id": "v-000000000000", "name": null, "email": null, "phone": null, "locale": "fi-FI"}'
    head = f'"chat_id": "c9{n:04d}", "site": "www"'
    tail = f'"edited_at": null, "author": "visitor", "visitor": {visitor}, "agent": null, "text": "Hei!"}}'
    forms = (
        Bad(
            f'{{"message_id": "mx{n}", {head}, "sent_at": "{sent_at}", "edited_at": null, "author": "visi',
            None,
            "the line breaks off: no JSON",
        ),
        Bad(f'{{{head}, "sent_at": "{sent_at}", {tail}', None, "no message_id"),
        Bad(f'{{"message_id": "mx{n}", {head}, "sent_at": "eilen illalla", {tail}', f"mx{n}", "sent_at is no time"),
    )
    return forms[n % 3]


def bad_call(n: int, start: str) -> Bad:
    unique = f"9999999{n:03d}.1"
    names = '"","0401112222","600","from-pstn","","PJSIP/runko-hel-0000ffff","","Queue","vaihde,tT,,,60"'
    forms = (
        Bad(
            f'{names},"0000-00-00 00:00:00","","{start}",12,0,"NO ANSWER","DOCUMENTATION","{unique}","","{unique}",1',
            unique,
            "start is no time",
        ),
        Bad(f'{names},"{start}"', None, "the row breaks off after start"),
        Bad(
            f'{names},"{start}",,"{start}",kaksi,0,"NO ANSWER","DOCUMENTATION","{unique}","","{unique}",2',
            unique,
            "duration is no number",
        ),
    )
    return forms[n % 3]


def bad_stay(n: int, year: int) -> Bad:
    ref = f"KK-99{n:04d}"
    forms = (
        Bad(
            f"{ref};Kaislakuu Turku;TKU-1;Virhe Veikko;;;;;31.2.{year};2.3.{year};1;101;Standard;99,00;Lähtenyt;1.1.{year} 10:00",
            ref,
            "31 February",
        ),
        Bad(
            f";Kaislakuu Oulu;OUL-1;Virhe Veikko;;;;;1.2.{year};2.2.{year};1;101;Standard;99,00;Lähtenyt;1.1.{year} 10:00",
            None,
            "no booking number",
        ),
        Bad(f"{ref};Kaislakuu Helsinki;HEL-1;Virhe Veikko;;;", ref, "columns missing"),
    )
    return forms[n % 3]


def bad_order(n: int, at: str) -> Bad:
    order_id = f"R-KUU-99{n:04d}"
    guest = '"guest": {"name": "Virhe Veikko", "phone": null, "email": null, "loyalty": null}'
    forms = (
        Bad(
            f'{{"order_id": "{order_id}", "type": "order", "created_at": "{at}", "restaurant": "Kuun',
            None,
            "the line breaks off: no JSON",
        ),
        Bad(
            f'{{"order_id": "{order_id}", "type": "order", "created_at": "2024-13-45T25:61:00", "restaurant": "Kuunsilta", {guest}}}',
            order_id,
            "created_at is no time",
        ),
        Bad(f'{{"type": "order", "created_at": "{at}", "restaurant": "Kuunsilta", {guest}}}', None, "no order_id"),
    )
    return forms[n % 3]


def bad_member(n: int) -> Bad:
    card = f"7309990{n:02d}"
    forms = (
        Bad(f"{card}\tVirhe Veikko\tveikko@\t", card, "columns missing, half an address"),
        Bad("\tVirhe Veikko\t\t\t2024-01-01\tfi\t", None, "no member number"),
    )
    return forms[n % 2]


def bad_mail(n: int, message_date: str) -> tuple[bytes, Bad]:
    key = f"<poison{n}@rikki.example>"
    head = f"From: rikki@rikki.example\nTo: info@kaislakuu.example\nSubject: Rikki {n}\n".encode()
    forms = (
        (head + f"Message-ID: {key}\nDate: 32 Foo 2024 99:99\n\nHei\n".encode(), key, "Date is no time"),
        (head + f"Date: {message_date}\n\nHei\n".encode(), None, "no Message-ID"),
        (
            head + f"Message-ID: {key}\nDate: {message_date}\nContent-Type: text/plain; charset=x-tuntematon\nContent-Transfer-Encoding: 8bit\n\n".encode() + b"Hyv\xe4\xe4 \xff\xfe\n",
            key, "unknown charset and bytes to match",
        ),
        (
            head + f'Message-ID: {key}\nDate: {message_date}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="poikki"\n\n--poikki\nContent-Type: text/plain\n\nLoppu puut\n'.encode(),
            key, "multipart that breaks off",
        ),
    )  # fmt: skip
    message, found, why = forms[n % 4]
    return message, Bad("", found, why)
