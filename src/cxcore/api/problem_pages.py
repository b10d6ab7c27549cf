"""The page that a problem's `type` leads to: what its code means, and what to do."""

import json
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cxcore.api import problem_kinds
from cxcore.api.problem_table import KINDS
from cxcore.errors import NotFound

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_page = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
).get_template("problem.html")
router = APIRouter(prefix=problem_kinds.PATH.rstrip("/"), include_in_schema=False)


@router.get("/{code}")
async def explain(code: str, request: Request) -> HTMLResponse:
    """What a kind of problem means. Not in the document: it is for people, who come by the `type` of a problem."""
    kind = KINDS.get(code)
    if kind is None:
        raise NotFound("There is no problem with that code.")
    example = kind.statuses and json.dumps(kind.example(request.app.state.public_url), indent=2, ensure_ascii=False)
    return HTMLResponse(_page.render(kind=kind, example=example, codes=sorted(KINDS)), headers=_HEADERS)
