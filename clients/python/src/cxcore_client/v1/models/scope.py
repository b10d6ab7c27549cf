from enum import StrEnum


class Scope(StrEnum):
    ACCESSREAD = "access:read"
    ACCESSWRITE = "access:write"
    AUDITREAD = "audit:read"
    CHANGESREAD = "changes:read"
    CUSTOMERSCORRECT = "customers:correct"
    CUSTOMERSDECIDE = "customers:decide"
    CUSTOMERSREAD = "customers:read"
    CUSTOMERSREVEAL = "customers:reveal"
    INTERACTIONSWRITE = "interactions:write"
    SOURCESREAD = "sources:read"
    SOURCESWRITE = "sources:write"
    SURVIVORSHIPWRITE = "survivorship:write"
    WEBHOOKSREAD = "webhooks:read"
    WEBHOOKSWRITE = "webhooks:write"

    @classmethod
    def _missing_(cls, value: object) -> "Scope":
        """A value that a later version of the API answers with is kept as it is; it is equal to its text."""
        unknown = str.__new__(cls, str(value))
        unknown._name_ = unknown._value_ = str(value)
        return unknown

    def __str__(self) -> str:
        return str(self.value)
