"""What the service refuses, as exceptions."""

import json

import httpx

from cxcore_client.retrying import retry_after
from cxcore_client.v1.models.problem import Problem


class Failed(Exception):
    """The service answered with a problem (RFC 9457).

    ``status`` and ``code`` tell kinds apart, ``problem`` is all that was answered, None where what answered was no service
    of ours (a proxy, say). ``request_id`` is what to name when asking the operator; ``retry_after`` the seconds that it asks
    to wait, None where it does not.
    """

    def __init__(
        self, status: int, problem: Problem | None, request_id: str | None, *, retry_after: float | None = None
    ) -> None:
        detail = problem.detail if problem else "The answer is no problem of cxcore's."
        super().__init__(f"{status} {problem.code if problem else 'unknown'}: {detail}")
        self.status, self.problem, self.request_id = status, problem, request_id
        self.retry_after = retry_after

    @property
    def code(self) -> str:
        """The problem's stable code, ``unknown`` without one."""
        return self.problem.code if self.problem else "unknown"


class PositionGone(Failed):
    """What follows ``position`` is no longer kept, or the service was restored from a backup: read anew what you follow,
    then follow without ``after``, which begins with the oldest that is kept."""

    def __init__(self, told: Failed, position: int | None) -> None:
        super().__init__(told.status, told.problem, told.request_id)
        self.position = position


def failed(answer: httpx.Response) -> Failed:
    """The exception for an answer whose body has been read."""
    problem = None
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        try:
            problem = Problem.from_dict(json.loads(answer.content))
        except (ValueError, KeyError, TypeError):
            problem = None
    return Failed(answer.status_code, problem, answer.headers.get("request-id"), retry_after=retry_after(answer))
