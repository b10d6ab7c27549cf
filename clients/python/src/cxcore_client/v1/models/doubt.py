from enum import StrEnum


class Doubt(StrEnum):
    BIRTH_DATE = "birth_date"
    LOYALTY = "loyalty"
    VERIFIED_ACCOUNT = "verified_account"
    VERIFIED_EMAIL = "verified_email"

    @classmethod
    def _missing_(cls, value: object) -> "Doubt":
        """A value that a later version of the API answers with is kept as it is; it is equal to its text."""
        unknown = str.__new__(cls, str(value))
        unknown._name_ = unknown._value_ = str(value)
        return unknown

    def __str__(self) -> str:
        return str(self.value)
