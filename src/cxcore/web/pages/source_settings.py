"""Adding a source, and changing its settings: forms made from what the connector declares."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cxcore.auth.keys import Principal
from cxcore.errors import Changed, InvalidInput
from cxcore.pull import afar, credentials, schedule, sources, versions
from cxcore.pull.sources import SEALED
from cxcore.sdk import registry
from cxcore.web import settings_form
from cxcore.web.guard import principal
from cxcore.web.render import language, render
from cxcore.web.words import word

_FIELDS = 100
_YEAR = 31_536_000


async def choose(request: Request) -> Response:
    """The connectors to choose from, or the form of the one chosen."""
    chosen = request.query_params.get("connector")
    if chosen is None:
        usable = [c.manifest for c in registry.installed().values() if not isinstance(c, registry.Broken)]
        kinds = [(m.key, m.name, sorted(m.channels)) for m in usable if not m.local]
        local = sorted(m.key for m in usable if m.local)
        return render(request, "source_kinds.html", kinds=sorted(kinds, key=lambda k: k[1].casefold()), local=local)
    return _form(request, chosen, {})


async def add(request: Request) -> Response:
    """Configure a new source."""
    who, entered = await _entered(request)
    chosen = entered.get("connector", "")
    kind = registry.connector(chosen)
    try:
        config = settings_form.read(kind.Config, entered, {})
        afar.check(chosen, config)
        async with request.app.state.database.unit() as session:
            made = await credentials.add(
                session,
                request.app.state.vault,
                key=entered.get("key", "").strip(),
                connector=chosen,
                config=config,
                name=entered.get("name", "").strip()[:200] or None,
                region=entered.get("region", "FI").strip().upper(),
                actor=who.actor,
            )
    except InvalidInput as exc:
        return _form(request, chosen, {}, entered=entered, problem=str(exc))
    return RedirectResponse(f"/sources/{made.key}", status_code=303)


async def show(request: Request) -> Response:
    """The settings of a source, to change them."""
    return await _present(request)


async def save(request: Request) -> Response:
    """Change settings of a source, where they are still those that the form showed."""
    who, entered = await _entered(request)
    key = request.path_params["key"]
    async with request.app.state.database.unit() as session:
        source = await sources.find(session, key)
    try:
        async with request.app.state.database.unit() as session:
            source = await versions.hold(session, key)
            await versions.require(session, source, seen=entered.get("version"))
            changes = settings_form.read(registry.connector(source.connector).Config, entered, source.config)
            afar.check(source.connector, changes, before=source.config)
            await credentials.reconfigure(session, request.app.state.vault, key=key, config=changes, actor=who.actor)
            await schedule.set_every(session, key=key, seconds=_seconds(entered.get("every", "")))
    except Changed as exc:
        return await _present(request, status=exc.status)
    except InvalidInput as exc:
        return _form(request, source.connector, source.config, entered=entered, key=key, problem=str(exc))
    return RedirectResponse(f"/sources/{key}", status_code=303)


async def _present(request: Request, *, status: int = 200) -> Response:
    """The form with the settings as they are; with another status because they are no longer what was seen."""
    async with request.app.state.database.unit() as session:
        source = await sources.find(session, request.path_params["key"])
        version = await versions.version(session, source)
    entered = {"name": source.name, "region": source.region, "every": str(source.every or ""), "version": version}
    outdated = word("settings_outdated", language(request)) if status == Changed.status else None
    answer = _form(request, source.connector, source.config, entered=entered, key=source.key, told=outdated)
    answer.status_code = status
    return answer


def _form(
    request: Request,
    connector: str,
    config: Mapping[str, Any],
    *,
    entered: Mapping[str, str] | None = None,
    key: str | None = None,
    problem: str | None = None,
    told: str | None = None,
) -> Response:
    """``key``: of the source that is there already. Where ``problem`` says what was wrong with what was entered, that
    stays, but for secrets; ``told`` is said of settings as they are."""
    kind = registry.connector(connector)
    answer = render(
        request,
        "source_settings.html",
        kind=kind.manifest,
        form=settings_form.form(kind.Config, config, entered if problem else None),
        entered=entered or {"region": "FI"},
        key=key,
        problem=problem or told,
        sealed=any(value == SEALED for value in config.values()),
    )
    answer.status_code = 400 if problem else 200
    return answer


async def _entered(request: Request) -> tuple[Principal, dict[str, str]]:
    who = principal(request)
    form = await request.form(max_files=0, max_fields=_FIELDS)
    if any(not isinstance(value, str) for value in form.values()):
        raise HTTPException(400, "This form is not complete.")
    return who, {name: str(value).replace("\r\n", "\n") for name, value in form.items()}


def _seconds(text: str) -> int | None:
    """Seconds between two pulls; None: as the worker is set."""
    if not text.strip():
        return None
    if not text.strip().isascii() or not text.strip().isdigit() or not 1 <= int(text.strip()[:10]) <= _YEAR:
        raise InvalidInput(f"The seconds between two pulls are not a number from 1 to {_YEAR}.")
    return int(text)
