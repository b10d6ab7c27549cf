"""The five failures of a connector, named by what the engine does next; anything else is a bug and stops the stream."""

from typing import ClassVar

from cxcore.errors import CxError


class ConnectorFailure(CxError):
    """A connector could not go on. The message must be free of personal data and secrets."""

    code: ClassVar[str] = "connector_failure"
    status: ClassVar[int] = 502


class AuthFailed(ConnectorFailure):
    """The source refuses the credentials: stop, and ask a person."""

    code = "auth_failed"


class RateLimited(ConnectorFailure):
    """The source asks for patience: come back later, no alarm. ``retry_after`` is in seconds."""

    code = "rate_limited"

    def __init__(self, message: str = "The source asks to come back later.", *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SourceUnavailable(ConnectorFailure):
    """The source does not answer, or not sensibly: back off and try again."""

    code = "source_unavailable"


class CursorExpired(ConnectorFailure):
    """The source has forgotten the cursor: pull from the start again, landing absorbs the repeat."""

    code = "cursor_expired"


class RecordRejected(ConnectorFailure):
    """One record cannot be understood: set it aside with this reason, free of personal data, and go on."""

    code = "record_rejected"
    status = 422
