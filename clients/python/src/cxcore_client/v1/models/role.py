from enum import StrEnum


class Role(StrEnum):
    AGENT = "agent"
    AUTHOR = "author"
    BUYER = "buyer"
    CALLEE = "callee"
    CALLER = "caller"
    COPY = "copy"
    GUEST = "guest"
    RECIPIENT = "recipient"
    SENDER = "sender"

    @classmethod
    def _missing_(cls, value: object) -> "Role":
        """A value that a later version of the API answers with is kept as it is; it is equal to its text."""
        unknown = str.__new__(cls, str(value))
        unknown._name_ = unknown._value_ = str(value)
        return unknown

    def __str__(self) -> str:
        return str(self.value)
