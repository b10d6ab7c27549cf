"""Asking a route as somebody of each role and as a key of each scope, and comparing with what docs/access.md says."""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from starlette.types import ASGIApp, Message

from cxcore.auth import keys, sign_in, staff
from cxcore.auth.policy import AccessRole
from cxcore.auth.scopes import Scope
from cxcore.auth.tables import ApiKey
from cxcore.db.session import Database
from support.allowed import MAY


@dataclass(frozen=True)
class Caller:
    """A key, or a session of staff or of a key, of a role with some scopes."""

    secret: str
    role: AccessRole
    scopes: frozenset[Scope]

    def __str__(self) -> str:
        return f"{self.role} with {', '.join(sorted(self.scopes))}"

    def may(self, needed: Scope) -> bool:
        """By the table, not by the policy that is tested."""
        return needed in self.scopes and needed.value in MAY[self.role]


EACH = [(role, frozenset({scope})) for role in AccessRole for scope in Scope]
"""Each role with each scope alone."""


def about(scope: Scope) -> list[tuple[AccessRole, frozenset[Scope]]]:
    """Each role with this scope alone, and with all others: if these together open nothing, none of them does."""
    return [(role, held) for role in AccessRole for held in (frozenset({scope}), frozenset(Scope) - {scope})]


async def key_callers(database: Database, wanted: Sequence[tuple[AccessRole, frozenset[Scope]]]) -> list[Caller]:
    """A key of each role with these scopes, whether or not such a key could be made."""
    made = [(secrets.token_hex(6), secrets.token_urlsafe(32), role, scopes) for role, scopes in wanted]
    async with database.unit() as session:
        session.add_all(
            ApiKey(id=i, name="x", digest=keys.digest(s), scopes=sorted(scopes), role=role.value)
            for i, s, role, scopes in made
        )
    return [Caller(f"cx_{i}_{s}", role, scopes) for i, s, role, scopes in made]


async def session_callers(database: Database, wanted: Sequence[tuple[AccessRole, frozenset[Scope]]]) -> list[Caller]:
    """A session of each of these keys."""
    made = await key_callers(database, wanted)
    async with database.unit() as session:
        opened = [await sign_in.open_session(session, key_id=key.secret.split("_")[1]) for key in made]
    return [Caller(secret, key.role, key.scopes) for secret, key in zip(opened, made, strict=True)]


async def staff_callers(database: Database) -> list[Caller]:
    """A session of staff of each role."""
    found = []
    for role in AccessRole:
        if role is not AccessRole.SERVICE:
            who = await staff_of(database, role)
            async with database.unit() as session:
                secret = await sign_in.open_session(session, staff_id=who, method="oidc")
            found.append(Caller(secret, role, frozenset(Scope)))
    return found


async def staff_of(database: Database, role: AccessRole, name: str = "Kaisa") -> UUID:
    """Somebody of the staff."""
    async with database.unit() as session:
        row = await staff.add(session, issuer="https://id.example", subject=f"{role}-{name}", name=name, role=role)
        return row.id


async def answered(
    app: ASGIApp, method: str, path: str, headers: dict[str, str], body: bytes = b""
) -> tuple[int, str | None]:
    """The status of an answer, and where it leads. There is no client in between: a matrix asks thousands of times."""
    where, _, query = path.partition("?")
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": where,
        "raw_path": where.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("cx.example", 80),
        "state": {},
    }
    started: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.append(message)

    await app(scope, receive, send)
    (start,) = started
    return start["status"], dict(start["headers"]).get(b"location", b"").decode() or None


async def wrong_cells(
    ask: Callable[[Caller], Awaitable[int]], callers: Sequence[Caller], needed: Scope, *, first: bool = False
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
