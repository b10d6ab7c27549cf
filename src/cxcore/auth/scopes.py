"""Scopes: what a key may do. Each is documented in docs/api.md."""

from enum import StrEnum


class Scope(StrEnum):
    """A right that a key carries."""

    READ_CUSTOMERS = "customers:read"
    DECIDE_CUSTOMERS = "customers:decide"
    CORRECT_CUSTOMERS = "customers:correct"
    WRITE_SURVIVORSHIP = "survivorship:write"
    WRITE_INTERACTIONS = "interactions:write"
    READ_SOURCES = "sources:read"
    WRITE_SOURCES = "sources:write"


DESCRIPTIONS = {
    Scope.READ_CUSTOMERS: "resolve, search and read customers, their timelines and their coverage, and preview decisions",
    Scope.DECIDE_CUSTOMERS: "merge and separate customers, and revoke such decisions",
    Scope.CORRECT_CUSTOMERS: "correct a value that is shown of a customer, and revoke corrections",
    Scope.WRITE_SURVIVORSHIP: "change the rules by which a value is shown, of all customers at once",
    Scope.WRITE_INTERACTIONS: "send interactions to sources of the connector api, and take them back",
    Scope.READ_SOURCES: "read sources: settings without secrets, state, pulls, and what was set aside",
    Scope.WRITE_SOURCES: "configure, check, pull, pause, reset and remove sources, and enter their secrets",
}
"""What each scope allows, in words; docs/api.md lists the same."""
