"""The people of the stories: always there, always with the same names and numbers."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from cxdemo.identities import Register
from cxdemo.people import draw_affinity
from cxdemo.person import Household, Person, Phone


@dataclass(slots=True)
class Story:
    key: str
    title: str
    people: list[Person]
    what: str
    households: list[Household] = field(default_factory=list)
    where: list[str] = field(default_factory=list)  # "system:record key", filled while the records are written


class _Casting:
    def __init__(self, rng: random.Random, register: Register, end: datetime) -> None:
        self.rng, self.register, self.end = rng, register, end
        self.people: list[Person] = []

    def add(
        self,
        first: str,
        last: str,
        sex: str,
        language: str,
        born: str,
        *,
        story: str,
        emails: tuple[str, ...],
        mobile: str | None,
        card: str | None = None,
        handle: str | None = None,
        interests: tuple[str, ...] = (),
        weight: float = 6.0,
    ) -> Person:
        person = Person(
            f"p{len(self.people) + 1:05d}",
            first,
            last,
            sex,
            language,
            date.fromisoformat(born),
            story=story,
            weight=weight,
        )
        person.emails = [self.register.claim(e) for e in emails]
        if mobile:
            person.phones.append(Phone(self.register.claim(mobile), "mobile"))
        if card:
            person.loyalty.append(self.register.claim(card))
        person.handle = self.register.claim(handle) if handle else None
        person.interests = interests
        person.affinity = {system: max(value, 0.4) for system, value in draw_affinity(self.rng).items()}
        person.visitor_ids = [self.register.visitor() for _ in range(2)]
        self.people.append(person)
        return person


def cast_stories(rng: random.Random, register: Register, end: datetime) -> tuple[list[Person], list[Story]]:
    c = _Casting(rng, register, end)
    anna = c.add(
        "Anna", "Mäkinen", "f", "fi", "1974-02-11", story="hockey_guest", mobile="+358404417326", card="730412208", handle="@annamakinen",
        emails=("anna.makinen@kotiposti.example", "annamakinen74@postilada.example"), interests=("ice_hockey", "sauna", "food"), weight=18.0,
    )  # fmt: skip
    jari = c.add(
        "Jari", "Mäkinen", "m", "fi", "1971-09-30", story="hockey_spouse", mobile="+358505538214", card="730412209",
        emails=("jari.makinen@kotiposti.example",), interests=("hiking",), weight=4.0,
    )  # fmt: skip
    namesake = c.add(
        "Anna", "Mäkinen", "f", "fi", "1991-06-02", story="hockey_namesake", mobile="+358456120983",
        emails=("anna.h.makinen@sahkoposti.example",), interests=("opera", "travel"), weight=4.0,
    )  # fmt: skip
    sari = c.add(
        "Sari", "Hakala", "f", "fi", "1968-11-19", story="agent", mobile="+358442390617", card="730518836", handle="@sarihakala",
        emails=("sari.hakala@sahkoposti.example", "hakalasari68@postilada.example"), interests=("music", "food"), weight=7.0,
    )  # fmt: skip
    ville = c.add(
        "Ville", "Lehtonen", "m", "fi", "1986-04-08", story="brand", mobile="+358409271548", card="730633174", handle="@villelehtonen",
        emails=("ville.lehtonen@kotiposti.example",), interests=("food", "travel"), weight=7.0,
    )  # fmt: skip
    gunilla = c.add(
        "Gunilla", "Sjöberg", "f", "sv", "1959-01-27", story="no_surprises", mobile="+358504486193", card="730297745",
        emails=("gunilla.sjoberg@postilada.example",), interests=("opera", "golf"),
    )  # fmt: skip
    petteri = c.add(
        "Petteri", "Vuorinen", "m", "fi", "1979-08-14", story="forget_me", mobile="+358453307412",
        emails=("petteri.vuorinen@kotiposti.example",), interests=("hiking",),
    )  # fmt: skip
    recycled = "+358445079126"
    tuula = c.add(
        "Tuula", "Rantala", "f", "fi", "1947-03-05", story="recycled_first_owner", mobile=None,
        emails=("tuula.rantala@kotiposti.example",), interests=("sauna",), weight=5.0,
    )  # fmt: skip
    emil = c.add(
        "Emil", "Nyström", "m", "sv", "1998-12-01", story="recycled_second_owner", mobile=None, card="730880152", handle="@emilnystrom",
        emails=("emil.nystrom@sahkoposti.example",), interests=("winter_sports", "music"), weight=6.0,
    )  # fmt: skip
    handed_over = end - timedelta(days=840)
    tuula.phones.append(Phone(register.claim(recycled), "mobile", until=handed_over))
    tuula.phones.append(Phone(register.claim("+358447716035"), "mobile", since=handed_over))
    emil.phones.append(Phone(register.claim("+358407712964"), "mobile", until=end - timedelta(days=300)))
    emil.phones.append(Phone(recycled, "mobile", since=end - timedelta(days=300)))
    family = [
        c.add("Marika", "Korhonen", "f", "fi", "1978-05-21", story="family", mobile="+358401926473", card="730745501",
              emails=("marika.korhonen@kotiposti.example",), interests=("food", "pets")),
        c.add("Timo", "Korhonen", "m", "fi", "1976-10-03", story="family", mobile="+358506681427",
              emails=("timo.korhonen@sahkoposti.example",), interests=("ice_hockey", "golf")),
        c.add("Aino", "Korhonen", "f", "fi", f"{end.year - 20}-07-12", story="family", mobile="+358449203716",
              emails=("aino.korhonen@postilada.example",), interests=("music",), weight=3.0),
        c.add("Eetu", "Korhonen", "m", "fi", f"{end.year - 17}-01-30", story="family", mobile="+358451187290",
              emails=("eetu.korhonen@postilada.example",), interests=("ice_hockey",), weight=3.0),
    ]  # fmt: skip
    firm = [
        c.add("Outi", "Ristola", "f", "fi", "1983-02-17", story="firm", mobile="+358407735102", card="730951148",
              emails=("outi.ristola@kotiposti.example",), interests=("travel",), weight=8.0),
        c.add("Henrik", "Söderholm", "m", "sv", "1972-06-24", story="firm", mobile="+358505914836",
              emails=("henrik.soderholm@sahkoposti.example",), interests=("golf",), weight=6.0),
        c.add("Niko", "Pöyhönen", "m", "fi", "1990-09-09", story="firm", mobile="+358444860275",
              emails=("niko.poyhonen@postilada.example",), interests=("hiking",), weight=5.0),
        c.add("Katariina", "Yli-Hukkala", "f", "fi", "1987-12-13", story="firm", mobile="+358459027361",
              emails=("kati.ylihukkala@kotiposti.example",), interests=("opera",), weight=5.0),
    ]  # fmt: skip
    firm[3].nickname = "Kati"
    makinens = Household("h0001", [anna, jari], landline=register.claim("+358342716380"))
    korhonens = Household(
        "h0002", family, landline=register.claim("+358282204715"), mailbox=register.claim("perhe.korhonen@kotiposti.example"),
        browser=register.visitor(),
    )  # fmt: skip
    for household in (makinens, korhonens):
        for member in household.members:
            member.household = household.id
            member.phones.append(Phone(str(household.landline), "landline"))
    for member in family[:2]:
        member.visitor_ids.append(str(korhonens.browser))
    stories = [
        Story("hockey_guest", "The ice-hockey guest on her 20th stay", [anna, jari, namesake],
              "Anna Mäkinen (first) has 19 former stays with a guest id of each hotel and arrives today; own public blog about ice hockey; "
              "her husband Jari (second) shares the landline; the third is an unrelated namesake.", [makinens]),
        Story("agent", "An invoice matter promised for today", [sari],
              "Charged twice; asked by mail, by phone and by chat; an agent promised the refund for today; nothing has gone out."),
        Story("brand", "A funny post about a typo at 18:41", [ville],
              "A known customer's handle posts about lohikäärmekeitto (dragon soup, meant: lohikeitto, salmon soup) in the lunch menu."),
        Story("no_surprises", "Please, no surprises", [gunilla], "Asks by mail, in Swedish, not to be surprised or recognised at the desk."),
        Story("forget_me", "Please forget me", [petteri], "Asks by mail for erasure of all his data."),
        Story("recycled_number", "One number, two owners", [tuula, emil],
              f"{recycled} was Tuula Rantala's, stood unused for a year and a half, then became Emil Nyström's."),
        Story("family", "A family of four", family, "One landline, one family mailbox, one browser of the parents.", [korhonens]),
        Story("firm", "A firm with a switchboard", firm, "Four colleagues behind one switchboard and one info@ mailbox."),
    ]  # fmt: skip
    return c.people, stories
