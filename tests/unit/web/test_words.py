"""Words: each page in three languages, chosen as the browser asks."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cxcore.web
from cxcore.model.interaction import Channel, Direction, Flag, Kind
from cxcore.resolve.comparisons import COMPARISONS
from cxcore.resolve.fields import Field
from cxcore.resolve.rules import Ground
from cxcore.web.words import LANGUAGES, MONTHS, WORDS, best, word

TEMPLATES = sorted((Path(cxcore.web.__file__).parent / "templates").glob("*.html"))


@pytest.mark.parametrize("key", WORDS)
def test_every_word_is_there_in_three_languages(key: str) -> None:
    assert len(WORDS[key]) == len(LANGUAGES) == 3
    assert all(text == text.strip() and text for text in WORDS[key])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_year_has_twelve_months(language: str) -> None:
    assert len(set(MONTHS[language])) == 12


def used() -> list[str]:
    """The keys that the templates ask for by name."""
    return sorted({key for path in TEMPLATES for key in re.findall(r'\bw\(["\'](\w+)["\']\)', path.read_text())})


def test_the_templates_ask_only_for_words_that_are_there() -> None:
    assert len(used()) > 20
    assert set(used()) <= WORDS.keys()


RULES = [f"{likeness}_{c.name}" for c in COMPARISONS for likeness in ("same", "similar")]


@pytest.mark.parametrize(
    "key",
    [
        *(w.value for kind in (Channel, Direction, Kind, Flag) for w in kind),
        *RULES,
        *(f"by_{ground}" for ground in Ground),
        *(f"{said}_{field}" for field in Field for said in ("field", "expect")),
        "same_trait",
        "equal",
        "merge",
        "separate",
    ],
)
def test_what_the_model_can_say_has_a_word(key: str) -> None:
    assert key in WORDS


def test_an_unknown_key_stands_for_itself() -> None:
    assert word("booked_by", "fi") == "booked by"


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "en"),
        ("fi", "fi"),
        ("fi-FI,fi;q=0.9,en;q=0.8", "fi"),
        ("sv-FI", "sv"),
        ("SV", "sv"),
        ("de,fr;q=0.9,sv;q=0.1", "sv"),
        ("de,fr", "en"),
        ("en;q=0.5,fi;q=0.9", "fi"),
        ("fi;q=0.5, sv;q=0.5", "fi"),
        ("fi;q=0, sv;q=0.1", "sv"),
        ("fi;q=0", "en"),
        ("*", "en"),
        ("fi;q=high,sv", "sv"),
        ("fi;q=nan,sv;q=0.5", "sv"),
        ("fi; q=0.2, sv; q=0.9", "sv"),
        ("fi;Q=0.2, sv;Q=0.9", "sv"),
        (";q=1,,;,fi", "fi"),
    ],
)
def test_the_language_liked_best_is_chosen(accept: str, language: str) -> None:
    assert best(accept) == language


@given(st.text(max_size=200))
def test_no_header_breaks_the_choice(accept: str) -> None:
    assert best(accept) in LANGUAGES
