"""The tiny text grammar: `[a|b|c]` picks one, `{word}` is filled in; what a topic and a language must offer."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass

_CHOICE = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Topic:
    """One matter and its conversation: `answers[i]` answers `asks[i]`, `replies[i]` answers `followups[i]`."""

    key: str
    phase: str  # before | during | after a stay, or any
    to: str  # service | bookings | info | tables | invoices
    subjects: tuple[str, ...]
    asks: tuple[str, ...]
    answers: tuple[str, ...]
    followups: tuple[str, ...]
    replies: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.asks) != len(self.answers) or len(self.followups) != len(self.replies):
            raise ValueError(f"{self.key}: each question needs its own answer")


@dataclass(frozen=True, slots=True)
class Phrases:
    """What belongs to the language, not to the matter."""

    greetings: tuple[str, ...]
    closings: tuple[str, ...]
    thanks: tuple[str, ...]
    agent_greetings: tuple[str, ...]  # {first} = the customer's first name
    agent_closings: tuple[str, ...]
    welcome: tuple[str, ...]  # answer to thanks
    chat_hellos: tuple[str, ...]
    chat_agent_hellos: tuple[str, ...]  # {agent} = the agent's first name
    chat_waits: tuple[str, ...]
    chat_byes: tuple[str, ...]
    nudges: tuple[str, ...]  # no answer has come
    auto_subject: str
    auto_replies: tuple[str, ...]  # {back} = a day
    reply_prefixes: tuple[str, ...]


def expand(rng: random.Random, template: str, values: Mapping[str, str]) -> str:
    """Inner choices first, so they may be nested; then the words."""
    while match := _CHOICE.search(template):
        template = template[: match.start()] + rng.choice(match[1].split("|")) + template[match.end() :]
    return template.format_map(values).replace("..", ".")  # a Finnish date brings its own full stop
