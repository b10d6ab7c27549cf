"""Sources: the systems that cxcore pulls from, and how each does."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from cxcore import pipeline
from cxcore.api import etags
from cxcore.api.access import SourceReader, SourceWriter, Unit, database
from cxcore.api.idempotency import Once
from cxcore.api.problems import COMMON, responses
from cxcore.api.v1 import source_schemas as schemas
from cxcore.db.session import Database
from cxcore.errors import Changed, Conflict, InvalidInput, NotFound
from cxcore.land import quarantine
from cxcore.pull import afar, credentials, cursors, reader, schedule, sources, versions
from cxcore.pull.cursors import Pulled
from cxcore.pull.sources import Configured
from cxcore.pull.vault import Vault
from cxcore.sdk.errors import ConnectorFailure
from cxcore.timeline import overview
from cxcore.timeline.overview import Overview

router = APIRouter(prefix="/v1", tags=["sources"], route_class=Once)
Key = Annotated[str, Path(pattern="^[a-z][a-z0-9_-]{0,62}$", description="Key of the source.")]


def _vault(request: Request) -> Vault:
    found: Vault = request.app.state.vault
    return found


Sealing = Annotated[Vault, Depends(_vault)]


@router.get("/sources", operation_id="listSources", responses=responses())
async def every(session: Unit, _: SourceReader) -> schemas.SourcesOut:
    """All sources, with their state, last pull, and how complete the view of each is."""
    return schemas.SourcesOut(sources=[_out(o) for o in await overview.everything(session)])


@router.post("/sources", status_code=201, operation_id="addSource", responses=responses(*COMMON))
async def add(body: schemas.SourceIn, session: Unit, vault: Sealing, who: SourceWriter) -> schemas.SourceDetailOut:
    """Configure a source; the worker pulls it at once. Connectors that read this server's own files or databases are
    configured on the command line alone, and so are references to its environment."""
    afar.check(body.connector, body.config)
    await credentials.add(
        session,
        vault,
        key=body.key,
        connector=body.connector,
        config=body.config,
        name=body.name,
        region=body.region,
        actor=who.actor,
    )
    if body.every is not None:
        await schedule.set_every(session, key=body.key, seconds=body.every)
    return await _detail(session, body.key)


@router.get("/sources/{key}", operation_id="readSource", responses={200: etags.TAGGED, **responses(NotFound)})
async def read(key: Key, session: Unit, response: Response, _: SourceReader) -> schemas.SourceDetailOut:
    """A source with its settings; secrets are never shown. The `ETag` is that of the settings."""
    response.headers["ETag"] = await _etag(session, await sources.find(session, key))
    return await _detail(session, key)


@router.patch(
    "/sources/{key}",
    operation_id="changeSource",
    responses={200: etags.TAGGED, **responses(*COMMON, Changed)},
)
async def change(
    key: Key,
    body: schemas.SourcePatch,
    session: Unit,
    *,
    vault: Sealing,
    response: Response,
    who: SourceWriter,
    if_match: etags.IfMatch = None,
) -> schemas.SourceDetailOut:
    """Change settings of a source, or enter a secret anew. Settings can say where secrets are sent, so whoever changes
    others gives the secrets with them."""
    source = await versions.hold(session, key)
    if if_match is not None:
        etags.require(if_match, await _etag(session, source))
    if body.config is not None:
        afar.check(source.connector, body.config, before=source.config)
        await credentials.reconfigure(session, vault, key=key, config=body.config, actor=who.actor)
    if "every" in body.model_fields_set:
        await schedule.set_every(session, key=key, seconds=body.every)
    response.headers["ETag"] = await _etag(session, await sources.find(session, key))
    return await _detail(session, key)


@router.delete("/sources/{key}", status_code=202, operation_id="removeSource", responses=responses(*COMMON))
async def remove(key: Key, session: Unit, _: SourceWriter) -> schemas.SourceOut:
    """Take a source away with all that it ever brought. The worker does it, batch by batch; it cannot be undone."""
    await sources.set_state(session, key=key, state="leaving")
    return _out(await _find(session, key))


@router.post("/sources/{key}:check", operation_id="checkSource", responses=responses(*COMMON, ConnectorFailure))
async def check(
    key: Key, opened: Annotated[Database, Depends(database)], vault: Sealing, _: SourceWriter
) -> schemas.CheckedOut:
    """Reach a source and name its account; nothing is written. It may take a minute."""
    async with opened.unit() as session:
        source = await sources.find(session, key)
        secrets = await credentials.reveal(session, vault, source)
    return schemas.CheckedOut(account=await reader.check(source, secrets=secrets))


@router.post("/sources/{key}:pull", status_code=202, operation_id="pullSource", responses=responses(*COMMON))
async def pull(key: Key, session: Unit, _: SourceWriter) -> schemas.SourceOut:
    """Have a source pulled as soon as a worker is free."""
    await schedule.due_now(session, key=key)
    return _out(await _find(session, key))


@router.post("/sources/{key}:pause", operation_id="pauseSource", responses=responses(*COMMON))
async def pause(key: Key, session: Unit, _: SourceWriter) -> schemas.SourceOut:
    """Stop pulling a source until it is resumed."""
    await sources.set_state(session, key=key, state="paused")
    return _out(await _find(session, key))


@router.post("/sources/{key}:resume", operation_id="resumeSource", responses=responses(*COMMON))
async def resume(key: Key, session: Unit, _: SourceWriter) -> schemas.SourceOut:
    """Pull a source again that was paused, or stopped by a problem that is put right."""
    await sources.set_state(session, key=key, state="active")
    return _out(await _find(session, key))


@router.post("/sources/{key}:reset", operation_id="resetSource", responses=responses(*COMMON))
async def reset(key: Key, body: schemas.ResetIn, session: Unit, _: SourceWriter) -> schemas.SourceOut:
    """Read a source from the start with its next pull. What is there already is not doubled."""
    source = await sources.find(session, key)
    if body.stream is not None and body.stream not in source.streams:
        raise InvalidInput(f"There is no such stream; known are: {', '.join(source.streams)}.")
    await cursors.reset(session, source_id=source.id, stream=body.stream)
    return _out(await _find(session, key))


@router.get("/sources/{key}/runs", operation_id="listRuns", responses=responses(NotFound))
async def runs(
    key: Key,
    session: Unit,
    _: SourceReader,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only those before this one.")] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="How many, the newest first.")] = 20,
) -> schemas.RunsOut:
    """The last pulls of a source: what each brought, and how it ended."""
    source = await sources.find(session, key)
    found = await cursors.runs(session, source_id=source.id, before=before, limit=limit)
    return schemas.RunsOut(runs=[_run(r) for r in found], next=found[-1].id if len(found) == limit else None)


@router.get("/sources/{key}/quarantine", operation_id="listQuarantine", responses=responses(NotFound))
async def set_aside(
    key: Key,
    session: Unit,
    _: SourceReader,
    after: Annotated[int, Query(ge=0, le=2**63 - 1, description="Only those after this one.")] = 0,
    limit: Annotated[int, Query(ge=1, le=100, description="How many, in order of landing.")] = 50,
) -> schemas.QuarantineOut:
    """Records of a source that could not be understood, with the reason."""
    source = await sources.find(session, key)
    found = await quarantine.waiting(session, source_id=source.id, after=after, limit=limit)
    return schemas.QuarantineOut(
        records=[
            schemas.SetAsideOut(
                sequence=q.sequence,
                code=q.code,
                reason=q.reason,
                origin=q.origin,
                attempts=q.attempts,
                since=q.quarantined_at,
            )
            for q in found
        ],
        next=found[-1].sequence if len(found) == limit else None,
    )


@router.post("/sources/{key}/quarantine:replay", operation_id="replayQuarantine", responses=responses(*COMMON))
async def replay(key: Key, opened: Annotated[Database, Depends(database)], _: SourceWriter) -> schemas.ReplayedOut:
    """Try what was set aside again, as after a better mapping. It may take a minute; doing it twice does no harm."""
    async with opened.unit() as session:
        source = await sources.find(session, key)
    try:
        done = await pipeline.replay(opened, source)
    except pipeline.Unusable as exc:
        raise Conflict(f"The source cannot be read: {exc.cause.message}", hint=exc.cause.hint) from exc
    return schemas.ReplayedOut(understood=done.normalised, quarantined=done.quarantined)


async def _find(session: Unit, key: str) -> Overview:
    """Raises NotFound where there is no such source."""
    source = await sources.find(session, key)
    return next(o for o in await overview.everything(session) if o.source.id == source.id)


async def _etag(session: Unit, source: Configured) -> str:
    return f'"{await versions.version(session, source)}"'


async def _detail(session: Unit, key: str) -> schemas.SourceDetailOut:
    found = await _find(session, key)
    held = await credentials.held(session, found.source)
    return schemas.SourceDetailOut(
        **_out(found).model_dump(),
        config=dict(found.source.config),
        credentials=[schemas.CredentialOut(setting=h.field, set_at=h.set_at, set_by=h.set_by) for h in held],
    )


def _out(found: Overview) -> schemas.SourceOut:
    source = found.source
    return schemas.SourceOut.model_validate(
        {
            "key": source.key,
            "name": source.name,
            "connector": source.connector,
            "region": source.region,
            "state": source.state,
            "problem": source.problem,
            "every": source.every,
            "channels": found.channels,
            "complete_to": found.complete_to,
            "read_at": found.read_at,
            "due_at": found.due_at,
            "failures": source.failures,
            "records_per_second": found.rate,
            "landed": found.landed,
            "waiting": found.waiting,
            "quarantined": found.quarantined,
            "last_run": found.last and _run(found.last),
        }
    )


def _run(found: Pulled) -> schemas.RunOut:
    return schemas.RunOut.model_validate(
        {
            "id": found.id,
            "stream": found.stream,
            "state": found.state,
            "pages": found.pages,
            "records": found.records,
            "landed": found.landed,
            "done": found.done,
            "total": found.total,
            "code": found.error_code,
            "problem": found.error,
            "started_at": found.started_at,
            "ended_at": found.ended_at,
        }
    )
