"""The words of the demo world: a person with what they own, a household, a firm."""

from dataclasses import dataclass, field
from datetime import date, datetime

SYSTEMS = ("mail", "chat", "calls", "stays", "orders")


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in E.164; `since` and `until` bound its use by this person, None = no bound."""

    number: str
    kind: str  # mobile | landline | switchboard
    since: datetime | None = None
    until: datetime | None = None

    def in_use(self, at: datetime) -> bool:
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


@dataclass(slots=True)
class Person:
    id: str
    first: str
    last: str
    sex: str
    language: str
    birth: date
    emails: list[str] = field(default_factory=list)  # private ones, the main one first
    work_email: str | None = None
    phones: list[Phone] = field(default_factory=list)
    nickname: str | None = None
    former_last: str | None = None
    married: datetime | None = None  # before this moment the former surname is the right one
    household: str | None = None
    firm: str | None = None
    loyalty: list[str] = field(default_factory=list)
    handle: str | None = None
    blog: str | None = None
    interests: tuple[str, ...] = ()
    weight: float = 1.0
    affinity: dict[str, float] = field(default_factory=dict)
    visitor_ids: list[str] = field(default_factory=list)
    story: str | None = None

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    def last_at(self, at: datetime) -> str:
        if self.former_last and self.married and at < self.married:
            return self.former_last
        return self.last

    def mobiles_at(self, at: datetime) -> list[str]:
        return [p.number for p in self.phones if p.kind == "mobile" and p.in_use(at)]


@dataclass(slots=True)
class Household:
    id: str
    members: list[Person]
    landline: str | None = None
    mailbox: str | None = None
    browser: str | None = None  # one chat visitor id, two people

    def adults(self) -> list[Person]:
        return self.members[:2]


@dataclass(slots=True)
class Firm:
    id: str
    name: str
    domain: str
    switchboard: str
    role_mailbox: str
    role_users: list[Person] = field(default_factory=list)
    staff: list[Person] = field(default_factory=list)
