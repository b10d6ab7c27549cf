"""What docs/access.md says each role may do and does not see, written down once more: no test of the policy asks the policy."""

from collections.abc import Mapping
from types import MappingProxyType

EVERYTHING = frozenset({
    "customers:read", "customers:decide", "customers:correct", "customers:reveal", "survivorship:write",
    "interactions:write", "sources:read", "sources:write", "access:read", "access:write", "audit:read", "changes:read",
    "webhooks:read", "webhooks:write",
})  # fmt: skip
MAY: Mapping[str, frozenset[str]] = MappingProxyType({
    "front_desk": frozenset({"customers:read", "customers:reveal"}),
    "agent": frozenset({"customers:read", "customers:reveal", "customers:decide", "customers:correct"}),
    "steward": frozenset({
        "customers:read", "customers:reveal", "customers:decide", "customers:correct", "survivorship:write",
        "sources:read",
    }),
    "admin": EVERYTHING,
    "service": EVERYTHING,
})  # fmt: skip
"""The most that a role may do."""
NOT_SEEN: Mapping[str, frozenset[str]] = MappingProxyType({
    "front_desk": frozenset({"email", "phone", "birth_date", "address", "internal"}),
    "agent": frozenset({"birth_date"}),
    "steward": frozenset(),
    "admin": frozenset(),
    "service": frozenset(),
})  # fmt: skip
"""What a role does not see."""
