"""Idempotency keys: a request that is sent again has its effect once, and gets the answer it got the first time.

The header is that of draft-ietf-httpapi-idempotency-key-header-07. The row that remembers an answer is written in the
transaction of the effect: both are there or neither is. What fails is not remembered, so that it can be tried again.
Answers hold people, and keys that are shown once, so they are sealed (AES-256-GCM) with a key from outside the database.
"""

import hashlib
import hmac
import inspect
import json
import re
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.api.json_body import JsonRequest, TooDeep
from cxcore.api.problems import problems_of
from cxcore.auth.keys import Principal
from cxcore.errors import CxError

HEADER = "Idempotency-Key"
KEPT_HOURS = 24
METHODS = frozenset({"POST", "PATCH"})
_KEY = re.compile(r'"([!#-\[\]-~]{1,255})"|([!#-\[\]-~]{1,255})')
_KEPT_HEADERS = ("location", "etag", "content-type")
_LOCK = "select pg_try_advisory_xact_lock(:space, hashtext(:actor || ' ' || :key))"
_LOCK_SPACE = 0x6964
_NONCE = 12
_FIND = """
select fingerprint, status, headers, body from idempotency
where actor = :actor and key = :key and made_at > now() - make_interval(hours => :kept)
"""
_REMEMBER = """
with over as (
    delete from idempotency where (actor, key) in (
        select actor, key from idempotency where made_at <= now() - make_interval(hours => :kept)
        and (actor, key) <> (:actor, :key) order by made_at limit 10 for update skip locked)
)
insert into idempotency (actor, key, fingerprint, status, headers, body)
values (:actor, :key, :fingerprint, :status, cast(:headers as jsonb), :body)
on conflict (actor, key) do update set fingerprint = excluded.fingerprint, status = excluded.status,
    headers = excluded.headers, body = excluded.body, made_at = now()
"""


class BadKey(CxError):
    """The Idempotency-Key cannot be used."""

    code = "idempotency_key_invalid"
    status = 400


class InFlight(CxError):
    """A request with this Idempotency-Key is being worked on."""

    code = "idempotency_in_flight"
    status = 409


class OtherRequest(CxError):
    """This Idempotency-Key was sent with another request."""

    code = "idempotency_key_reused"
    status = 422


_KINDS = (BadKey, InFlight, OtherRequest)


