from enum import StrEnum


class Ground(StrEnum):
    BEST_WRITTEN = "best_written"
    CONTENT = "content"
    CORRECTION = "correction"
    DECLARED = "declared"
    MOST_FREQUENT = "most_frequent"
    NEWEST = "newest"
    ONLY = "only"
    SOURCE_PRIORITY = "source_priority"
    VERIFIED = "verified"

    @classmethod
    def _missing_(cls, value: object) -> "Ground":
        """A value that a later version of the API answers with is kept as it is; it is equal to its text."""
        unknown = str.__new__(cls, str(value))
        unknown._name_ = unknown._value_ = str(value)
        return unknown

    def __str__(self) -> str:
        return str(self.value)
