"""Access: every operation asks for a key and the scope it declares, and a key that is over is over."""

import time
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from cxcore.api import access
from cxcore.api.app import create
from cxcore.auth import keys
from cxcore.auth.scopes import Scope
from cxcore.db.session import Database
from support.calling import Api, new_key, problem

NOBODY = UUID(int=5)
READ, DECIDE, CORRECT, RULE, LOOK, RUN, SEND = (
    Scope.READ_CUSTOMERS,
    Scope.DECIDE_CUSTOMERS,
    Scope.CORRECT_CUSTOMERS,
    Scope.WRITE_SURVIVORSHIP,
    Scope.READ_SOURCES,
    Scope.WRITE_SOURCES,
    Scope.WRITE_INTERACTIONS,
)
OPERATIONS: dict[str, tuple[str, str, Any, Scope]] = {
    "resolveCustomer": (
        "POST",
        "/v1/customers:resolve",
        {"identifiers": [{"scheme": "email", "value": "a@x.example"}]},
        READ,
    ),
    "searchCustomers": ("POST", "/v1/customers:search", {"query": "anna"}, READ),
    "readCustomer": ("GET", f"/v1/customers/{NOBODY}", None, READ),
    "readTimeline": ("GET", f"/v1/customers/{NOBODY}/timeline", None, READ),
    "readCoverage": ("GET", f"/v1/customers/{NOBODY}/coverage", None, READ),
    "readRelations": ("GET", f"/v1/customers/{NOBODY}/relations", None, READ),
    "readInteraction": ("GET", f"/v1/interactions/{NOBODY}", None, READ),
    "readConversation": ("GET", f"/v1/conversations/{NOBODY}", None, READ),
    "listDecisions": ("GET", "/v1/decisions", None, READ),
    "replayQuarantine": ("POST", "/v1/sources/none/quarantine:replay", None, RUN),
    "listReviews": ("GET", "/v1/reviews", None, READ),
    "explainPair": ("GET", f"/v1/identity:explain?left={NOBODY}&right={UUID(int=6)}", None, READ),
    "decideReview": (
        "POST",
        "/v1/reviews:decide",
        {"left": str(NOBODY), "right": str(UUID(int=6)), "verdict": "same", "reason": "same"},
        DECIDE,
    ),
    "mergeCustomers": (
        "POST",
        "/v1/customers:merge",
        {"customers": [str(NOBODY), str(UUID(int=6))], "reason": "same"},
        DECIDE,
    ),
    "separateProfiles": (
        "POST",
        f"/v1/customers/{NOBODY}:separate",
        {"profiles": [str(NOBODY)], "reason": "two"},
        DECIDE,
    ),
    "previewMerge": ("POST", "/v1/customers:preview-merge", {"customers": [str(NOBODY), str(UUID(int=6))]}, READ),
    "previewSeparate": ("POST", f"/v1/customers/{NOBODY}:preview-separate", {"profiles": [str(NOBODY)]}, READ),
    "previewRevoke": ("POST", f"/v1/decisions/{NOBODY}:preview-revoke", None, READ),
    "revokeDecision": ("POST", f"/v1/decisions/{NOBODY}:revoke", None, DECIDE),
    "listSurvivorship": ("GET", "/v1/survivorship", None, READ),
    "readSurvivorship": ("GET", "/v1/survivorship/name", None, READ),
    "setSurvivorship": ("PUT", "/v1/survivorship/name", {"rules": ["newest"]}, RULE),
    "resetSurvivorship": ("DELETE", "/v1/survivorship/name", None, RULE),
    "correctCustomer": (
        "POST",
        f"/v1/customers/{NOBODY}/corrections",
        {"field": "name", "value": "Anna", "reason": "said so"},
        CORRECT,
    ),
    "revokeCorrection": ("POST", f"/v1/corrections/{NOBODY}:revoke", None, CORRECT),
    "sendInteraction": (
        "POST",
        "/v1/sources/none/interactions",
        {
            "id": "1",
            "channel": "chat",
            "kind": "message",
            "direction": "inbound",
            "occurred_at": "2026-01-01T00:00:00Z",
        },
        SEND,
    ),
    "sendInteractions": ("POST", "/v1/sources/none/interactions:bulk", None, SEND),
    "withdrawInteractions": ("POST", "/v1/sources/none/interactions:withdraw", {"ids": ["1"]}, SEND),
    "listSources": ("GET", "/v1/sources", None, LOOK),
    "readSource": ("GET", "/v1/sources/none", None, LOOK),
    "listRuns": ("GET", "/v1/sources/none/runs", None, LOOK),
    "listQuarantine": ("GET", "/v1/sources/none/quarantine", None, LOOK),
    "addSource": ("POST", "/v1/sources", {"key": "blog", "connector": "no_such", "config": {}}, RUN),
    "changeSource": ("PATCH", "/v1/sources/none", {"every": 60}, RUN),
    "removeSource": ("DELETE", "/v1/sources/none", None, RUN),
    "checkSource": ("POST", "/v1/sources/none:check", None, RUN),
    "pullSource": ("POST", "/v1/sources/none:pull", None, RUN),
    "pauseSource": ("POST", "/v1/sources/none:pause", None, RUN),
    "resumeSource": ("POST", "/v1/sources/none:resume", None, RUN),
    "resetSource": ("POST", "/v1/sources/none:reset", {}, RUN),
    "listKeys": ("GET", "/v1/keys", None, Scope.READ_ACCESS),
    "readKey": ("GET", "/v1/keys/none", None, Scope.READ_ACCESS),
    "createKey": ("POST", "/v1/keys", {"name": "x", "scopes": ["access:write"]}, Scope.WRITE_ACCESS),
    "rotateKey": ("POST", "/v1/keys/none:rotate", {}, Scope.WRITE_ACCESS),
    "revokeKey": ("POST", "/v1/keys/none:revoke", None, Scope.WRITE_ACCESS),
    "listStaff": ("GET", "/v1/staff", None, Scope.READ_ACCESS),
    "addStaff": (
        "POST",
        "/v1/staff",
        {"issuer": "local", "subject": "x", "name": "x", "role": "service"},
        Scope.WRITE_ACCESS,
    ),
    "changeStaff": ("PATCH", f"/v1/staff/{NOBODY}", {}, Scope.WRITE_ACCESS),
    "revealValue": (
        "POST",
        f"/v1/customers/{NOBODY}:reveal",
        {"field": "birth_date", "reason": "asked at check-in"},
        Scope.REVEAL_CUSTOMERS,
    ),
    "listAudit": ("GET", "/v1/audit", None, Scope.READ_AUDIT),
    "listChanges": ("GET", "/v1/changes", None, Scope.READ_CHANGES),
    "listWebhooks": ("GET", "/v1/webhooks", None, Scope.READ_WEBHOOKS),
    "readWebhook": ("GET", f"/v1/webhooks/{NOBODY}", None, Scope.READ_WEBHOOKS),
    "listWebhookDeliveries": ("GET", f"/v1/webhooks/{NOBODY}/deliveries", None, Scope.READ_WEBHOOKS),
    "addWebhook": ("POST", "/v1/webhooks", {"url": "https://hooks.example/"}, Scope.WRITE_WEBHOOKS),
    "changeWebhook": ("PATCH", f"/v1/webhooks/{NOBODY}", {"description": "x"}, Scope.WRITE_WEBHOOKS),
    "removeWebhook": ("DELETE", f"/v1/webhooks/{NOBODY}", None, Scope.WRITE_WEBHOOKS),
    "enableWebhook": ("POST", f"/v1/webhooks/{NOBODY}:enable", None, Scope.WRITE_WEBHOOKS),
    "disableWebhook": ("POST", f"/v1/webhooks/{NOBODY}:disable", None, Scope.WRITE_WEBHOOKS),
    "rotateWebhook": ("POST", f"/v1/webhooks/{NOBODY}:rotate", None, Scope.WRITE_WEBHOOKS),
    "testWebhook": ("POST", f"/v1/webhooks/{NOBODY}:test", None, Scope.WRITE_WEBHOOKS),
    "replayWebhook": ("POST", f"/v1/webhooks/{NOBODY}:replay", {"since": "2026-11-01T00:00:00Z"}, Scope.WRITE_WEBHOOKS),
    "resendWebhookDelivery": (
        "POST",
        f"/v1/webhooks/{NOBODY}/deliveries/{NOBODY}:resend",
        None,
        Scope.WRITE_WEBHOOKS,
    ),
    "streamChanges": ("GET", "/v1/changes/stream?after=9", None, Scope.READ_CHANGES),
}
"""Each operation: method, path, a body it understands, and the scope it needs."""
SIGNED = frozenset({"deliver", "deliverTo", "postTo", "answerChallenge"})
"""Operations whose authority is the sender's signature: tests/integration/api/test_deliveries.py."""


