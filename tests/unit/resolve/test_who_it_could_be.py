"""What is near one person and is not: relatives, colleagues, a telephone that was at hand, addresses that look alike."""

import pytest

from cxcore.model.identifier import Scheme
from cxcore.resolve import base, comparisons
from cxcore.resolve.linkage import Clustered
from cxcore.resolve.model import default
from cxcore.resolve.payload import Payload, payload


def person(name: str = "", *, issuer: str = "browser", **shown: str) -> Payload:
    schemes = {"mail": Scheme.EMAIL, "phone": Scheme.PHONE, "handle": Scheme.HANDLE, "loyalty": Scheme.LOYALTY}
    identifiers = [(schemes[k], issuer if k == "handle" else "", v) for k, v in shown.items()]
    return payload(name=name, identifiers=identifiers)


def partition(*records: Payload) -> tuple[list[set[int]], Clustered]:
    collected = base.collect(records)
    found = base.partition(collected.payloads, default())
    cluster_of = {node: n for n, nodes in enumerate(found.clusters) for node in nodes}
    groups: dict[int, set[int]] = {}
    for place, node in enumerate(collected.node_of):
        groups.setdefault(cluster_of[node], set()).add(place)
    return sorted(groups.values(), key=min), found


def test_a_call_from_a_number_that_was_given_once_among_others_waits() -> None:
    own, partners = "+358401234567", "+358407654321"
    stays = [person("Aisha Bennett", mail="a.bennett@x.example", phone=own, loyalty=str(n)) for n in range(3)]
    once = person("Aisha Bennett", mail="a.bennett@x.example", phone=partners)
    groups, found = partition(*stays, once, person(phone=own), person(phone=partners))
    assert groups == [{0, 1, 2, 3, 4}, {5}]
    assert [step.shown for step in found.refused] == [False]


def test_a_browser_of_two_is_theirs_whose_mailbox_is_shown_with_it() -> None:
    browser = "v-9849eebda0d7"
    siiri = [
        person("Siiri Pesonen", mail="siiri@x.example"),
        person("Siiri Pesonen", mail="siiri@x.example", handle=browser),
    ]
    antti = [person("Antti Pesonen", mail="antti51@x.example"), person(mail="antti51@x.example", handle=browser)]
    assert partition(*siiri, *antti)[0] == [{0, 1}, {2, 3}]


def test_two_browsers_do_not_speak_against_one_person() -> None:
    a, b = (person("Anna Oja", mail="anna@x.example", handle=f"v-{n}") for n in range(2))
    place = [c.name for c in default().comparisons].index("handle")
    assert default().comparisons[place].compare(a, b) == 0
    a, b = (person("Anna Oja", mail="anna@x.example", handle=f"anna{n * 50}", issuer="mastodon") for n in range(2))
    assert default().comparisons[place].compare(a, b) > 0


COLLEAGUES = (("Aino", "Berg"), ("Onni", "Salo"), ("Ulla", "Oja"), ("Kari", "Lehto"), ("Pirjo", "Virta"))


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        (("Tiina Oja", "tiina.oja@x.example"), ("Taina Oja", "taina.oja@x.example"), "no slip"),
        (("Jukka Häkkinen", "j.hakkinen@x.example"), ("Juhani Hekkinen", "j.hekkinen@x.example"), "no slip"),
        (("Tiina Oja", "tiina.oja@x.example"), ("Tiina Oja", "tina.oja@x.example"), "slip of the pen"),
    ],
)
def test_addresses_that_differ_as_the_names_do_are_no_slip(
    one: tuple[str, str], other: tuple[str, str], level: str
) -> None:
    a, b = (person(name, mail=mail) for name, mail in (one, other))
    mail = next(c for c in comparisons.COMPARISONS if c.name == "email")
    assert (mail.levels[mail.compare(a, b) - 1] == "slip of the pen") is (level == "slip of the pen")
    assert mail.compare(a, b) == mail.compare(b, a)


def test_colleagues_on_one_line_whose_given_names_agree_stay_two() -> None:
    line = "+35898241828"
    firm = [person(f"{given} {family}", phone=line) for given, family in COLLEAGUES]
    merja = [
        person("Merja Leppänen", mail="merja@x.example", phone=line),
        person("Merja Leppänen", mail="merja@x.example"),
    ]
    groups, _ = partition(*merja, person("Merja Hämäläinen", phone=line), *firm)
    assert {0, 1} in groups
    assert {2} in groups


def test_a_familys_mailbox_is_of_two_from_the_start() -> None:
    groups, found = partition(
        person("Tero Siltanen", mail="perhe.siltanen@x.example"), person(mail="perhe.siltanen@x.example")
    )
    assert groups == [{0}, {1}]
    assert [step.shown for step in found.refused] == [False]
