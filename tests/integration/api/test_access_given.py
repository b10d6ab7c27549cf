"""Access given by the API: keys and staff, never more than whoever gives it has, and all of it in the audit."""

from typing import Any

import pytest
from sqlalchemy import text

from cxcore.auth import sign_in
from cxcore.auth.policy import AccessRole
from cxcore.auth.scopes import Scope
from cxcore.errors import Unauthenticated
from support.calling import Api, new_key, problem
from support.judging import staff_of

ONE = {"name": " booking engine ", "scopes": ["customers:read"]}


async def made(api: Api, **more: Any) -> dict[str, Any]:
    answer = await api.post("/v1/keys", {**ONE, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_key_is_shown_once_works_and_is_listed_without_its_secret(api: Api) -> None:
    found = await made(api)
    assert found["key"] == {
        **found["key"],
        "name": "booking engine",
        "scopes": ["customers:read"],
        "role": "service",
        "made_by": f"key:{api.key.split('_')[1]}",
        "revoked_at": None,
    }
    assert found["secret"].split("_")[1] == found["key"]["id"]
    assert (await api.post("/v1/customers:search", {"query": "a"}, key=found["secret"])).status_code == 200
    secret = found["secret"].split("_", 2)[2]
    for path in ("/v1/keys", f"/v1/keys/{found['key']['id']}", "/v1/audit"):
        answer = await api.get(path)
        assert answer.status_code == 200
        assert secret not in answer.text


async def test_a_key_gives_no_more_than_its_maker_has(api: Api) -> None:
    weak = await new_key(api.database, Scope.WRITE_ACCESS, Scope.READ_SOURCES)
    body = problem(await api.post("/v1/keys", ONE, key=weak), 403, "permission_denied")
    assert "customers:read" in body["detail"]
    problem(await api.post(f"/v1/keys/{api.key.split('_')[1]}:rotate", {}, key=weak), 403, "permission_denied")
    staff = {"issuer": "https://id.example", "subject": "1", "name": "K", "role": "front_desk"}
    problem(await api.post("/v1/staff", staff, key=weak), 403, "permission_denied")
    assert (await api.post("/v1/keys", {**ONE, "scopes": ["sources:read"]}, key=weak)).status_code == 201


async def test_a_key_makes_and_rotates_none_that_lives_longer(api: Api) -> None:
    lasting = await made(api)
    ending = await made(api, scopes=["access:write", "customers:read"], expires_at="2100-01-01T00:00:00Z")
    for body in (ONE, {**ONE, "expires_at": "2100-01-01T00:00:01Z"}):
        problem(await api.post("/v1/keys", body, key=ending["secret"]), 403, "permission_denied")
    rotate = f"/v1/keys/{lasting['key']['id']}:rotate"
    problem(await api.post(rotate, {}, key=ending["secret"]), 403, "permission_denied")
    shorter = {**ONE, "expires_at": "2099-12-31T00:00:00Z"}
    assert (await api.post("/v1/keys", shorter, key=ending["secret"])).status_code == 201
    assert (await api.post(f"/v1/keys/{ending['key']['id']}:rotate", {}, key=ending["secret"])).status_code == 200


async def test_a_key_rotates_and_ends(api: Api) -> None:
    first = await made(api)
    path = f"/v1/keys/{first['key']['id']}"
    second = (await api.post(f"{path}:rotate", {"overlap_seconds": 60})).json()
    assert second["secret"] != first["secret"]
    assert second["key"]["previous_until"] > second["key"]["rotated_at"]
    for secret in (first["secret"], second["secret"]):
        assert (await api.post("/v1/customers:search", {"query": "a"}, key=secret)).status_code == 200
    ended = (await api.post(f"{path}:revoke")).json()
    assert ended["revoked_at"]
    assert (await api.post(f"{path}:revoke")).json()["revoked_at"] == ended["revoked_at"]
    problem(await api.post(f"{path}:rotate", {}), 409, "conflict")
    acts = [(a["act"], a["about"]) for a in (await api.get("/v1/audit")).json()["audit"]]
    assert acts[:3] == [(f"key.{act}", first["key"]["id"]) for act in ("revoked", "rotated", "made")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"role": "king"},
        {"role": "front_desk", "scopes": ["sources:write"]},
        {"expires_at": "2001-01-01T00:00:00Z"},
        {"expires_at": "2030-01-01T00:00:00"},
        {"secret": "mine"},
    ],
    ids=str,
)
async def test_what_is_no_key_is_refused(api: Api, wrong: dict[str, Any]) -> None:
    problem(await api.post("/v1/keys", {**ONE, **wrong}), 422, "invalid_input")


async def test_keys_are_walked_page_by_page(api: Api) -> None:
    wanted = sorted([(await made(api))["key"]["id"] for _ in range(4)] + [api.key.split("_")[1]])
    found, after = [], None
    while True:
        page = (await api.get("/v1/keys?limit=2" + (f"&after={after}" if after else ""))).json()
        found += [key["id"] for key in page["keys"]]
        if (after := page["next"]) is None:
            break
    assert found == wanted
    problem(await api.get("/v1/keys/none"), 404, "not_found")
    problem(await api.get("/v1/keys/%00"), 422, "invalid_input")


async def test_staff_are_taken_on_changed_and_let_go(api: Api) -> None:
    body = {"issuer": "https://id.example", "subject": "1", "name": "Kaisa", "role": "agent"}
    added = (await api.post("/v1/staff", body)).json()
    assert {**added, **body} == added
    assert (added["active"], added["has_password"], added["last_sign_in_at"]) == (True, False, None)
    problem(await api.post("/v1/staff", body), 409, "conflict")
    async with api.database.unit() as session:
        row = (await session.execute(text("select id from staff"))).scalar_one()
        secret = await sign_in.open_session(session, staff_id=row, method="oidc")
    changed = await api.send("PATCH", f"/v1/staff/{added['id']}", json={"role": "steward", "active": False})
    assert (changed.json()["role"], changed.json()["active"]) == ("steward", False)
    async with api.database.unit() as session:
        with pytest.raises(Unauthenticated):
            await sign_in.whose(session, secret)
    everybody = (await api.get("/v1/staff")).json()
    assert [s["id"] for s in everybody["staff"]] == [added["id"]]
    problem(await api.send("PATCH", f"/v1/staff/{added['id']}", json={"role": "service"}), 422, "invalid_input")


async def test_staff_and_the_audit_are_walked_page_by_page(api: Api) -> None:
    wanted = {str(await staff_of(api.database, AccessRole.AGENT, name)) for name in ("A", "B", "C")}
    first = (await api.get("/v1/staff?limit=2")).json()
    rest = (await api.get(f"/v1/staff?limit=2&after={first['next']}")).json()
    assert {s["id"] for s in first["staff"] + rest["staff"]} == wanted
    assert rest["next"] is None
    newest = (await api.get("/v1/audit?limit=2")).json()
    older = (await api.get(f"/v1/audit?before={newest['next']}")).json()
    ids = [a["id"] for a in newest["audit"] + older["audit"]]
    assert ids == sorted(ids, reverse=True)
    assert {a["about"] for a in newest["audit"] + older["audit"]} >= wanted
