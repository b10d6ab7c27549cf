"""Scopes: what a key may do. Each is documented in docs/api/access.md."""

from enum import StrEnum


class Scope(StrEnum):
    """A right that a key carries."""

    READ_CUSTOMERS = "customers:read"
    DECIDE_CUSTOMERS = "customers:decide"
    CORRECT_CUSTOMERS = "customers:correct"
    REVEAL_CUSTOMERS = "customers:reveal"
    WRITE_SURVIVORSHIP = "survivorship:write"
    WRITE_INTERACTIONS = "interactions:write"
    READ_SOURCES = "sources:read"
    WRITE_SOURCES = "sources:write"
    READ_ACCESS = "access:read"
    WRITE_ACCESS = "access:write"
    READ_AUDIT = "audit:read"
    READ_CHANGES = "changes:read"
    READ_WEBHOOKS = "webhooks:read"
    WRITE_WEBHOOKS = "webhooks:write"


DESCRIPTIONS = {
    Scope.READ_CUSTOMERS: "resolve, search and read customers, their timelines and their coverage, and preview decisions",
    Scope.DECIDE_CUSTOMERS: "merge and separate customers, and revoke such decisions",
    Scope.CORRECT_CUSTOMERS: "correct a value that is shown of a customer, and revoke corrections",
    Scope.REVEAL_CUSTOMERS: "read a value that the role does not show, for a reason that is kept",
    Scope.WRITE_SURVIVORSHIP: "change the rules by which a value is shown, of all customers at once",
    Scope.WRITE_INTERACTIONS: "send interactions to sources of the connector api, and take them back",
    Scope.READ_SOURCES: "read sources: settings without secrets, state, pulls, and what was set aside",
    Scope.WRITE_SOURCES: "configure, check, pull, pause, reset and remove sources, and enter their secrets",
    Scope.READ_ACCESS: "read who has access: keys without their secrets, staff",
    Scope.WRITE_ACCESS: "make, rotate and revoke keys, and say who of the staff may do what, never beyond one's own rights",
    Scope.READ_AUDIT: "read the audit: who read whom, and who changed what of access",
    Scope.READ_CHANGES: "follow what happens: the feed of changes, page by page or as a stream",
    Scope.READ_WEBHOOKS: "read webhooks and the log of what was sent to them, without secrets",
    Scope.WRITE_WEBHOOKS: "make, change, rotate, test, resend and remove webhooks",
}
"""What each scope allows, in words; docs/api/access.md lists the same."""
