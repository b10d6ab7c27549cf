"""Hands out phone numbers, mail addresses, handles and card numbers, each only once."""

import random
import unicodedata

MAIL_DOMAINS = ("kotiposti.example", "sahkoposti.example", "postilada.example")
MOBILE_PREFIXES = ("40", "44", "45", "50")
# 070-1740605 to 070-1740699: set aside by the Swedish regulator PTS for books and films, so nobody's number.
SWEDISH_MOBILES = range(701740605, 701740700)


def ascii_fold(text: str) -> str:
    """Å, ä and ö without their dots and rings, all else that is not ASCII dropped."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


def mail_word(text: str) -> str:
    return "".join(c for c in ascii_fold(text).lower() if c.isalnum() or c == "-")


class Register:
    """Remembers what is taken; a value asked for twice comes out in a free variant."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._taken: set[str] = set()
        self._swedish = list(SWEDISH_MOBILES)
        rng.shuffle(self._swedish)

    def claim(self, value: str) -> str:
        if value in self._taken:
            raise ValueError(f"{value} is taken")
        self._taken.add(value)
        return value

    def mobile(self, *, swedish: bool = False) -> str:
        if swedish and self._swedish:
            return self.claim(f"+46{self._swedish.pop()}")
        while True:
            number = f"+358{self._rng.choice(MOBILE_PREFIXES)}{self._rng.randrange(2_000_000, 9_999_999)}"
            if number not in self._taken:
                return self.claim(number)

    def landline(self, area: str) -> str:
        while True:
            number = f"+358{area}{self._rng.randrange(2_100_000, 8_899_999)}"
            if number not in self._taken:
                return self.claim(number)

    def private_email(self, first: str, last: str, year: int) -> str:
        a, b = mail_word(first), mail_word(last)
        forms = (
            f"{a}.{b}",
            f"{a}{b}{year % 100:02d}",
            f"{a[0]}.{b}",
            f"{b}.{a}",
            f"{a}_{b}",
            f"{a}{year}",
            f"{b}{a[:2]}",
        )
        local = self._rng.choices(forms, (40, 16, 10, 8, 8, 8, 10))[0]
        return self._free(local, self._rng.choice(MAIL_DOMAINS))

    def email_at(self, local: str, domain: str) -> str:
        return self._free(local, domain)

    def _free(self, local: str, domain: str) -> str:
        for n in range(1, 10_000):
            address = f"{local}{'' if n == 1 else n}@{domain}"
            if address not in self._taken:
                return self.claim(address)
        raise ValueError(f"no free address for {local}@{domain}")

    def handle(self, first: str, last: str) -> str:
        a, b = mail_word(first), mail_word(last).replace("-", "")
        base = self._rng.choice((f"{a}{b}", f"{a}_{b[:1]}", f"{b}{a[:3]}", f"{a}{b[:4]}"))
        for n in range(1, 10_000):
            value = f"@{base}{'' if n == 1 else n}"
            if value not in self._taken:
                return self.claim(value)
        raise ValueError(f"no free handle for {base}")

    def card(self) -> str:
        while True:
            value = f"730{self._rng.randrange(100_000, 999_999)}"
            if value not in self._taken:
                return self.claim(value)

    def visitor(self) -> str:
        return self.claim(f"v-{self._rng.getrandbits(48):012x}")
