"""The API as an ASGI application."""

from importlib.metadata import version
from typing import Annotated, Required, TypedDict, Unpack

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from sqlalchemy import text
from starlette.types import ASGIApp

from cxcore.api import assistants, operation_links, permissions, problem_pages, problems
from cxcore.api.access import KeyRing, Unit
from cxcore.api.envelope import Envelope
from cxcore.api.inbox import Inbox
from cxcore.api.masking import Masking
from cxcore.api.methods import Methods
from cxcore.api.response_cache import ResponseCache
from cxcore.api.time_limit import SECONDS, TimeLimit
from cxcore.api.v1 import (
    audited,
    changes,
    conversations,
    customers,
    decisions,
    deliveries,
    ingest,
    keys,
    reviews,
    sources,
    staff,
    survivorship,
    webhooks,
)
from cxcore.auth.metering import Meter
from cxcore.db.session import Database
from cxcore.events.pulse import Pulse
from cxcore.pull.vault import Vault

DESCRIPTION = """
One customer, one record, one timeline.

Personal identifiers travel in bodies, never in URLs. Errors are problems as of RFC 9457 with a stable `code`. Pages are
walked with signed cursors. Every id ever issued stays valid: a merged customer's id redirects.
"""


class Health(BaseModel):
    """Whether the service can work."""

    status: Annotated[str, Field(description="ok")]


class Equipment(TypedDict, total=False):
    """What the API works with beside the database.

    ``cursor_key``: signs cursors. ``vault``: what seals sources' credentials and webhooks' secrets; without one none can
    be. ``rate_limit``: requests a minute that a caller may send; 0: any number. ``webhook_private_network``: webhooks may
    lead to inner addresses, by http. ``cache_bytes``: of timeline pages kept in memory; 0: none.
    ``audit_services``: the audit keeps what services read, too. ``public_url``: where clients reach us, without a slash
    at its end; "" where that is not known. ``request_seconds``: how long most requests may take.
    """

    cursor_key: Required[bytes]
    vault: Vault | None
    rate_limit: int
    webhook_private_network: bool
    cache_bytes: int
    audit_services: bool
    public_url: str
    request_seconds: float


def application(database: Database, **given: Unpack[Equipment]) -> ASGIApp:
    """The API as it is served; the caller opens and closes the database."""
    return surrounded(create(database, **given), cache_bytes=given.get("cache_bytes", 0))


def surrounded(app: FastAPI, *, cache_bytes: int) -> ASGIApp:
    """The API with what surrounds every request."""
    inner = ResponseCache(app, api=app, most=cache_bytes) if cache_bytes else app
    return Envelope(inner, home=app.state.public_url)


def create(database: Database, **given: Unpack[Equipment]) -> FastAPI:
    """The API without what surrounds every request."""
    app = routes(public_url=given.get("public_url", ""), request_seconds=given.get("request_seconds", SECONDS))
    equip(app, database, **given)
    return app


def equip(app: FastAPI, database: Database, **given: Unpack[Equipment]) -> None:
    """Give the API what it works with, in place of what it had."""
    vault = given.get("vault") or Vault()
    app.state.database = database
    app.state.cursor_key = given["cursor_key"]
    app.state.keys = KeyRing(audited=given.get("audit_services", False))
    app.state.meter = Meter(database, given.get("rate_limit", 0))
    app.state.vault = vault
    app.state.pulse = Pulse(database)
    app.state.webhook_private_network = given.get("webhook_private_network", False)
    app.state.inbox = Inbox(database, vault)
    app.state.assistants = None


def routes(*, public_url: str = "", request_seconds: float = SECONDS) -> FastAPI:
    """The API as what can be asked of it, with nothing to answer from. It takes a tenth of a second to make.

    Raises:
        OperatorError: a route declares no permission.
    """
    app = FastAPI(
        title="cxcore",
        version=version("cxcore"),
        summary="An open-source single customer view.",
        description=DESCRIPTION.strip(),
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        separate_input_output_schemas=False,
        generate_unique_id_function=_operation_id,
    )
    problems.install(app, home=public_url)
    app.add_middleware(Masking)
    app.include_router(assistants.router)
    app.include_router(conversations.router)
    app.include_router(customers.router)
    app.include_router(decisions.router)
    app.include_router(deliveries.router)
    app.include_router(ingest.router)
    app.include_router(reviews.router)
    app.include_router(survivorship.router)
    app.include_router(sources.router)
    app.include_router(keys.router)
    app.include_router(staff.router)
    app.include_router(audited.router)
    app.include_router(changes.router)
    app.include_router(webhooks.router)
    app.include_router(problem_pages.router)
    app.state.public_url = public_url

    @app.get("/healthz", tags=["operations"], operation_id="readHealth", responses={503: {"description": "Not ready."}})
    async def health(session: Unit) -> Health:
        """Answer ok when the database answers."""
        await session.execute(text("select 1"))
        return Health(status="ok")

    permissions.require_all(app)
    app.add_middleware(Methods, routes=app, home=public_url)
    app.add_middleware(TimeLimit, seconds=request_seconds, home=public_url)
    _describe_problem(app)
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


def _describe_problem(app: FastAPI) -> None:
    """Put the Problem schema into the document, where every operation's errors point."""
    generate = app.openapi

    def openapi() -> dict[str, object]:
        document = generate()
        components = document.setdefault("components", {}).setdefault("schemas", {})
        schema = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        components |= schema.pop("$defs")
        components["Problem"] = schema
        for unused in ("HTTPValidationError", "ValidationError"):
            components.pop(unused, None)
        operation_links.declare(document)
        stream = document["paths"]["/v1/changes/stream"]["get"]["responses"]["200"]["content"]["text/event-stream"]
        stream.pop("schema", None)  # FastAPI's own, a text; `itemSchema` says what it is
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend the document
