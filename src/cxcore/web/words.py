"""The pages' own words in Finnish, Swedish and English; names and messages of people are never translated."""

import re
from typing import Final

LANGUAGES: Final = ("en", "fi", "sv")

WORDS: Final[dict[str, tuple[str, str, str]]] = {
    "title": ("One customer, one timeline", "Yksi asiakas, yksi aikajana", "En kund, en tidslinje"),
    "search": ("Search", "Hae", "Sök"),
    "search_hint": (
        "Name, phone in any form, e-mail, booking or @handle",
        "Nimi, puhelin missä muodossa tahansa, sähköposti, varaus tai @tunnus",
        "Namn, telefon i valfri form, e-post, bokning eller @namn",
    ),
    "sign_in": ("Sign in", "Kirjaudu", "Logga in"),
    "sign_out": ("Sign out", "Kirjaudu ulos", "Logga ut"),
    "key": ("Access key", "Käyttöavain", "Åtkomstnyckel"),
    "key_hint": (
        "Made with: cxcore key create",
        "Luodaan komennolla: cxcore key create",
        "Skapas med: cxcore key create",
    ),
    "found": ("customers found", "asiakasta löytyi", "kunder hittades"),
    "found_one": ("customer found", "asiakas löytyi", "kund hittades"),
    "nothing": ("Nobody found", "Ketään ei löytynyt", "Ingen hittades"),
    "nothing_hint": (
        "Try fewer words, the last digits of the number, or another spelling.",
        "Kokeile vähemmän sanoja, numeron loppua tai toista kirjoitusasua.",
        "Pröva färre ord, numrets sista siffror eller en annan stavning.",
    ),
    "no_name": ("No name known", "Nimi ei tiedossa", "Namn okänt"),
    "also_known": ("Also seen as", "Myös muodossa", "Även som"),
    "reach": ("Reach", "Yhteystiedot", "Kontakt"),
    "details": ("Details", "Tiedot", "Uppgifter"),
    "language": ("Language", "Kieli", "Språk"),
    "birth_date": ("Born", "Syntynyt", "Född"),
    "address": ("Address", "Osoite", "Adress"),
    "why": ("Why one person?", "Miksi yksi henkilö?", "Varför en person?"),
    "profiles": ("profiles in", "profiilia", "profiler i"),
    "systems": ("systems", "järjestelmässä", "system"),
    "since": ("Customer since", "Asiakas vuodesta", "Kund sedan"),
    "coverage": ("How complete is this?", "Kuinka täydellinen näkymä on?", "Hur komplett är vyn?"),
    "complete_to": ("complete to", "täydellinen", "komplett till"),
    "never_read": ("not read to the end yet", "ei vielä luettu loppuun", "inte läst till slut än"),
    "set_aside": ("set aside", "sivussa", "åsidosatta"),
    "all": ("All", "Kaikki", "Alla"),
    "chat": ("Chat", "Chat", "Chatt"),
    "phone": ("Phone", "Puhelin", "Telefon"),
    "email": ("E-mail", "Sähköposti", "E-post"),
    "social": ("Social", "Some", "Sociala medier"),
    "visit": ("Visits", "Käynnit", "Besök"),
    "purchase": ("Purchases", "Ostot", "Köp"),
    "feedback": ("Feedback", "Palaute", "Feedback"),
    "inbound": ("from customer", "asiakkaalta", "från kunden"),
    "outbound": ("to customer", "asiakkaalle", "till kunden"),
    "internal": ("internal", "sisäinen", "intern"),
    "message": ("Message", "Viesti", "Meddelande"),
    "call": ("Call", "Puhelu", "Samtal"),
    "voicemail": ("Voicemail", "Vastaajaviesti", "Röstmeddelande"),
    "post": ("Post", "Julkaisu", "Inlägg"),
    "comment": ("Comment", "Kommentti", "Kommentar"),
    "stay": ("Stay", "Majoitus", "Vistelse"),
    "arrival": ("Arrival", "Saapuminen", "Ankomst"),
    "booking": ("Booking", "Varaus", "Bokning"),
    "order": ("Order", "Tilaus", "Beställning"),
    "survey": ("Survey", "Kysely", "Enkät"),
    "appointment": ("Appointment", "Tapaaminen", "Möte"),
    "note": ("Note", "Muistiinpano", "Anteckning"),
    "auto_reply": ("automatic reply", "automaattivastaus", "autosvar"),
    "bulk": ("mass mailing", "joukkoviesti", "massutskick"),
    "bounce": ("bounced", "palautunut", "studsade"),
    "edited": ("edited", "muokattu", "redigerat"),
    "cancelled": ("cancelled", "peruttu", "inställt"),
    "missed": ("missed", "vastaamatta", "missat"),
    "truncated": ("cut short", "katkaistu", "avkortat"),
    "older": ("Older", "Vanhemmat", "Äldre"),
    "newest": ("Newest", "Uusimmat", "Nyaste"),
    "quoted": ("quoted", "lainattu", "citerat"),
    "more": ("more", "lisää", "mer"),
    "empty": ("Nothing here", "Täällä ei ole mitään", "Ingenting här"),
    "with": ("with", "kanssa", "med"),
    "today": ("Today", "Tänään", "I dag"),
    "yesterday": ("Yesterday", "Eilen", "I går"),
    "same_email": ("same e-mail address", "sama sähköpostiosoite", "samma e-postadress"),
    "same_phone": ("same phone number", "sama puhelinnumero", "samma telefonnummer"),
    "same_handle": ("same handle", "sama tunnus", "samma användarnamn"),
    "same_account": ("same account", "sama tili", "samma konto"),
    "same_loyalty": ("same loyalty number", "sama kanta-asiakasnumero", "samma lojalitetsnummer"),
    "same_given": ("same given name", "sama etunimi", "samma förnamn"),
    "same_family": ("same family name", "sama sukunimi", "samma efternamn"),
    "same_birth_date": ("same date of birth", "sama syntymäaika", "samma födelsedatum"),
    "same_address": ("same address", "sama osoite", "samma adress"),
    "similar_email": ("similar e-mail address", "samankaltainen sähköpostiosoite", "liknande e-postadress"),
    "similar_phone": ("similar phone number", "samankaltainen puhelinnumero", "liknande telefonnummer"),
    "similar_handle": ("similar handle", "samankaltainen tunnus", "liknande användarnamn"),
    "similar_account": ("similar account", "samankaltainen tili", "liknande konto"),
    "similar_loyalty": ("similar loyalty number", "samankaltainen kanta-asiakasnumero", "liknande lojalitetsnummer"),
    "similar_given": ("matching given name", "yhteensopiva etunimi", "passande förnamn"),
    "similar_family": ("matching family name", "yhteensopiva sukunimi", "passande efternamn"),
    "similar_birth_date": ("similar date of birth", "samankaltainen syntymäaika", "liknande födelsedatum"),
    "similar_address": ("matching address", "yhteensopiva osoite", "passande adress"),
    "other_given": ("other given name", "eri etunimi", "annat förnamn"),
    "other_family": ("other family name", "eri sukunimi", "annat efternamn"),
    "other_birth_date": ("other date of birth", "eri syntymäaika", "annat födelsedatum"),
    "other_address": ("other address", "eri osoite", "annan adress"),
    "other_email": ("other e-mail address", "eri sähköpostiosoite", "annan e-postadress"),
    "other_phone": ("other phone number", "eri puhelinnumero", "annat telefonnummer"),
    "other_handle": ("other handle", "eri tunnus", "annat användarnamn"),
    "other_account": ("other account", "eri tili", "annat konto"),
    "other_loyalty": ("other loyalty number", "eri kanta-asiakasnumero", "annat lojalitetsnummer"),
    "other_trait": ("other details differ", "muut tiedot poikkeavat", "andra uppgifter skiljer"),
    "same_trait": ("other details match", "muita tietoja täsmää", "andra uppgifter stämmer"),
    "equal": ("show the same", "samat tiedot", "visar samma"),
    "merge": ("a person decided: the same", "ihminen päätti: sama", "en person beslöt: samma"),
    "separate": ("a person decided: not the same", "ihminen päätti: eri", "en person beslöt: inte samma"),
    "used_by": ("people who use it:", "käyttäjiä:", "användare:"),
    "skip": ("Skip", "Ohita", "Hoppa över"),
    "reviews": ("Reviews", "Tarkistettavat", "Granskning"),
    "reviews_title": ("One person or two?", "Yksi vai kaksi ihmistä?", "En person eller två?"),
    "reviews_none": ("Nothing waits for a decision.", "Mikään ei odota päätöstä.", "Inget väntar på beslut."),
    "records": ("interactions together", "tapahtumaa yhteensä", "händelser tillsammans"),
    "reason": ("Why? (kept with the decision)", "Miksi? (säilyy päätöksen kanssa)", "Varför? (sparas med beslutet)"),
    "reviewed": ("reviewed on the page", "tarkistettu sivulla", "granskat på sidan"),
    "same_person": ("The same person", "Sama ihminen", "Samma person"),
    "not_same": ("Not the same", "Eri ihminen", "Inte samma"),
    "error_title": ("That did not work", "Se ei onnistunut", "Det gick inte"),
    "back": ("Back to search", "Takaisin hakuun", "Tillbaka till sökningen"),
    "minutes": ("min", "min", "min"),
    "attachments": ("Attachments", "Liitteet", "Bilagor"),
}

MONTHS: Final = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "fi": ("tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka", "marras", "joulu"),
    "sv": ("jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sept", "okt", "nov", "dec"),
}


_QUALITY = re.compile(r"[01](\.[0-9]{0,3})?")


def word(key: str, language: str) -> str:
    """A word of the pages; a key without one stands for itself."""
    found = WORDS.get(key)
    return key.replace("_", " ") if found is None else found[LANGUAGES.index(language)]


def best(accept: str) -> str:
    """The language a browser's Accept-Language (RFC 9110) likes best of those we have; English when none."""
    wanted: list[tuple[float, int, str]] = []
    for position, part in enumerate(accept.split(",")[:20]):
        tag, _, quality = "".join(part.lower().split()).partition(";q=")
        if not quality or _QUALITY.fullmatch(quality):
            wanted.append((-float(quality or 1), position, tag.split("-")[0]))
    return next((tag for weight, _, tag in sorted(wanted) if tag in LANGUAGES and weight < 0), "en")
