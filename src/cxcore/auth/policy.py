"""The policy: what each role may do and may not see. Keys and sessions are judged here, by the same function."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from cxcore.auth.scopes import Scope
from cxcore.errors import PermissionDenied


class AccessRole(StrEnum):
    """What somebody is here. A key is a service unless it is made for a role."""

    AGENT = "agent"
    FRONT_DESK = "front_desk"
    STEWARD = "steward"
    ADMIN = "admin"
    SERVICE = "service"


_AGENT = frozenset({
    Scope.READ_CUSTOMERS,
    Scope.DECIDE_CUSTOMERS,
    Scope.CORRECT_CUSTOMERS,
    Scope.REVEAL_CUSTOMERS,
})  # fmt: skip
SCOPES: Mapping[AccessRole, frozenset[Scope]] = MappingProxyType({
    AccessRole.FRONT_DESK: frozenset({Scope.READ_CUSTOMERS, Scope.REVEAL_CUSTOMERS}),
    AccessRole.AGENT: _AGENT,
    AccessRole.STEWARD: _AGENT | {Scope.WRITE_SURVIVORSHIP, Scope.READ_SOURCES},
    AccessRole.ADMIN: frozenset(Scope),
    AccessRole.SERVICE: frozenset(Scope),
})  # fmt: skip
"""The most that each role may do. A key has those of its scopes that its role allows; staff have all of their role's."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls, by a key or in a session, and what they may do.

    ``key_id``: the key used, empty for staff; ``staff_id``: who of the staff, empty for keys. ``audited``: whether the
    audit keeps what they read, though they are a service.
    """

    key_id: str
    name: str
    scopes: frozenset[Scope]
    role: AccessRole = AccessRole.SERVICE
    staff_id: str = ""
    audited: bool = False

    @property
    def actor(self) -> str:
        """How what they do is signed: ``key:<id>``, ``staff:<id>``, or ``operator`` at the command line."""
        if self.staff_id:
            return f"staff:{self.staff_id}"
        return f"key:{self.key_id}" if self.key_id else "operator"

    def may(self, scope: Scope) -> bool:
        """Whether they may do it: the one decision, for every route, key and session."""
        return scope in self.scopes and scope in SCOPES[self.role]

    def require(self, scope: Scope) -> None:
        """Raises PermissionDenied when they may not."""
        if not self.may(scope):
            raise PermissionDenied(f"This needs the scope {scope}.", hint="Use a key or a role that has it.")

    def require_cover(self, scopes: Collection[Scope], role: AccessRole) -> None:
        """Raises PermissionDenied when somebody of these scopes and this role could do what they themselves may not."""
        beyond = sorted(s for s in frozenset(scopes) & SCOPES[role] if not self.may(s))
        if beyond:
            raise PermissionDenied(f"Nobody can give what they do not have: {', '.join(beyond)}.")


def operator() -> Principal:
    """Whoever has the server's command line, and with it the database."""
    return Principal("", "the command line", frozenset(Scope), AccessRole.ADMIN)
