"""What is newly said, and what is folded away."""

import time

import pytest

from cxcore.sdk.mail.quotes import fold

HISTORY = "> Hei,\n> milloin?"


@pytest.mark.parametrize(
    "line",
    [
        "On Thu, Aug 19, 2021 at 2:07 PM Anna Berg <anna@shop.example> wrote:",
        "ma 5. tammik. 2026 klo 10.00 Anna Berg (anna@shop.example) kirjoitti:",
        "5.1.2026 10.00 Anna Berg kirjoitti:",
        "Den mån 5 jan. 2026 kl 10:00 skrev Anna Berg <anna@shop.example>:",
        "Anna Berg <anna@shop.example> skrev den 5 jan 2026 kl. 10:00:",
        "Am 05.01.26 um 10:00 schrieb Anna Berg:",
        "Am Mo., 5. Jan. 2026 um 10:00 Uhr schrieb Anna Berg <\nanna@shop.example>:",
    ],
)
@pytest.mark.parametrize("quoted", [HISTORY, "Hei,\nmilloin?"], ids=["marked", "unmarked"])
def test_an_attribution_and_what_follows_is_history(line: str, quoted: str) -> None:
    said, history = fold(f"Huomenna.\n\n{line}\n\n{quoted}\n")
    assert said == "Huomenna."
    assert history.startswith(line)
    assert history.endswith("milloin?")


@pytest.mark.parametrize(
    "block",
    [
        "-----Original Message-----\nFrom: Anna\nSent: Monday",
        "-----Alkuperäinen viesti-----\nLähettäjä: Anna",
        "-----Ursprungligt meddelande-----\nFrån: Anna",
        "-----Ursprüngliche Nachricht-----\nVon: Anna",
        "---------- Forwarded message ---------\nFrom: Anna",
        "From: Anna <a@b.example>\nSent: Monday, 5 January 2026\nTo: Help\nSubject: Room",
        "Lähettäjä: Anna\nLähetetty: maanantai 5. tammikuuta 2026 10.00\nVastaanottaja: Help\nAihe: Huone",
        "Från: Anna\nSkickat: den 5 januari 2026 10:00\nTill: Help\nÄmne: Rum",
        "Von: Anna\nGesendet: Montag, 5. Januar 2026\nAn: Help\nBetreff: Zimmer",
        "*From:* Anna <a@b.example>\n*Sent:* Monday\n*To:* Help\n*Subject:* Room",
        "________________________________\nFrom: Anna\nSent: Monday\nTo: Help\nSubject: Room",
    ],
)
def test_a_header_block_of_outlook_begins_history(block: str) -> None:
    assert fold(f"Tack!\n\n{block}\n\nGammal text") == ("Tack!", f"{block}\n\nGammal text")


def test_answers_between_quotes_stay_said() -> None:
    said, history = fold("> Breakfast?\nYes please\n> Parking?\nNo\n")
    assert said == "Yes please\nNo"
    assert history == "> Breakfast?\n> Parking?"


def test_text_under_a_quote_stays_said() -> None:
    said, history = fold("On 5 Jan 2026 Anna <a@b.example> wrote:\n> When?\n\nTomorrow")
    assert said == "Tomorrow"
    assert history == "On 5 Jan 2026 Anna <a@b.example> wrote:\n> When?"


def test_a_signature_is_folded() -> None:
    assert fold("Terveisin Anna\n\n-- \nAnna Berg\n+358 40 1234567") == (
        "Terveisin Anna",
        "-- \nAnna Berg\n+358 40 1234567",
    )
    assert fold("Hi\n\n--\nAnna") == ("Hi", "--\nAnna")


def test_a_rule_of_dashes_in_a_long_text_is_no_signature() -> None:
    text = "One\n--\n" + "\n".join(f"line {n}" for n in range(60))
    assert fold(text) == (text, "")


@pytest.mark.parametrize(
    "text",
    [
        "She wrote:\nhello",
        "From: the lobby\nwe saw it",
        "I wrote to you on 5.1. and again:\nno answer",
        "Price > 100\nis fine",
        "",
    ],
)
def test_ordinary_text_is_not_folded(text: str) -> None:
    assert fold(text) == (text, "")


def test_what_is_all_quoted_is_said_after_all() -> None:
    assert fold("> only\n> this") == ("> only\n> this", "")


@pytest.mark.parametrize(
    "attack",
    [
        "> > >" * 20_000,
        "> " * 50_000,
        "On " * 33_000,
        "On 1 " + "<" * 100_000,
        "\n" * 100_000,
        "_" * 100_000,
        ("_" * 20 + "\n") * 5_000,
        "-" * 100_000,
        "From: x\n" * 12_000,
        "On 1 wrote\n" * 9_000,
        ("On 1 " + "wrote " * 150 + "\n") * 110,
        "-- \n" * 25_000,
        " " * 100_000,
        "a@b " * 25_000,
    ],
    ids=lambda text: text[:12],
)
def test_100_kb_of_attack_cost_little(attack: str) -> None:
    began = time.process_time()
    fold(attack)
    assert time.process_time() - began < 1  # a wall against blow-up, not a measurement: it takes a few ms


def test_an_attribution_that_begins_with_the_name_goes_with_its_quote() -> None:
    text = "Tilaa on.\n\nAnna Mäkinen kirjoitti 4.6.2026 klo 09:18:\n> Onko tilaa?\n"
    said, history = fold(text)
    assert said == "Tilaa on."
    assert history.startswith("Anna Mäkinen kirjoitti")
