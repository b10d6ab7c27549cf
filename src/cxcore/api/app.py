"""The API as an ASGI application."""

from importlib.metadata import version
from typing import Annotated

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from sqlalchemy import text
from starlette.types import ASGIApp

from cxcore.api import operation_links, permissions, problem_pages, problems
from cxcore.api.access import KeyRing, Unit
from cxcore.api.envelope import Envelope
from cxcore.api.inbox import Inbox
from cxcore.api.masking import Masking
from cxcore.api.methods import Methods
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


def application(
    database: Database,
    *,
    cursor_key: bytes,
    vault: Vault | None = None,
    rate_limit: int = 0,
    webhook_private_network: bool = False,
    public_url: str = "",
    request_seconds: float = SECONDS,
) -> ASGIApp:
    """The API as it is served; the caller opens and closes the database."""
    return Envelope(
        create(
            database,
            cursor_key=cursor_key,
            vault=vault,
            rate_limit=rate_limit,
            webhook_private_network=webhook_private_network,
            public_url=public_url,
            request_seconds=request_seconds,
        ),
        home=public_url,
    )


def create(
    database: Database,
    *,
    cursor_key: bytes,
    vault: Vault | None = None,
    rate_limit: int = 0,
    webhook_private_network: bool = False,
    public_url: str = "",
    request_seconds: float = SECONDS,
) -> FastAPI:
    """The API without what surrounds every request. ``vault``: what seals sources' credentials and webhooks' secrets;
    without one none can be. ``rate_limit``: requests a minute that a caller may send; 0: any number.
    ``webhook_private_network``: webhooks may lead to inner addresses, by http. ``public_url``: where clients reach us,
    without a slash at its end; "" where that is not known. ``request_seconds``: how long most requests may take."""
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
    app.state.database = database
    app.state.cursor_key = cursor_key
    app.state.keys = KeyRing()
    app.state.meter = Meter(database, rate_limit)
    app.state.vault = vault or Vault()
    app.state.pulse = Pulse(database)
    app.state.webhook_private_network = webhook_private_network
    app.state.inbox = Inbox(database, app.state.vault)
    problems.install(app, home=public_url)
    app.add_middleware(Masking)
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
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend the document
