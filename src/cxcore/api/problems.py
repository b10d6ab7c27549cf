"""Errors as RFC 9457 problems: a stable code, no echo of what was sent, no stack."""

from collections.abc import Iterable
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from cxcore.api import problem_kinds
from cxcore.auth.metering import RateLimited
from cxcore.errors import Conflict, CxError, InvalidInput, NotFound, PermissionDenied, TimedOut, Unauthenticated

MEDIA_TYPE = "application/problem+json"
_log = structlog.get_logger(__name__)
_LONGEST_NAME = 100
_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_media_type"}


class FieldProblem(BaseModel):
    """What is wrong with one field of the request."""

    pointer: str = Field(description="JSON pointer (RFC 6901) to the field, or the parameter's name.")
    detail: str = Field(description="What is expected there.")


class Problem(BaseModel):
    """A problem as of RFC 9457."""

    type: str = Field(
        description="Where this kind of problem is explained: a URI, or a reference relative to the address asked."
    )
    title: str = Field(description="The kind of problem in words.")
    status: int = Field(description="The HTTP status.")
    code: str = Field(description="A stable code to tell kinds apart in programs.")
    detail: str = Field(description="What happened, and what to do about it.")
    errors: list[FieldProblem] = Field(default=[], description="One entry a field, where fields are at fault.")


class Moved(Exception):
    """The id asked for leads to another customer now."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


def responses(*kinds: type[CxError]) -> dict[int | str, dict[str, Any]]:
    """OpenAPI entries for the problems an operation can answer with, the usual ones included."""
    return problems_of(Unauthenticated, PermissionDenied, InvalidInput, RateLimited, TimedOut, *kinds)


def problems_of(*kinds: type[CxError]) -> dict[int | str, dict[str, Any]]:
    """OpenAPI entries for just these problems."""
    found: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        also = found.get(kind.status, {}).get("description", "")
        found[kind.status] = {
            "description": f"{also} {(kind.__doc__ or '').splitlines()[0]}".lstrip(),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    return dict(sorted(found.items(), key=lambda item: int(item[0])))


COMMON = (NotFound, Conflict)


def problem(status: int, code: str, detail: str, *, home: str, errors: Any = ()) -> JSONResponse:
    """A problem as a response. ``home``: the service's own address, "" where it does not know it."""
    body = Problem(
        type=problem_kinds.uri(code, home),
        title=problem_kinds.title(code),
        status=status,
        code=code,
        detail=detail,
        errors=list(errors),
    )
    headers = {"WWW-Authenticate": "Bearer"} if status == Unauthenticated.status else None
    return JSONResponse(body.model_dump(), status_code=status, media_type=MEDIA_TYPE, headers=headers)


def install(app: FastAPI, *, home: str) -> None:
    """Have every error of the app answered as a problem. ``home``: as of ``problem``."""

    @app.exception_handler(CxError)
    async def foreseen(request: Request, exc: CxError) -> Response:
        if exc.status >= 500:  # noqa: PLR2004 - our fault
            _log.error("request failed", code=exc.code, path=request.url.path)
        answer = problem(exc.status, exc.code, str(exc), home=home)
        answer.headers.update(getattr(exc, "headers", {}))
        return answer

    @app.exception_handler(Moved)
    async def moved(_: Request, exc: Moved) -> Response:
        return RedirectResponse(exc.location, status_code=307)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, exc: RequestValidationError) -> Response:
        errors = _field_problems(exc.errors())
        return problem(422, "invalid_input", "The request does not fit the contract.", home=home, errors=errors)

    @app.exception_handler(HTTPException)
    async def http(request: Request, exc: HTTPException) -> Response:
        if isinstance(exc.__cause__, CxError):
            return await foreseen(request, exc.__cause__)
        if exc.status_code == 400:  # noqa: PLR2004 - FastAPI's word for a body that it cannot read
            return problem(422, "invalid_input", "The body cannot be read as JSON.", home=home)
        answer = problem(exc.status_code, _CODES.get(exc.status_code, "http_error"), str(exc.detail), home=home)
        answer.headers.update(exc.headers or {})
        return answer

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, exc: Exception) -> Response:
        _log.error("request failed", code="internal", path=request.url.path, error=type(exc).__name__)
        return problem(500, "internal", "Something went wrong here. It has been noted.", home=home)


def field_problems(errors: Iterable[Any]) -> list[FieldProblem]:
    """What pydantic finds wrong in one JSON object, without the values."""
    return _field_problems({**e, "loc": ("body", *e["loc"])} for e in errors)


def _field_problems(errors: Iterable[Any]) -> list[FieldProblem]:
    return [FieldProblem(pointer=_pointer(e["loc"]), detail=_without_values(e)) for e in errors]


def _pointer(location: tuple[int | str, ...]) -> str:
    where, *rest = location
    if where == "body":
        if len(rest) == 1 and isinstance(rest[0], int):
            return ""  # a place in text that is no JSON
        return "".join(f"/{str(part)[:_LONGEST_NAME].replace('~', '~0').replace('/', '~1')}" for part in rest)
    return str(rest[0]) if rest else str(where)


def _without_values(error: dict[str, Any]) -> str:
    """pydantic's sentence, unless it comes from JSON itself, whose message can quote the text."""
    return "not valid JSON" if error["type"] == "json_invalid" else str(error["msg"])
