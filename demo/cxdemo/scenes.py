"""The stories' scenes, word for word: the invoice promised for today, no surprises, forget me."""

from datetime import datetime, timedelta

from cxdemo.calls import Switchboard, inbound, outbound
from cxdemo.chain import AGENTS
from cxdemo.chat import ChatLog
from cxdemo.conversations import raise_matter
from cxdemo.mail import Post, own_address, write_thread
from cxdemo.mail_styles import attribution, quote
from cxdemo.moments import later, likely_moment, local
from cxdemo.person import Person
from cxdemo.rfc5322 import Mail
from cxdemo.stays import StayBook
from cxdemo.truth import Ledger
from cxdemo.world import World

HENNA = AGENTS[0]


def play_mail_scenes(post: Post, book: StayBook) -> None:
    """Six mails: two of the invoice story, two pairs of wishes."""
    world = post.world
    sari, gunilla, petteri = (world.story(k).people[0] for k in ("agent", "no_surprises", "forget_me"))
    stay = max(book.of[sari.id], key=lambda s: s.departure)
    amount = f"{stay.total:.2f}".replace(".", ",")
    _exchange(
        post, "agent", sari, "invoices", f"Lasku {stay.ref} veloitettu kahdesti", at=_before(world.end, days=6, hour=10, minute=12),
        question=f"Hei,\n\nkortiltani on veloitettu {amount} euroa kahteen kertaan samasta yöpymisestä (varaus {stay.ref}, {stay.hotel.name}). "
        "Pyydän palauttamaan toisen maksun.\n\nTerveisin\nSari Hakala\n044 239 0617",
        answer=f"Hei Sari,\n\nkiitos viestistäsi. Näen molemmat veloitukset. Välitin asian laskutukseen ja palaamme siihen muutaman päivän kuluessa.\n\n"
        f"Ystävällisin terveisin\n{HENNA.name}\nKaislakuu Hotellit",
    )  # fmt: skip
    _exchange(
        post, "no_surprises", gunilla, "service", "En önskan om mina besök", at=_before(world.end, days=40, hour=19, minute=5),
        question="Hej,\n\nvid mitt senaste besök överraskade ni mig med operabiljetter och sade att ni visste att jag tycker om opera. Det var säkert vänligt menat, "
        "men det kändes obehagligt. Jag vill inte ha några överraskningar och jag vill inte att personalen talar om vad jag tycker om. "
        "Ett vanligt rum och en nyckel räcker gott.\n\nVänliga hälsningar\nGunilla Sjöberg",
        answer=f"Hej Gunilla,\n\ntack för att du säger det, och förlåt. Jag har antecknat ditt önskemål: inga överraskningar.\n\nVänliga hälsningar\n{AGENTS[6].name}\nKaislakuu Hotell",
    )  # fmt: skip
    _exchange(
        post, "forget_me", petteri, "service", "Tietojeni poistaminen", at=_before(world.end, days=3, hour=8, minute=47),
        question="Hei,\n\npyydän, että poistatte kaikki minua koskevat tiedot järjestelmistänne: yöpymiset, viestit, puhelut ja muut. En ole enää asiakkaanne. "
        "Pyydän myös vahvistuksen, kun tiedot on poistettu.\n\nPetteri Vuorinen\npuh. 045 330 7412",
        answer=f"Hei Petteri,\n\nkiitos viestistäsi. Kirjasin poistopyyntösi ja vahvistamme sen, kun tiedot on poistettu.\n\nTerveisin\n{AGENTS[4].name}\nKaislakuu Hotellit",
    )  # fmt: skip

    _shared_mailboxes(post, book)


def _shared_mailboxes(post: Post, book: StayBook) -> None:
    """The parents write from the family mailbox, three colleagues from info@ of their firm."""
    world = post.world
    family, firm = world.story("family").people, world.story("firm").people
    mailbox, role = (
        world.household_of[family[0].household or ""].mailbox,
        world.firm_of[firm[0].firm or ""].role_mailbox,
    )
    writers = [("family", p, mailbox) for p in family[:2]] + [("firm", p, role) for p in firm[:3]]
    for story, person, address in writers:
        before = len(post.filed)
        write_thread(post, raise_matter(post.rng, world, book, person), person, forced_address=address)
        for filed in post.filed[before:]:
            world.note(story, f"mail:{filed.folders[0]}/{filed.mail.message_id}")


def _before(end: datetime, *, days: int, hour: int, minute: int) -> datetime:
    return (local(end) - timedelta(days=days)).replace(hour=hour, minute=minute, second=20, microsecond=0)


def _exchange(
    post: Post, story: str, person: Person, desk: str, subject: str, *, at: datetime, question: str, answer: str
) -> None:
    customer, own = (person.name, person.emails[0]), own_address(desk)
    first = Mail(post.message_id(person.emails[0].split("@")[1]), at, customer, (own,), subject, question)
    back = later(at, 5400)
    text = f"{answer}\n\n{attribution(post.rng, person.language, customer, at, 'plain8')}\n{quote(question)}"
    second = Mail(
        post.message_id("kaislakuu.example"),
        back,
        own,
        (customer,),
        f"Re: {subject}",
        text,
        "plain8",
        first.message_id,
        (first.message_id,),
    )
    post.file_in("inbox", first, person)
    post.file_in("sent", second, person)
    post.world.note(story, f"mail:inbox/{first.message_id}")
    post.world.note(story, f"mail:sent/{second.message_id}")


