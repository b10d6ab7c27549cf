"""Times as a reader sees them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cxcore.web.words import MONTHS, word


@dataclass(frozen=True, slots=True)
class Clock:
    """How times are shown: in the house's zone and the reader's language."""

    zone: ZoneInfo
    language: str
    today: date

    def day(self, at: datetime) -> str:
        """Today, yesterday, or the date in words."""
        local = at.astimezone(self.zone).date()
        if local == self.today:
            return word("today", self.language)
        if local == self.today - timedelta(days=1):
            return word("yesterday", self.language)
        month = MONTHS[self.language][local.month - 1]
        if self.language == "fi":
            return f"{local.day}. {month}kuuta {local.year}"
        return f"{local.day} {month} {local.year}"

    def time(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%H:%M}"

    def stamp(self, at: datetime) -> str:
        """Date and time, short."""
        local = at.astimezone(self.zone)
        return f"{local.day}.{local.month}.{local.year} {local:%H:%M}"
