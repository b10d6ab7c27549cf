"""Points in time and how they are written in three languages. All times are aware; the chain lives in Helsinki."""
# ruff: noqa: RUF001  the en dash is the right sign in Finnish and Swedish ranges

import random
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

HELSINKI = ZoneInfo("Europe/Helsinki")
MONTHS = {
    "fi": [
        "tammikuuta",
        "helmikuuta",
        "maaliskuuta",
        "huhtikuuta",
        "toukokuuta",
        "kesäkuuta",
        "heinäkuuta",
        "elokuuta",
        "syyskuuta",
        "lokakuuta",
        "marraskuuta",
        "joulukuuta",
    ],
    "sv": [
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
SHORT_SV = ["jan.", "feb.", "mars", "apr.", "maj", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec."]
SHORT_FI = [
    "tammik.",
    "helmik.",
    "maalisk.",
    "huhtik.",
    "toukok.",
    "kesäk.",
    "heinäk.",
    "elok.",
    "syysk.",
    "lokak.",
    "marrask.",
    "jouluk.",
]
SHORT_EN = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
DAYS = {
    "fi": ["ma", "ti", "ke", "to", "pe", "la", "su"],
    "sv": ["mån", "tis", "ons", "tors", "fre", "lör", "sön"],
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
}

_HOURS = (1, 1, 0, 0, 0, 1, 4, 10, 22, 34, 36, 32, 30, 32, 34, 32, 30, 26, 24, 22, 20, 16, 9, 4)


def local(at: datetime) -> datetime:
    return at.astimezone(HELSINKI)


def day_at(day: date, hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=HELSINKI)


def likely_moment(rng: random.Random, day: date) -> datetime:
    """A moment of that day when people write and call."""
    return day_at(day, rng.choices(range(24), _HOURS)[0], rng.randrange(60), rng.randrange(60))


def random_moment(rng: random.Random, start: datetime, end: datetime) -> datetime:
    """Between the two, newer times a little more often."""
    first, days = local(start).date(), (end - start).days
    while True:
        at = likely_moment(rng, first + timedelta(days=int(days * rng.random() ** 0.8) + rng.randint(0, 1)))
        if start <= at < end:
            return at


def later(at: datetime, seconds: float) -> datetime:
    """That many real seconds later (also over a change of summer time)."""
    return datetime.fromtimestamp(int(at.timestamp() + seconds), HELSINKI)


def short_day(day: date, language: str) -> str:
    if language == "fi":
        return f"{day.day}.{day.month}."
    if language == "sv":
        return f"{day.day} {MONTHS['sv'][day.month - 1]}"
    return f"{day.day} {MONTHS['en'][day.month - 1]}"


def day_range(first: date, last: date, language: str) -> str:
    if language == "fi":
        return (
            f"{first.day}.–{last.day}.{last.month}."
            if first.month == last.month
            else f"{short_day(first, 'fi')}–{short_day(last, 'fi')}"
        )
    if first.month == last.month:
        return f"{first.day}–{short_day(last, language)}"
    return f"{short_day(first, language)} – {short_day(last, language)}"


def clock(hour: int, minute: int, language: str) -> str:
    return f"{hour}:{minute:02d}" if language == "en" else f"{hour}.{minute:02d}"


def money(amount: float, language: str) -> str:
    text = f"{amount:.2f}"
    return text if language == "en" else text.replace(".", ",")