async def ask(api: Api, name: str, **kwargs: Any) -> Any:
    method, path, body, _ = OPERATIONS[name]
    return await api.send(method, path, **({} if body is None else {"json": body}), **kwargs)


def test_the_table_of_operations_is_complete(database: Database) -> None:
    document = create(database, cursor_key=b"").openapi()
    found = {o["operationId"] for path in document["paths"].values() for o in path.values()}
    assert found == {*OPERATIONS, *SIGNED, "readHealth"}


async def test_nobody_without_a_key_gets_in_by_any_operation(api: Api) -> None:
    for name, (method, path, body, _) in OPERATIONS.items():
        answer = await api.client.request(method, path, **({} if body is None else {"json": body}))
        problem(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"] == "Bearer", name


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer cx_",
        "Bearer cx__",
        "Bearer cx_000000000000_",
        "Bearer cx_000000000000_secret",
        "Bearer cx_\x00_secret",
        "Bearer cx_\xe4_secret",
        "Basic Y3g6eA==",
        "cx_000000000000_secret",
    ],
)
async def test_what_is_no_key_of_ours_gets_nobody_in(api: Api, header: str) -> None:
    answer = await api.client.post(
        "/v1/customers:search", json={"query": "a"}, headers={b"Authorization": header.encode("latin-1")}
    )
    problem(answer, 401, "unauthenticated")


