from enum import StrEnum


class AccessRole(StrEnum):
    ADMIN = "admin"
    AGENT = "agent"
    FRONT_DESK = "front_desk"
    SERVICE = "service"
    STEWARD = "steward"

    @classmethod
    def _missing_(cls, value: object) -> "AccessRole":
        """A value that a later version of the API answers with is kept as it is; it is equal to its text."""
        unknown = str.__new__(cls, str(value))
        unknown._name_ = unknown._value_ = str(value)
        return unknown

    def __str__(self) -> str:
        return str(self.value)