class Replayed(Exception):
    """The request had its effect before; ends the transaction, which has none."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


@dataclass(slots=True)
class _Claim:
    """A request that is to have its effect once. ``session`` and ``actor`` are known when its endpoint is reached."""

    key: str
    fingerprint: bytes
    sealing: bytes
    actor: str = ""
    session: AsyncSession | None = None

    @property
    def named(self) -> bytes:
        """What a sealed answer is bound to."""
        return f"{self.actor} {self.key}".encode()


_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Any])
_READING: set[Callable[..., Any]] = set()
_claimed: ContextVar[_Claim | None] = ContextVar("claimed", default=None)


_HEADER_PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": f"^({_KEY.pattern})$"},
    "description": "A key of your choice, such as a UUID. Sent again within a day, the same request has its effect once "
    "and is answered as the first time.",
    "example": "1f0c2c1e-5b4f-4c57-9d3e-2f8b6f3a7b10",
}


def only_reads(endpoint: _Endpoint) -> _Endpoint:
    """Mark an endpoint that takes a body because of what is personal in it, and has no effect."""
    _READING.add(endpoint)
    return endpoint


class Once(APIRoute):
    """A route whose effect an Idempotency-Key makes happen once: POST and PATCH that write in the request's transaction."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **given: Any) -> None:
        self.once = (
            bool(METHODS & set(given.get("methods") or ()))
            and endpoint not in _READING
            and "session" in inspect.signature(endpoint).parameters
        )
        if self.once:
            extra = given.get("openapi_extra") or {}
            given["openapi_extra"] = {**extra, "parameters": [*extra.get("parameters", ()), _HEADER_PARAMETER]}
        kinds = (TooDeep,) * ("body" in inspect.signature(endpoint).parameters) + _KINDS * self.once
        given["responses"] = {**problems_of(*kinds), **(given.get("responses") or {})}
        super().__init__(path, _claiming(endpoint) if self.once else endpoint, **given)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler; the answer is remembered while the transaction of the effect is open."""
        handle = super().get_route_handler()

        async def often(plain: Request) -> Response:
            return await handle(JsonRequest(plain.scope, plain.receive))

        async def once(plain: Request) -> Response:
            request = JsonRequest(plain.scope, plain.receive)
            given = request.headers.getlist(HEADER)
            if not given:
                return await handle(request)
            sealing = hmac.digest(request.app.state.cursor_key, b"idempotency", "sha256")
            claim = _Claim(_key(given), _fingerprint(request, await request.body()), sealing)
            token = _claimed.set(claim)
            try:
                answer = await handle(request)
            except Replayed as exc:
                return exc.answer
            finally:
                _claimed.reset(token)
            if claim.session is not None:
                await _remember(claim.session, claim, answer)
            return answer

        return once if self.once else often


def _claiming(endpoint: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    @wraps(endpoint)
    async def claimed(**given: Any) -> Any:
        claim = _claimed.get()
        if claim is not None:
            claim.session = given["session"]
            claim.actor = next(value.actor for value in given.values() if isinstance(value, Principal))
            await _claim(given["session"], claim)
        return await endpoint(**given)

    return claimed


def _key(given: list[str]) -> str:
    found = _KEY.fullmatch(given[0].strip()) if len(given) == 1 else None
    if found is None:
        raise BadKey(
            f"{HEADER} must be one text of 1 to 255 visible ASCII characters.", hint="Use a new UUID for each request."
        )
    return found[1] or found[2]


def _fingerprint(request: Request, body: bytes) -> bytes:
    where = f"{request.method} {request.url.path}?{request.url.query}\n"
    return hashlib.sha256(where.encode() + body).digest()


async def _claim(session: AsyncSession, claim: _Claim) -> None:
    """Go on only if the effect is not there yet and nobody else is about to bring it.

    The lock is held until the transaction ends, and falls with the connection of a process that is killed.
    """
    named = {"actor": claim.actor, "key": claim.key}
    if not await session.scalar(text(_LOCK), {**named, "space": _LOCK_SPACE}):
        raise InFlight("A request with this Idempotency-Key is being worked on.", hint="Send it again in a second.")
    found = (await session.execute(text(_FIND), {**named, "kept": KEPT_HOURS})).one_or_none()
    if found is None:
        return
    if found.fingerprint != claim.fingerprint:
        raise OtherRequest(
            "This Idempotency-Key was sent with another request.", hint="Use a new key for each request."
        )
    try:
        body = AESGCM(claim.sealing).decrypt(found.body[:_NONCE], found.body[_NONCE:], claim.named)
    except InvalidTag:
        raise OtherRequest(
            "The answer of then can no longer be read: the service has another key.", hint="Look whether it was done."
        ) from None
    answer = Response(body, status_code=found.status, headers=found.headers)
    answer.headers["Idempotency-Replayed"] = "true"
    raise Replayed(answer)


async def _remember(session: AsyncSession, claim: _Claim, answer: Response) -> None:
    kept = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
    nonce = secrets.token_bytes(_NONCE)
    await session.execute(
        text(_REMEMBER),
        {
            "actor": claim.actor,
            "key": claim.key,
            "fingerprint": claim.fingerprint,
            "status": answer.status_code,
            "headers": json.dumps(kept),
            "body": nonce + AESGCM(claim.sealing).encrypt(nonce, bytes(answer.body), claim.named),
            "kept": KEPT_HOURS,
        },
    )
