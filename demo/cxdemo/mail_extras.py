"""What hangs on mails and what is not a conversation: receipts, calendars, newsletters, suppliers."""

import random
import struct
import zlib
from datetime import datetime

from cxdemo.chain import NAME, SITE
from cxdemo.moments import MONTHS, day_range, local, money, short_day
from cxdemo.person import Person
from cxdemo.rfc5322 import Address, Part
from cxdemo.stays import Stay


def pdf(text: str) -> bytes:
    """The smallest page that a PDF reader opens."""
    page = f"BT /F1 14 Tf 60 760 Td ({text}) Tj ET"
    return (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
        f"4 0 obj<</Length {len(page)}>>stream\n{page}\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    ).encode("ascii")


def picture(shade: int) -> bytes:
    """A PNG of one grey pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    body = zlib.compress(bytes((0, shade)))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", body)
        + chunk(b"IEND", b"")
    )


def receipt(ref: str) -> Part:
    return Part("application/pdf", pdf(f"Kuitti {ref}"), f"kuitti-{ref}.pdf")


def attachment(rng: random.Random) -> Part:
    if rng.random() < 0.6:
        return Part("image/png", picture(rng.randrange(256)), f"IMG_{rng.randint(1000, 9999)}.png")
    return Part("application/pdf", pdf("Liite"), "liite.pdf")


def calendar(stay: Stay, person: Person) -> tuple[str, str, Part]:
    """Subject, text and iCalendar part of a booking's confirmation."""
    language = person.language
    days, total = day_range(stay.arrival, stay.departure, language), money(stay.total, language)
    subject = {
        "fi": f"Varausvahvistus {stay.ref}",
        "sv": f"Bokningsbekräftelse {stay.ref}",
        "en": f"Booking confirmation {stay.ref}",
    }[language]
    text = {
        "fi": f"Hei {person.first},\n\nkiitos varauksestasi! Tässä vahvistus:\n\nHotelli: {stay.hotel.name}\nAika: {days}\nHuone: {stay.room_type}\n"
        f"Varausnumero: {stay.ref}\nHinta: {total} €\n\nTervetuloa!\n{NAME} Hotellit",
        "sv": f"Hej {person.first},\n\ntack för din bokning! Här är bekräftelsen:\n\nHotell: {stay.hotel.name}\nTid: {days}\nRum: {stay.room_type}\n"
        f"Bokningsnummer: {stay.ref}\nPris: {total} €\n\nVälkommen!\n{NAME} Hotell",
        "en": f"Hello {person.first},\n\nthank you for your booking! Here are the details:\n\nHotel: {stay.hotel.name}\nDates: {days}\nRoom: {stay.room_type}\n"
        f"Booking number: {stay.ref}\nPrice: {total} €\n\nWelcome!\n{NAME} Hotels",
    }[language]
    ics = (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//{NAME}//varaus//FI\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\nUID:{stay.ref}@kaislakuu.example\r\n"
        f"DTSTAMP:{stay.booked:%Y%m%d}T000000Z\r\nDTSTART;VALUE=DATE:{stay.arrival:%Y%m%d}\r\nDTEND;VALUE=DATE:{stay.departure:%Y%m%d}\r\n"
        f"SUMMARY:{stay.hotel.name}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    return subject, text, Part("text/calendar; charset=utf-8; method=PUBLISH", ics.encode())


def newsletter(rng: random.Random, language: str, at: datetime) -> tuple[str, str]:
    month = MONTHS[language][local(at).month - 1]
    subject = {
        "fi": f"Kaislakuun uutiset: {short_day(local(at).date(), 'fi')}",
        "sv": f"Kaislakuus nyheter i {month}",
        "en": f"News from Kaislakuu, {month}",
    }[language]
    items = {
        "fi": ("Kylpytakki kuuluu nyt sviitin hintaan.", "Hiidentuli sai uuden keittiömestarin.", "Viikonloppuna kaksi yötä yhden hinnalla Oulussa.",
               "Jääkiekkoilta: liput ja majoitus samassa paketissa.", "Turun jokiterassi avautuu toukokuussa.", "Oopperaviikonloppu Helsingissä: huone ja aamiainen.") ,
        "sv": ("Badrocken ingår nu i svitens pris.", "Hiidentuli har fått en ny köksmästare.", "Två nätter till priset av en i Uleåborg.",
               "Ishockeykväll: biljetter och rum i samma paket.", "Terrassen vid Aura å öppnar i maj."),
        "en": ("Bathrobes now come with every suite.", "Hiidentuli has a new head chef.", "Two nights for the price of one in Oulu.",
               "Ice-hockey night: tickets and a room in one package.", "The riverside terrace in Turku opens in May."),
    }[language]  # fmt: skip
    chosen = rng.sample(items, 3)
    last = {"fi": "Peru uutiskirje", "sv": "Avsluta nyhetsbrevet", "en": "Unsubscribe"}[language]
    return subject, "\n\n".join((*chosen, f"{last}: {SITE}/peru"))


def supplier_mail(rng: random.Random) -> tuple[Address, str, str, tuple[tuple[str, str], ...]]:
    """Sender, subject, text, headers."""
    sender = rng.choice((
        ("Tukkuri Pohjoinen", "tarjoukset@tukkuripohjoinen.example"), ("Liinavaate Express", "info@liinavaate.example"),
        ("HotelTech Weekly", "news@hoteltech.example"), ("Kahvipaahtimo Aamurusko", "myynti@aamurusko.example"),
    ))  # fmt: skip
    subject = rng.choice(
        (
            "Viikon tarjoukset",
            "Uudet pyyhkeet varastossa",
            "This week in hotel technology",
            "Kesän kahvit ovat täällä",
            "Hinnasto liitteenä",
        )
    )
    text = rng.choice((
        "Tällä viikolla kaikki astiat 20 % edullisemmin.\nTilaukset perjantaihin mennessä.",
        "Five things every hotel should know about key cards.\nRead more on our site.",
        "Uusi vaalea paahto sopii aamiaispöytään.\nMaistiaiset lähtevät veloituksetta.",
    ))  # fmt: skip
    domain = sender[1].split("@")[1]
    return (
        sender,
        subject,
        text,
        (("List-Id", f"<lista.{domain}>"), ("Precedence", "bulk"), ("List-Unsubscribe", f"<https://{domain}/peru>")),
    )
