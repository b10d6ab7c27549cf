"""The one tree of errors: a class says its stable code and HTTP status; its message is what a person reads."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Self


class CxError(Exception):
    """Something went wrong that cxcore foresaw.

    ``message`` says what happened in one line; ``hint`` says what to do about it. Neither may hold personal data.
    """

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}" if self.hint else self.message


class InvalidInput(CxError):
    """The caller sent something that cannot be understood or is not allowed."""

    code = "invalid_input"
    status = 422


class Unauthenticated(CxError):
    """No valid API key or session came with the request."""

    code = "unauthenticated"
    status = 401


class PermissionDenied(CxError):
    """The key is valid, but lacks the scope this needs."""

    code = "permission_denied"
    status = 403


class NotFound(CxError):
    """The thing named does not exist."""

    code = "not_found"
    status = 404


class Conflict(CxError):
    """The request does not fit the present state."""

    code = "conflict"
    status = 409


class Changed(CxError):
    """What is to be changed is no longer what the caller has seen: If-Match names another version."""

    code = "precondition_failed"
    status = 412


class OperatorError(CxError):
    """Something the person who runs cxcore can put right: a setting, a file, a password, a port."""

    code = "operator_error"
    status = 500


class TimedOut(CxError):
    """It took longer than it may, and was ended."""

    code = "timed_out"
    status = 503
    headers: ClassVar[Mapping[str, str]] = MappingProxyType({"Retry-After": "1"})

    @classmethod
    def of_request(cls) -> Self:
        """As a caller is told."""
        return cls("This took longer than a request may, and was ended.", hint="Send it again, or ask for less.")


class DatabaseUnavailable(OperatorError):
    """The database does not answer."""

    code = "database_unavailable"
    status = 503