async def test_the_refusal_does_not_say_what_is_wrong_with_a_key(api: Api, database: Database) -> None:
    revoked, expired = await new_key(database), await new_key(database)
    async with database.unit() as session:
        await keys.revoke(session, key_id=revoked.split("_")[1])
        await session.execute(
            text("update api_key set expires_at = now() - interval '1 second' where id = :i"),
            {"i": expired.split("_")[1]},
        )
    right = api.key
    wrong = [right[:-1] + ("a" if right[-1] != "a" else "b"), right.replace("cx_", "cx_0"), revoked, expired]
    answers = [await api.get("/v1/customers:search", key=k) for k in wrong]
    bodies = {problem(await ask(api, "readCustomer", key=k), 401, "unauthenticated")["detail"] for k in wrong}
    assert len(bodies) == 1
    assert {a.status_code for a in answers} <= {401, 405}


async def test_a_key_without_the_scope_is_refused_by_each_operation(api: Api, database: Database) -> None:
    lacking = {scope: await new_key(database, *(s for s in Scope if s is not scope)) for scope in Scope}
    for name, (*_, needed) in OPERATIONS.items():
        body = problem(await ask(api, name, key=lacking[needed]), 403, "permission_denied")
        assert needed.value in body["detail"], name


async def test_the_scope_alone_is_enough_for_each_operation(api: Api, database: Database) -> None:
    alone = {scope: await new_key(database, scope) for scope in Scope}
    for name, (*_, needed) in OPERATIONS.items():
        answer = await ask(api, name, key=alone[needed])
        assert answer.status_code in {200, 201, 404, 410} or name == "addStaff", (name, answer.text)


async def test_a_key_is_asked_for_before_a_request_is_judged_by_each_operation(api: Api) -> None:
    """So that nobody learns from outside what a body must look like, or whom there is."""
    for name, (method, path, *_) in OPERATIONS.items():
        answer = await api.client.request(method, path.replace(str(NOBODY), "not-a-uuid"), content=b"{")
        assert answer.status_code in {401, 422}, name


async def test_a_scope_of_a_later_version_gives_no_right(api: Api, database: Database) -> None:
    key = await new_key(database, READ)
    async with database.unit() as session:
        await session.execute(
            text("update api_key set scopes = '{everything:write}' where id = :i"), {"i": key.split("_")[1]}
        )
    problem(await ask(api, "readCustomer", key=key), 403, "permission_denied")


class Clock:
    """A monotonic clock that the test moves."""

    def __init__(self) -> None:
        self.at = time.monotonic()

    def __call__(self) -> float:
        return self.at


async def test_a_revoked_key_stops_within_five_seconds(
    api: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(access, "time", SimpleNamespace(monotonic=clock))
    key = await new_key(database)
    assert (await ask(api, "searchCustomers", key=key)).status_code == 200
    async with database.unit() as session:
        await keys.revoke(session, key_id=key.split("_")[1])
    clock.at += 5
    problem(await ask(api, "searchCustomers", key=key), 401, "unauthenticated")
    clock.at -= 4.9
    problem(await ask(api, "searchCustomers", key=key), 401, "unauthenticated")


async def test_an_expired_key_stops_within_five_seconds(
    api: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(access, "time", SimpleNamespace(monotonic=clock))
    key = await new_key(database)
    assert (await ask(api, "searchCustomers", key=key)).status_code == 200
    async with database.unit() as session:
        await session.execute(text("update api_key set expires_at = now() where id = :i"), {"i": key.split("_")[1]})
    clock.at += 5
    problem(await ask(api, "searchCustomers", key=key), 401, "unauthenticated")


async def test_the_ring_of_keys_does_not_grow_for_ever(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_REMEMBERED_MOST", 3)
    ring = access.KeyRing()
    for _ in range(8):
        await ring.authenticate(database, await new_key(database))
        assert len(ring.known) <= 3


async def test_the_document_and_the_health_need_no_key(api: Api) -> None:
    assert (await api.client.get("/openapi.json")).json()["info"]["title"] == "cxcore"
    answer = await api.client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
