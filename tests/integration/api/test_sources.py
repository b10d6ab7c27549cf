"""Sources over the API: configured, looked after and removed, with secrets that nobody sees again."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text

from cxcore import pipeline
from cxcore.db.session import Database
from cxcore.pull import sources
from cxcore.pull.vault import Vault
from cxcore.sdk import SourceUnavailable
from cxcore.worker import main as worker
from support.calling import Api, api_on, calling, new_key, problem
from support.parley import Parley

VAULT = Vault.of(["v" * 40])
TOKEN = "tok-4711-geheim"
SOURCE = {"key": "desk", "connector": "parley", "config": {"page": 10, "token": TOKEN}, "name": "Desk", "every": 300}


@pytest.fixture
async def api(database: Database, parley: type[Parley]) -> AsyncIterator[Api]:
    parley.messages = [{"id": i, "emails": [f"p{i}@x.example"]} for i in range(25)]
    async with calling(api_on(database, vault=VAULT)) as client:
        yield Api(client, database, await new_key(database))


@pytest.fixture
async def desk(api: Api) -> dict[str, Any]:
    answer = await api.post("/v1/sources", SOURCE)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def pulled(api: Api) -> None:
    """What a worker does of its own accord."""
    assert await worker.step(api.database, every=3600, vault=VAULT)


async def read(api: Api, path: str = "/v1/sources/desk") -> dict[str, Any]:
    answer = await api.get(path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_source_is_configured_and_pulled_by_the_worker(api: Api, desk: dict[str, Any]) -> None:
    assert (desk["state"], desk["every"], desk["last_run"], desk["complete_to"]) == ("active", 300, None, None)
    await pulled(api)
    found = await read(api)
    assert (found["landed"], found["waiting"], found["quarantined"], found["failures"]) == (25, 0, 0, 0)
    assert (found["last_run"]["state"], found["last_run"]["records"]) == ("done", 25)
    assert found["complete_to"] is not None
    assert found["records_per_second"] > 0
    assert [s["key"] for s in (await read(api, "/v1/sources"))["sources"]] == ["desk"]


async def test_its_secret_is_never_shown(api: Api, desk: dict[str, Any]) -> None:
    await pulled(api)
    answers = [await api.get("/v1/sources"), await api.get("/v1/sources/desk"), await api.get("/v1/sources/desk/runs")]
    answers.append(await api.send("PATCH", "/v1/sources/desk", json={"every": 60}))
    assert desk["config"] == {"page": 10, "token": "sealed:"}
    assert [c["setting"] for c in desk["credentials"]] == ["token"]
    assert desk["credentials"][0]["set_by"].startswith("key:")
    assert all(a.status_code == 200 and TOKEN not in a.text for a in answers)
    assert TOKEN not in str(desk)


@pytest.mark.usefixtures("desk")
async def test_a_secret_entered_anew_is_the_one_used(api: Api) -> None:
    changed = await api.send("PATCH", "/v1/sources/desk", json={"config": {"token": "another"}})
    assert changed.json()["config"] == {"page": 10, "token": "sealed:"}
    async with api.database.unit() as session:
        source = await sources.find(session, "desk")
        assert (await session.execute(text("select count(*) from credential"))).scalar_one() == 1
    seen: list[str] = []
    original = Parley.pull

    def pull(self: Parley, stream: str, cursor: Any) -> Any:
        assert self.config.token is not None
        seen.append(self.config.token.get_secret_value())
        return original(self, stream, cursor)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Parley, "pull", pull)
        await pipeline.pull(api.database, source, vault=VAULT)
    assert seen == ["another"]


@pytest.mark.parametrize("reference", ["env:CX_DATABASE_URL", "file:/etc/passwd"])
async def test_nobody_has_the_server_read_its_own_secrets(api: Api, reference: str) -> None:
    answer = await api.post("/v1/sources", SOURCE | {"config": {"token": reference}})
    problem(answer, 422, "invalid_input")
    assert "command line" in answer.json()["detail"]


@pytest.mark.usefixtures("desk")
async def test_nor_by_changing_a_source(api: Api) -> None:
    answer = await api.send("PATCH", "/v1/sources/desk", json={"config": {"token": "env:CX_DATABASE_URL"}})
    problem(answer, 422, "invalid_input")


@pytest.mark.parametrize("config", [{"page": 20}, {"page": 20, "token": "sealed:"}, {"page": 20, "token": None}])
@pytest.mark.usefixtures("desk")
async def test_nobody_has_a_secret_sent_elsewhere_that_they_do_not_know(api: Api, config: dict[str, Any]) -> None:
    answer = await api.send("PATCH", "/v1/sources/desk", json={"config": config})
    problem(answer, 422, "invalid_input")
    assert "token" in answer.json()["detail"]
    assert (await read(api))["config"] == {"page": 10, "token": "sealed:"}


@pytest.mark.usefixtures("desk")
async def test_who_gives_the_secret_anew_may_change_the_rest(api: Api) -> None:
    answer = await api.send("PATCH", "/v1/sources/desk", json={"config": {"page": 20, "token": "another"}})
    assert answer.json()["config"] == {"page": 20, "token": "sealed:"}


async def test_nobody_names_a_file_of_the_servers(api: Api) -> None:
    config = {"host": "imap.x.example", "user": "u", "password": "p", "ca_file": "/etc/passwd"}
    answer = await api.post("/v1/sources", {"key": "x", "connector": "imap", "config": config})
    problem(answer, 422, "invalid_input")
    assert "ca_file" in answer.json()["detail"]


@pytest.mark.parametrize("connector", ["files", "asterisk_cdr"])
async def test_nobody_has_the_server_read_its_own_files(api: Api, connector: str) -> None:
    answer = await api.post("/v1/sources", {"key": "x", "connector": connector, "config": {"path": "/etc"}})
    problem(answer, 422, "invalid_input")
    assert "command line" in answer.json()["detail"]


async def test_without_a_vault_no_secret_is_taken(database: Database, parley: type[Parley]) -> None:
    assert parley.manifest.key == "parley"
    async with calling(api_on(database)) as client:
        answer = await Api(client, database, await new_key(database)).post("/v1/sources", SOURCE)
    assert answer.status_code >= 400
    assert TOKEN not in answer.text
    async with database.unit() as session:
        assert (await session.execute(text("select count(*) from source"))).scalar_one() == 0


@pytest.mark.usefixtures("desk")
async def test_a_source_that_answers_names_its_account(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await api.post("/v1/sources/desk:check")).json() == {"account": "parley with 25 messages"}

    async def check(self: Parley) -> str:
        raise SourceUnavailable("The source answers 503.")

    monkeypatch.setattr(Parley, "check", check)
    problem(await api.post("/v1/sources/desk:check"), 502, "source_unavailable")


@pytest.mark.usefixtures("desk")
async def test_paused_resumed_pulled_now(api: Api) -> None:
    assert (await api.post("/v1/sources/desk:pause")).json()["state"] == "paused"
    problem(await api.post("/v1/sources/desk:pull"), 409, "conflict")
    assert not await worker.step(api.database, every=3600, vault=VAULT)
    assert (await api.post("/v1/sources/desk:resume")).json()["state"] == "active"
    await pulled(api)
    assert not await worker.step(api.database, every=3600, vault=VAULT), "it is not due again yet"
    assert (await api.post("/v1/sources/desk:pull")).status_code == 202
    await pulled(api)


@pytest.mark.usefixtures("desk")
async def test_reset_it_is_read_from_the_start_and_nothing_is_doubled(api: Api) -> None:
    await pulled(api)
    problem(await api.post("/v1/sources/desk:reset", {"stream": "no_such"}), 422, "invalid_input")
    assert (await api.post("/v1/sources/desk:reset", {"stream": "messages"})).json()["read_at"] is None
    await api.post("/v1/sources/desk:pull")
    await pulled(api)
    [last, first] = (await read(api, "/v1/sources/desk/runs"))["runs"]
    assert (first["landed"], last["records"], last["landed"]) == (25, 25, 0)


@pytest.mark.usefixtures("desk")
async def test_runs_are_walked_page_by_page(api: Api) -> None:
    for n in range(5):
        Parley.messages.append({"id": 100 + n, "emails": ["new@x.example"]})
        await api.post("/v1/sources/desk:pull")
        await pulled(api)
    found: list[int] = []
    path = "/v1/sources/desk/runs?limit=2"
    while True:
        page = await read(api, path)
        found += [r["id"] for r in page["runs"]]
        if page["next"] is None:
            break
        path = f"/v1/sources/desk/runs?limit=2&before={page['next']}"
    assert len(found) == 5
    assert found == sorted(found, reverse=True)


@pytest.mark.usefixtures("desk")
async def test_of_idle_pulls_only_the_last_is_kept(api: Api) -> None:
    for _ in range(4):
        await api.post("/v1/sources/desk:pull")
        await pulled(api)
    assert [r["landed"] for r in (await read(api, "/v1/sources/desk/runs"))["runs"]] == [0, 25]


async def test_what_was_set_aside_is_listed_with_its_reason(api: Api, parley: type[Parley]) -> None:
    parley.messages[3] |= {"poison": "rejected"}
    await api.post("/v1/sources", SOURCE)
    await pulled(api)
    [record] = (await read(api, "/v1/sources/desk/quarantine"))["records"]
    assert (record["reason"], record["origin"], record["attempts"]) == ("the text is missing", "message 3", 1)


async def test_what_was_set_aside_is_tried_again(api: Api, parley: type[Parley]) -> None:
    parley.messages[3] |= {"poison": "rejected"}
    await api.post("/v1/sources", SOURCE)
    await pulled(api)
    again = await api.post("/v1/sources/desk/quarantine:replay")
    assert again.json() == {"understood": 0, "quarantined": 1}
    async with api.database.unit() as session:
        await session.execute(
            text(
                "update source_record set body = convert_to(replace(convert_from(body, 'utf8'), 'rejected', 'healed'), 'utf8')"
            )
        )
    assert (await api.post("/v1/sources/desk/quarantine:replay")).json() == {"understood": 1, "quarantined": 0}
    assert (await read(api, "/v1/sources/desk/quarantine"))["records"] == []


@pytest.mark.usefixtures("desk")
async def test_removed_by_the_worker_nothing_is_left_of_it(api: Api) -> None:
    await pulled(api)
    answer = await api.send("DELETE", "/v1/sources/desk")
    assert (answer.status_code, answer.json()["state"]) == (202, "leaving")
    problem(await api.post("/v1/sources/desk:resume"), 409, "conflict")
    await worker.step(api.database, every=3600, vault=VAULT)
    problem(await api.get("/v1/sources/desk"), 404, "not_found")
    async with api.database.unit() as session:
        for table in ("profile", "interaction", "source_record", "credential"):
            count = await session.execute(text(f"select count(*) from {table}"))  # noqa: S608
            assert count.scalar_one() == 0, table


@pytest.mark.usefixtures("desk")
async def test_a_key_is_taken_once(api: Api) -> None:
    problem(await api.post("/v1/sources", SOURCE), 409, "conflict")
