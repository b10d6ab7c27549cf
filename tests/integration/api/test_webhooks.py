"""Webhooks by the API: made with a secret that is shown once, changed, tried, sent anew, removed."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from cxcore.db.session import Database
from support.calling import Api, api_on, calling, new_key, pointers, problem
from support.receiving import Receiver, receiver
from support.sending import VAULT, Office, office, tell

NOBODY = UUID(int=5)
URL = "https://hooks.example/cxcore"


@pytest.fixture
async def inner(database: Database) -> AsyncIterator[Api]:
    """The API where webhooks may lead into the private network."""
    app = api_on(database, vault=VAULT, webhook_private_network=True)
    async with calling(app) as client:
        yield Api(client, database, await new_key(database))


@pytest.fixture
async def to() -> AsyncIterator[Receiver]:
    async with receiver() as made:
        yield made


@pytest.fixture
async def at_work(database: Database) -> AsyncIterator[Office]:
    async with office(database) as made:
        yield made


async def made(api: Api, url: str = URL, **more: Any) -> dict[str, Any]:
    answer = await api.post("/v1/webhooks", {"url": url, **more})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.parametrize("end", ["", "/deliveries"])
async def test_there_is_no_such_webhook(api: Api, end: str) -> None:
    problem(await api.get(f"/v1/webhooks/{NOBODY}{end}"), 404, "not_found")


async def test_a_webhook_is_shown_without_its_secret(api: Api, database: Database) -> None:
    body = await made(api, description="the till", types=["cxcore.customer.merged"])
    secret = body.pop("secret")
    assert secret.startswith("whsec_")
    assert (body["url"], body["description"], body["types"]) == (URL, "the till", ["cxcore.customer.merged"])
    assert (body["state"], body["problem"], body["failures"], body["failing_since"]) == ("active", None, 0, None)
    answers = [await api.get("/v1/webhooks"), await api.get(f"/v1/webhooks/{body['id']}")]
    assert [answers[0].json()["webhooks"], answers[1].json()] == [[body], body]
    async with database.unit() as session:
        kept = (await session.execute(text("select * from webhook_secret"))).one()
    assert secret.removeprefix("whsec_").encode() not in kept.sealed
    assert secret not in str(kept) + answers[0].text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": ""}, "/url"),
        ({"url": URL, "types": []}, "/types"),
        ({"url": URL, "types": ["cxcore.no.such"]}, "/types/0"),
        ({"url": URL, "secret": "mine"}, "/secret"),
        ({"url": URL, "description": "x\u0000"}, "/description"),
    ],
)
async def test_what_does_not_fit_is_refused(api: Api, body: dict[str, Any], field: str) -> None:
    assert field in pointers(problem(await api.post("/v1/webhooks", body), 422, "invalid_input"))


@pytest.mark.parametrize("url", ["http://hooks.example/", "https://127.0.0.1/", "https://u:p@hooks.example/"])
async def test_where_no_webhook_may_lead_is_refused_at_once(api: Api, url: str) -> None:
    assert url not in problem(await api.post("/v1/webhooks", {"url": url}), 422, "invalid_input")["detail"]
    hook = await made(api)
    problem(await api.send("PATCH", f"/v1/webhooks/{hook['id']}", json={"url": url}), 422, "invalid_input")
    assert (await api.get(f"/v1/webhooks/{hook['id']}")).json()["url"] == URL


async def test_what_is_left_out_of_a_change_stays(api: Api) -> None:
    hook = await made(api, description="a", types=["cxcore.customer.merged"])
    path = f"/v1/webhooks/{hook['id']}"
    changed = (await api.send("PATCH", path, json={"description": "b"})).json()
    assert (changed["description"], changed["types"]) == ("b", ["cxcore.customer.merged"])
    changed = (await api.send("PATCH", path, json={"types": None, "url": URL + "/2"})).json()
    assert (changed["description"], changed["types"], changed["url"]) == ("b", None, URL + "/2")


async def test_a_test_is_sent_to_one_webhook_and_its_log_tells(inner: Api, to: Receiver, at_work: Office) -> None:
    hook = await made(inner, to.url, types=["cxcore.customer.merged"])
    await made(inner, to.url + "/other")
    assert (await inner.post(f"/v1/webhooks/{hook['id']}:test")).status_code == 202
    await at_work.send()
    (got,) = to.got
    assert (got.path, got.event["type"], got.event["subject"]) == ("/hooks", "cxcore.webhook.tested", hook["id"])
    assert got.fits(hook["secret"])
    (log,) = (await inner.get(f"/v1/webhooks/{hook['id']}/deliveries")).json()["deliveries"]
    assert (log["event"], log["type"], log["state"], log["next_at"]) == (got.id, got.event["type"], "delivered", None)
    (attempt,) = log["attempts"]
    assert (attempt["status"], attempt["problem"]) == (200, None)
    assert 0 <= attempt["seconds"] < 10


async def test_the_log_is_walked_page_by_page_and_by_state(inner: Api, to: Receiver, at_work: Office) -> None:
    hook = await made(inner, to.url)
    to.answer = lambda got: 500 if got.event["data"]["number"] == 2 else 200
    await tell(inner.database, *range(5))
    await at_work.send()
    path = f"/v1/webhooks/{hook['id']}/deliveries"
    first = (await inner.get(f"{path}?limit=3")).json()
    second = (await inner.get(f"{path}?limit=3&before={first['next']}")).json()
    assert [d["position"] for page in (first, second) for d in page["deliveries"]] == [5, 4, 3, 2, 1]
    assert second["next"] is None
    (waiting,) = (await inner.get(f"{path}?state=waiting")).json()["deliveries"]
    assert (waiting["position"], waiting["attempts"][0]["status"]) == (3, 500)
    assert waiting["next_at"] is not None


async def test_one_is_sent_anew_and_a_time_is_replayed(inner: Api, to: Receiver, at_work: Office) -> None:
    hook = await made(inner, to.url)
    await tell(inner.database, 1, 2)
    await at_work.send()
    path = f"/v1/webhooks/{hook['id']}"
    newest = (await inner.get(f"{path}/deliveries")).json()["deliveries"][0]
    again = next(g.event["data"]["number"] for g in to.got if g.event["id"] == newest["event"])
    assert (await inner.post(f"{path}/deliveries/{newest['id']}:resend")).status_code == 202
    await at_work.send(after=timedelta(seconds=5))
    assert sorted(g.event["data"]["number"] for g in to.got) == sorted([1, 2, again])
    assert (await inner.post(f"{path}:replay", {"since": "2020-01-01T00:00:00Z"})).json() == {"deliveries": 2}
    await at_work.send(after=timedelta(seconds=5))
    assert sorted(g.event["data"]["number"] for g in to.got) == sorted([1, 1, 2, 2, again])
    problem(await inner.post(f"{path}/deliveries/{NOBODY}:resend"), 404, "not_found")
    problem(await inner.post(f"{path}:replay", {"since": "2020-01-01T00:00:00"}), 422, "invalid_input")


async def test_a_new_secret_is_shown_once_and_signs_beside_the_old(inner: Api, to: Receiver, at_work: Office) -> None:
    hook = await made(inner, to.url)
    fresh = (await inner.post(f"/v1/webhooks/{hook['id']}:rotate")).json()["secret"]
    await tell(inner.database, 1)
    await at_work.send()
    assert fresh != hook["secret"]
    assert (to.got[0].fits(fresh), to.got[0].fits(hook["secret"])) == (True, True)


async def test_nothing_is_sent_while_it_is_disabled_and_all_after(inner: Api, to: Receiver, at_work: Office) -> None:
    hook = await made(inner, to.url)
    assert (await inner.post(f"/v1/webhooks/{hook['id']}:disable")).json()["state"] == "disabled"
    await tell(inner.database, 1)
    await at_work.send()
    assert to.got == []
    assert (await inner.post(f"/v1/webhooks/{hook['id']}:enable")).json()["state"] == "active"
    await at_work.send(after=timedelta(seconds=5))
    assert len(to.got) == 1


async def test_a_removed_webhook_leaves_nothing(inner: Api, to: Receiver, at_work: Office) -> None:
    hook = await made(inner, to.url)
    await tell(inner.database, 1)
    await at_work.send()
    assert (await inner.send("DELETE", f"/v1/webhooks/{hook['id']}")).status_code == 204
    problem(await inner.send("DELETE", f"/v1/webhooks/{hook['id']}"), 404, "not_found")
    async with inner.database.unit() as session:
        for table in ("webhook", "webhook_secret", "webhook_delivery", "webhook_attempt"):
            assert (await session.execute(text(f"select count(*) from {table}"))).scalar_one() == 0  # noqa: S608


async def test_without_a_vault_no_webhook_is_made(database: Database) -> None:
    async with calling(api_on(database)) as client:
        bare = Api(client, database, await new_key(database))
        problem(await bare.post("/v1/webhooks", {"url": URL}), 500, "operator_error")
        assert (await bare.get("/v1/webhooks")).json() == {"webhooks": []}
