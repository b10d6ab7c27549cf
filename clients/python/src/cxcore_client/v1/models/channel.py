from enum import StrEnum


class Channel(StrEnum):
    CHAT = "chat"
    EMAIL = "email"
    FEEDBACK = "feedback"
    PHONE = "phone"
    PURCHASE = "purchase"
    SOCIAL = "social"
    VISIT = "visit"

    @classmethod
    def _missing_(cls, value: object) -> "Channel":
        """A value that a later version of the API answers with is kept as it is; it is equal to its text."""
        unknown = str.__new__(cls, str(value))
        unknown._name_ = unknown._value_ = str(value)
        return unknown

    def __str__(self) -> str:
        return str(self.value)
