"""What the service refuses, as exceptions."""

import json

import httpx

from cxcore_client.v1.models.problem import Problem


class Failed(Exception):
    """The service answered with a problem (RFC 9457).

    ``status`` and ``code`` tell kinds apart, ``problem`` is all that was answered, None where what answered was no service
    of ours (a proxy, say). ``request_id`` is what to name when asking the operator.
    """

    def __init__(self, status: int, problem: Problem | None, request_id: str | None) -> None:
        detail = problem.detail if problem else "The answer is no problem of cxcore's."
        super().__init__(f"{status} {problem.code if problem else 'unknown'}: {detail}")
        self.status, self.problem, self.request_id = status, problem, request_id

    @property
    def code(self) -> str:
        """The problem's stable code, ``unknown`` without one."""
        return self.problem.code if self.problem else "unknown"


def failed(answer: httpx.Response) -> Failed:
    """The exception for an answer whose body has been read."""
    problem = None
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        try:
            problem = Problem.from_dict(json.loads(answer.content))
        except (ValueError, KeyError, TypeError):
            problem = None
    return Failed(answer.status_code, problem, answer.headers.get("request-id"))
