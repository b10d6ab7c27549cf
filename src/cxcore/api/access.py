"""Who may call: the key on the request, and the scope each operation declares."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import AsyncSession

from cxcore.api import costs, masking, time_limit
from cxcore.auth import keys
from cxcore.auth.keys import Principal
from cxcore.auth.metering import Meter
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from cxcore.errors import Unauthenticated

_bearer = HTTPBearer(auto_error=False, description="An API key, made with `cxcore key create`.")
_REMEMBERED_SECONDS = 3.0
_REMEMBERED_MOST = 10_000


@dataclass(slots=True)
class KeyRing:
    """Keys recently proven, so that not each request asks the database: a revoked one still works this long. ``audited``:
    what services read is kept, too."""

    known: dict[bytes, tuple[float, Principal]] = field(default_factory=dict)
    audited: bool = False

    async def authenticate(self, database: Database, key: str) -> Principal:
        """The principal behind a key.

        Raises:
            Unauthenticated: it is not valid.
        """
        fingerprint, now = keys.digest(key), time.monotonic()
        held = self.known.get(fingerprint)
        if held is not None and now - held[0] < _REMEMBERED_SECONDS:
            return held[1]
        self.known.pop(fingerprint, None)
        async with database.unit() as session:
            principal = replace(await keys.authenticate(session, key), audited=self.audited)
        if len(self.known) >= _REMEMBERED_MOST:
            self.known.clear()
        self.known[fingerprint] = (now, principal)
        return principal


def database(request: Request) -> Database:
    """The app's database."""
    found: Database = request.app.state.database
    return found


async def unit(request: Request) -> AsyncIterator[AsyncSession]:
    """A transaction for the request, committed before the answer is sent."""
    async with database(request).unit() as session:
        yield session
        time_limit.settle(request)


Unit = Annotated[AsyncSession, Depends(unit, scope="function")]


async def charge(request: Request, who: Principal, cost: int) -> None:
    """Count what a request costs beyond what its path tells.

    Raises:
        RateLimited: it is more than is left.
    """
    meter: Meter = request.app.state.meter
    if cost:
        request.state.rate = await meter.spend(who.actor, cost)


DECLARED: dict[Callable[..., object], Scope] = {}
"""The scope that each dependency made by ``needs`` asks for."""


def needs(scope: Scope) -> Callable[..., Awaitable[Principal]]:
    """A dependency that lets only keys with the scope pass; by it a route declares its permission."""

    async def allowed(
        request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
    ) -> Principal:
        if credentials is None:
            raise Unauthenticated("An API key is needed.", hint="Send it as Authorization: Bearer <key>.")
        ring: KeyRing = request.app.state.keys
        principal = await ring.authenticate(database(request), credentials.credentials)
        principal.require(scope)
        masking.hide(request, principal)
        meter: Meter = request.app.state.meter
        request.state.rate = await meter.spend(principal.actor, costs.cost(request.url.path))
        return principal

    DECLARED[allowed] = scope
    return allowed


Reader = Annotated[Principal, Depends(needs(Scope.READ_CUSTOMERS))]
Decider = Annotated[Principal, Depends(needs(Scope.DECIDE_CUSTOMERS))]
Corrector = Annotated[Principal, Depends(needs(Scope.CORRECT_CUSTOMERS))]
Steward = Annotated[Principal, Depends(needs(Scope.WRITE_SURVIVORSHIP))]
Sender = Annotated[Principal, Depends(needs(Scope.WRITE_INTERACTIONS))]
SourceReader = Annotated[Principal, Depends(needs(Scope.READ_SOURCES))]
SourceWriter = Annotated[Principal, Depends(needs(Scope.WRITE_SOURCES))]
AccessReader = Annotated[Principal, Depends(needs(Scope.READ_ACCESS))]
AccessWriter = Annotated[Principal, Depends(needs(Scope.WRITE_ACCESS))]
Revealer = Annotated[Principal, Depends(needs(Scope.REVEAL_CUSTOMERS))]
Auditor = Annotated[Principal, Depends(needs(Scope.READ_AUDIT))]
