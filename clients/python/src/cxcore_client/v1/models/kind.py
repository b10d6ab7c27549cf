from enum import StrEnum


class Kind(StrEnum):
    APPOINTMENT = "appointment"
    ARRIVAL = "arrival"
    BOOKING = "booking"
    CALL = "call"
    COMMENT = "comment"
    DEPARTURE = "departure"
    MESSAGE = "message"
    NOTE = "note"
    ORDER = "order"
    POST = "post"
    STAY = "stay"
    SURVEY = "survey"
    VOICEMAIL = "voicemail"

    @classmethod
    def _missing_(cls, value: object) -> "Kind":
        """A value that a later version of the API answers with is kept as it is; it is equal to its text."""
        unknown = str.__new__(cls, str(value))
        unknown._name_ = unknown._value_ = str(value)
        return unknown

    def __str__(self) -> str:
        return str(self.value)
