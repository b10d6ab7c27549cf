"""Rendering a template in the reader's language."""

import re
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from cxcore import clock
from cxcore.auth.masks import MASKS, Masked, applied
from cxcore.auth.policy import Principal
from cxcore.auth.scopes import Scope
from cxcore.web.times import Clock
from cxcore.web.words import best, word

_TURNING = re.compile("[\u200b\u202a-\u202e\u2066-\u2069\ufeff]")
"""Characters that turn the text around or hide in it: what a source wrote must not look like something else."""


def _visible(value: Any) -> Any:
    """A value as it is put into a page: what turns or hides text is written out."""
    if isinstance(value, str) and not isinstance(value, Markup) and not value.isascii():
        return _TURNING.sub(lambda found: f"\\u{ord(found.group()):04x}", value)
    return value


_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    finalize=_visible,
    trim_blocks=True,
    lstrip_blocks=True,
)


def language(request: Request) -> str:
    """The language to answer in."""
    return best(request.headers.get("accept-language", ""))


def shown_clock(request: Request) -> Clock:
    """How this reader sees times."""
    zone = request.app.state.zone
    return Clock(zone, language(request), clock.now().astimezone(zone).date())


class Own(str):
    """A text that whoever sees the page may see whole: they have typed it, or given a reason to read it."""

    __slots__ = ()


def hidden(request: Request) -> frozenset[Masked]:
    """What whoever asks for the page does not see."""
    who = _reader(request)
    return MASKS[who.role] if who else frozenset()


def _reader(request: Request) -> Principal | None:
    found: Principal | None = getattr(request.state, "principal", None)
    return found


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from a template, without what its reader does not see; ``w`` gives the page's own words."""
    lang = language(request)
    values = applied(values, hidden(request))
    who = _reader(request)
    values["sees_sources"] = who is not None and who.may(Scope.READ_SOURCES)
    page = _environment.get_template(template).render(w=partial(word, language=lang), lang=lang, **values)
    return HTMLResponse(page, status_code=status)
