"""Search: however a name, a number or an address is typed, it finds what is stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxcore.model.identifier import Identifier, Scheme
from cxcore.normalise.identifiers import normalise
from cxcore.timeline.search import query_terms, terms


def stored(name: str | None = None, *identifiers: Identifier) -> set[str]:
    """What finds a profile, as the pipeline stores it."""
    found = [normalise(i, region="FI") for i in identifiers]
    return terms(name, [(n.scheme, n.value) for n in found if n is not None])


def finds(query: str, found: set[str]) -> bool:
    """Whether each item of the query is met by the beginning of some term: what the database is asked."""
    items = query_terms(query)
    return bool(items) and all(any(t.startswith(low) for low in item for t in found) for item in items)


ANNA = stored("Anna-Liisa Mäkinen", Identifier.phone("+358 40 123 4567"), Identifier.email("anna.makinen@koti.example"))
BO = stored("Bo Åberg", Identifier.phone("+46 70 123 45 67"), Identifier.handle("mastodon", "@bo@some.example"))
KARI = stored("Kari Ødegård", Identifier.email("kari.o+shop@gmail.com"), Identifier.loyalty("club", "6006 4912-3456"))
JURGEN = stored("Jürgen Müller", Identifier.account("shop", "C-00712"), Identifier.handle("bluesky", "jmueller"))
MUELLER = stored("MUELLER JUERGEN", Identifier.account("pms", "RES 88/2026"), Identifier.phone("09 1234567"))
OBRIEN = stored("Pat O'Brien", Identifier.account("pms", "123456"), Identifier.handle("blog", "https://pat.example/"))

HITS: list[tuple[str, set[str]]] = [
    # a phone number as it is said, read off a screen or pasted
    ("+358401234567", ANNA),
    ("+358 40 123 4567", ANNA),
    ("00358401234567", ANNA),
    ("00358 40 123 4567", ANNA),
    ("358401234567", ANNA),
    ("0401234567", ANNA),
    ("040-1234567", ANNA),
    ("040 123 4567", ANNA),
    ("040/1234567", ANNA),
    ("(040) 123 4567", ANNA),
    ("+358 (0)40 123 4567", ANNA),
    ("tel:+358401234567", ANNA),
    ("Tel. 040 1234567", ANNA),
    ("puh. 040 123 4567", ANNA),
    ("p. 040 123 4567", ANNA),
    ("gsm 0401234567", ANNA),
    ("1234567", ANNA),  # its last digits
    ("4567", ANNA),
    ("34567", ANNA),
    ("+46701234567", BO),
    ("070-123 45 67", BO),  # a Swedish number as it is dialled in Sweden
    ("0046 70 123 45 67", BO),
    ("09 1234567", MUELLER),
    ("09-123 45 67", MUELLER),
    # a name in any case, order, spelling, and only its beginning
    ("Mäkinen", ANNA),
    ("makinen", ANNA),
    ("MÄKINEN", ANNA),
    ("ma\u0308kinen", ANNA),
    ("maekinen", ANNA),
    ("mäki", ANNA),
    ("anna mäkinen", ANNA),
    ("Mäkinen, Anna", ANNA),
    ("mäkinen anna-liisa", ANNA),
    ("anna liisa", ANNA),
    ("a mäkinen", ANNA),
    ("Åberg", BO),
    ("aberg bo", BO),
    ("aaberg", BO),
    ("Ødegård", KARI),
    ("odegard", KARI),
    ("oedegaard", KARI),
    ("Müller", JURGEN),
    ("muller", JURGEN),
    ("mueller juergen", JURGEN),
    ("Müller", MUELLER),  # stored without its letters
    ("Jürgen Müller", MUELLER),
    ("o'brien", OBRIEN),
    ("O\u2019Brien Pat", OBRIEN),
    ("obrien", OBRIEN),
    # an address
    ("anna.makinen@koti.example", ANNA),
    ("Anna.Makinen@KOTI.example", ANNA),
    ("<anna.makinen@koti.example>", ANNA),
    ("Anna Mäkinen <anna.makinen@koti.example>", ANNA),
    ("mailto:anna.makinen@koti.example", ANNA),
    ("anna.makinen@ko", ANNA),
    ("anna.makinen", ANNA),
    ("anna.makinen+lasku@koti.example", ANNA),
    ("kari.o@gmail.com", KARI),
    ("kario@gmail.com", KARI),
    ("Kari.O+other@googlemail.com", KARI),
    # other numbers and handles
    ("6006 4912 3456", KARI),
    ("600649123456", KARI),
    ("6006-4912-3456", KARI),
    ("C-00712", JURGEN),
    ("c-00712", JURGEN),
    ("@jmueller", JURGEN),
    ("jmueller", JURGEN),
    ("@bo@some.example", BO),
    ("RES 88/2026", MUELLER),
    ("res 88/2026", MUELLER),
    ("123456", OBRIEN),
    ("https://pat.example/", OBRIEN),
    ("https://pat.example", OBRIEN),
    # several at once, as people say them
    ("mäkinen 040 123 4567", ANNA),
    ("Anna Mäkinen 0401234567", ANNA),
    ("0401234567 anna", ANNA),
    ("mäkinen 4567", ANNA),
    ("Müller C-00712", JURGEN),
    ("O'Brien 123456", OBRIEN),
]


@pytest.mark.parametrize(("query", "found"), HITS, ids=[q for q, _ in HITS])
def test_what_people_type_finds_whom_they_mean(query: str, found: set[str]) -> None:
    assert finds(query, found), (query_terms(query), found)


@pytest.mark.parametrize(
    "query", ["Anna Virtanen", "0401234568", "anna@koti.example", "virtanen", "@anna", "9999", "mäkinen 0509999999"]
)
def test_what_is_someone_elses_finds_nobody(query: str) -> None:
    assert not any(finds(query, found) for found in (ANNA, BO, KARI, JURGEN, MUELLER, OBRIEN))


@pytest.mark.parametrize("query", ["", " ", "-", "...", "@", "@@", "+", "()", "☎", "<>", "tel:", "%", "_"])
def test_a_query_of_nothing_asks_for_nothing(query: str) -> None:
    assert query_terms(query) == []


@given(st.text(alphabet=st.characters(codec=None), max_size=200))
def test_no_query_breaks_the_search_or_asks_for_everything(query: str) -> None:
    items = query_terms(query)
    assert len(items) <= 6
    for item in items:
        assert item
        for term in item:
            assert len(term) > 2
            assert term[:2] in {"n:", "p:", "e:", "i:"}
            assert "\x00" not in term
            term.encode()


@given(st.text(min_size=1, max_size=40), st.sampled_from(list(Scheme)), st.text(min_size=1, max_size=40))
def test_what_is_stored_can_be_stored(name: str, scheme: Scheme, value: str) -> None:
    for term in stored(name.replace("\x00", ""), Identifier(scheme=scheme, value=value, issuer="x")):
        term.encode()
        assert len(term) > 2


NAMES = st.lists(st.text(alphabet="abcdefghäöåüøéñß", min_size=2, max_size=9), min_size=1, max_size=3)


@given(NAMES, st.randoms())
def test_a_name_is_found_in_any_order_and_case(parts: list[str], rng: object) -> None:
    found = stored(" ".join(parts))
    rng.shuffle(parts)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert finds(" ".join(parts), found)
    assert finds(", ".join(parts).upper(), found)


@given(st.integers(10_000_000, 999_999_999), st.sampled_from(["+358", "00358", "0", "358"]))
def test_a_number_is_found_in_any_form(number: int, prefix: str) -> None:
    found = stored(None, Identifier.phone(f"+358{number}"))
    if found:
        assert finds(f"{prefix}{number}", found)
