"""Asking a route as somebody of each role and as a key of each scope, and comparing with what the policy says."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from cxcore.auth import keys, sign_in, staff
from cxcore.auth.policy import SCOPES, AccessRole
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database


@dataclass(frozen=True)
class Caller:
    """A key, or a session of staff, of a role with some of its scopes."""

    secret: str
    role: AccessRole
    scopes: frozenset[Scope]

    def __str__(self) -> str:
        return f"{self.role} with {', '.join(sorted(self.scopes))}"

    def may(self, needed: Scope) -> bool:
        """By the tables, not by the function that is tested."""
        return needed in self.scopes and needed in SCOPES[self.role]


async def key_callers(database: Database) -> list[Caller]:
    """A key of each role with all that the role may, one with each scope alone, and one with each scope but one."""
    wanted = [(role, SCOPES[role]) for role in AccessRole]
    wanted += [(AccessRole.SERVICE, frozenset({scope})) for scope in Scope]
    wanted += [(AccessRole.SERVICE, frozenset(Scope) - {scope}) for scope in Scope]
    async with database.unit() as session:
        return [Caller(await keys.create(session, name="x", scopes=s, role=r), r, s) for r, s in wanted]


async def session_callers(database: Database) -> list[Caller]:
    """A session of staff of each role, and one of a key with each scope alone."""
    found = []
    async with database.unit() as session:
        for role in AccessRole:
            if role is not AccessRole.SERVICE:
                who = await staff_of(database, role)
                secret = await sign_in.open_session(session, staff_id=who, method="oidc")
                found.append(Caller(secret, role, SCOPES[role]))
        for scope in Scope:
            key = await keys.create(session, name="x", scopes=[scope])
            secret = await sign_in.open_session(session, key_id=key.split("_")[1])
            found.append(Caller(secret, AccessRole.SERVICE, frozenset({scope})))
    return found


async def staff_of(database: Database, role: AccessRole, name: str = "Kaisa") -> UUID:
    """Somebody of the staff."""
    async with database.unit() as session:
        row = await staff.add(session, issuer="https://id.example", subject=f"{role}-{name}", name=name, role=role)
        return row.id


async def wrong_cells(
    ask: Callable[[Caller], Awaitable[int]], callers: list[Caller], needed: Scope, *, first: bool = False
) -> list[str]:
    """Where a route lets somebody pass that may not, or refuses somebody that may; ``first``: the first such cell."""
    wrong = []
    for caller in callers:
        status = await ask(caller)
        if (status != 403) != caller.may(needed) or status == 401:
            wrong.append(f"{caller}: {status}")
            if first:
                break
    return wrong
