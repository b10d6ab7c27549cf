"""Links of the OpenAPI document: which answer holds what another operation asks for (OpenAPI 3.1, Link Object)."""

from typing import Any

_CUSTOMER_READS = ("readCustomer", "readTimeline", "readCoverage", "readRelations")
_RESOLVED = {"customer_id": "$response.body#/customer_id"}
_FOUND = {"customer_id": "$response.body#/hits/0/customer_id"}
_DECISION = {"decision_id": "$response.body#/decision_id"}
_SAME_CUSTOMER = {"customer_id": "$request.path.customer_id"}
_SAME_SOURCE = {"key": "$request.path.key"}
_SOURCE_READS = ("listRuns", "listQuarantine")
_LISTED = {"key": "$response.body#/sources/0/key"}
_LINKS: dict[str, dict[str, dict[str, str]]] = {
    "resolveCustomer": dict.fromkeys(_CUSTOMER_READS, _RESOLVED),
    "searchCustomers": dict.fromkeys(_CUSTOMER_READS, _FOUND),
    "readCustomer": dict.fromkeys(_CUSTOMER_READS[1:], _SAME_CUSTOMER),
    "readTimeline": {
        "readTimeline": _SAME_CUSTOMER | {"cursor": "$response.body#/next"},
        "readCustomer": _SAME_CUSTOMER,
    },
    "readRelations": {"readRelations": _SAME_CUSTOMER | {"cursor": "$response.body#/next"}},
    "mergeCustomers": {
        "revokeDecision": _DECISION,
        "previewRevoke": _DECISION,
        "readCustomer": {"customer_id": "$response.body#/customers/0"},
    },
    "separateProfiles": {"revokeDecision": _DECISION, "previewRevoke": _DECISION},
    "decideReview": {"revokeDecision": _DECISION, "previewRevoke": _DECISION},
    "correctCustomer": {"revokeCorrection": {"correction_id": "$response.body#/correction/id"}},
    "listSources": dict.fromkeys(("readSource", *_SOURCE_READS), _LISTED),
    "readSource": dict.fromkeys(_SOURCE_READS, _SAME_SOURCE),
}
"""By operation: the operations that follow its success, and where their parameters come from."""


def declare(document: dict[str, Any]) -> None:
    """Put the links into an OpenAPI document.

    Raises:
        KeyError: the document has no such operation.
    """
    operations = {o["operationId"]: o for path in document["paths"].values() for o in path.values()}
    for name, following in _LINKS.items():
        answers = operations[name]["responses"]
        success = next(status for status in answers if status.startswith("2"))
        answers[success]["links"] = {
            target: {"operationId": operations[target]["operationId"], "parameters": parameters}
            for target, parameters in following.items()
        }