def play_calls(board: Switchboard, ledger: Ledger) -> None:
    """Sari calls two days before and is called back in vain on the last day."""
    world = board.world
    sari = world.story("agent").people[0]
    mobile = sari.phones[0].number
    asked = inbound(
        board,
        ledger,
        sari,
        _before(world.end, days=2, hour=13, minute=31),
        number=mobile,
        userfield="aihe=lasku",
        answered=True,
    )
    tried = outbound(board, ledger, sari, later(world.end, -5 * 3600), number=mobile, answered=False)
    for call in (asked, tried):
        world.note("agent", f"calls:{call}")
    _shared_numbers(board, ledger)


def _shared_numbers(board: Switchboard, ledger: Ledger) -> None:
    """Both owners call from the recycled number, the family from its landline, the colleagues through their switchboard."""
    world = board.world
    handover = world.handovers[0]
    tuula, emil = world.story("recycled_number").people
    when = [
        (tuula, handover.until, -150),
        (tuula, handover.until, -31),
        (emil, handover.since, 12),
        (emil, handover.since, 170),
    ]
    callers = [
        ("recycled_number", p, handover.number, likely_moment(board.rng, (at + timedelta(days=d)).date()))
        for p, at, d in when
    ]
    for n, person in enumerate(world.story("family").people):
        landline = next(p.number for p in person.phones if p.kind == "landline")
        callers.append(("family", person, landline, _before(world.end, days=50 + 61 * n, hour=17, minute=8 + n)))
    for n, person in enumerate(world.story("firm").people):
        callers.append(
            (
                "firm",
                person,
                world.firm_of[person.firm or ""].switchboard,
                _before(world.end, days=22 + 43 * n, hour=10, minute=33 + n),
            )
        )
    for story, person, number, at in callers:
        world.note(story, f"calls:{inbound(board, ledger, person, at, number=number)}")


def play_chat(log: ChatLog, ledger: Ledger, book: StayBook) -> None:
    """Three hours before the end: the promise for today. Nothing has followed."""
    world: World = log.world
    sari = world.story("agent").people[0]
    stay = max(book.of[sari.id], key=lambda s: s.departure)
    visitor = {
        "id": sari.visitor_ids[0],
        "name": "Sari Hakala",
        "email": sari.emails[1],
        "phone": None,
        "locale": "fi-FI",
    }
    chat_id, at = log.open_chat(), later(world.end, -3 * 3600)
    _shared_browser(log, ledger)
    lines = (
        (
            False,
            f"Hei, kysyn taas laskusta {stay.ref}. Minulta on veloitettu kahdesti, enkä ole saanut rahoja takaisin.",
        ),
        (True, "Hei Sari, täällä Henna. Anteeksi, että tässä on kestänyt. Hetki, tarkistan."),
        (
            True,
            "Hyvityslasku odottaa hyväksyntää. Lupaan, että palautus lähtee tänään ja saat siitä vahvistuksen sähköpostiin.",
        ),
        (False, "Kiitos. Eli tänään varmasti?"),
        (True, "Kyllä, tänään."),
    )
    for by_agent, text in lines:
        message = log.say(
            ledger, sari, chat_id=chat_id, at=at, text=text, visitor=visitor, agent=HENNA, by_agent=by_agent, site="www"
        )
        world.note("agent", f"chat:{message['message_id']}")
        at = later(at, 35)


def _shared_browser(log: ChatLog, ledger: Ledger) -> None:
    """Mother and father ask from the same browser, she with her address, he without any name."""
    world = log.world
    marika, timo = world.story("family").people[:2]
    browser = world.household_of[marika.household or ""].browser
    anonymous = {"id": browser, "name": None, "email": None, "phone": None, "locale": "fi-FI"}
    named = {**anonymous, "name": "Marika Korhonen", "email": marika.emails[0]}
    scenes = (
        (marika, named, 64, (
            (False, "Hei, onko Turun hotellissa perhehuoneita neljälle?"),
            (True, "Hei! Kyllä on, ja lapset yöpyvät samassa huoneessa maksutta."),
            (False, "Kiitos, varaan illalla."),
        )),
        (timo, anonymous, 63, (
            (False, "Moi, vaimo kysyi eilen perhehuoneesta. Mahtuuko halliin kattoboksi?"),
            (True, "Hallin korkeus on 2,1 metriä, joten boksi ei valitettavasti mahdu. Pihalla on tilaa."),
        )),
    )  # fmt: skip
    for person, visitor, days, lines in scenes:
        chat_id, at = log.open_chat(), _before(world.end, days=days, hour=19, minute=42)
        for by_agent, text in lines:
            message = log.say(
                ledger,
                person,
                chat_id=chat_id,
                at=at,
                text=text,
                visitor=visitor,
                agent=AGENTS[2],
                by_agent=by_agent,
                site="www",
            )
            world.note("family", f"chat:{message['message_id']}")
            at = later(at, 48)
