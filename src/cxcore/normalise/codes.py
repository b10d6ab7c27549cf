"""The numbers that stand for the words of the model in the database. Never renumber; add at the end."""

from enum import StrEnum
from typing import Generic, TypeVar

from cxcore.model.identifier import Scheme
from cxcore.model.interaction import Channel, Direction, Kind, Role

WordT = TypeVar("WordT", bound=StrEnum)


class Codes(Generic[WordT]):
    """A two-way table of words and small numbers."""

    def __init__(self, *words: WordT) -> None:
        self._codes = {word: code for code, word in enumerate(words)}
        self._words = words

    def code(self, word: WordT) -> int:
        return self._codes[word]

    def word(self, code: int) -> WordT:
        return self._words[code]


CHANNELS = Codes(
    Channel.CHAT, Channel.PHONE, Channel.EMAIL, Channel.SOCIAL, Channel.VISIT, Channel.PURCHASE, Channel.FEEDBACK
)
DIRECTIONS = Codes(Direction.INBOUND, Direction.OUTBOUND, Direction.INTERNAL)
KINDS = Codes(
    Kind.MESSAGE,
    Kind.CALL,
    Kind.VOICEMAIL,
    Kind.POST,
    Kind.COMMENT,
    Kind.STAY,
    Kind.ARRIVAL,
    Kind.BOOKING,
    Kind.ORDER,
    Kind.SURVEY,
    Kind.APPOINTMENT,
    Kind.NOTE,
    Kind.DEPARTURE,
)
ROLES = Codes(
    Role.SENDER,
    Role.RECIPIENT,
    Role.COPY,
    Role.CALLER,
    Role.CALLEE,
    Role.AUTHOR,
    Role.AGENT,
    Role.GUEST,
    Role.BUYER,
)
SCHEMES = Codes(Scheme.EMAIL, Scheme.PHONE, Scheme.ACCOUNT, Scheme.LOYALTY, Scheme.HANDLE)
