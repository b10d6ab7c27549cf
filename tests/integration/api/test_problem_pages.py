"""Problems: their type leads to a page that says what they mean."""

import re

import httpx2
import pytest

from cxcore.api.app import application
from cxcore.api.problem_table import KINDS
from cxcore.db.session import Database
from support.calling import CURSOR_KEY, Api, calling, problem
from support.html import read
from support.served import Service

HOME = "https://cx.example"


async def page(api: Api, code: str) -> str:
    answer = await api.client.get(f"/problems/{code}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8"), code
    return answer.text


async def test_the_type_of_a_problem_leads_to_its_page(api: Api) -> None:
    refused = problem(await api.get("/v1/sources/none"), 404, "not_found")
    assert refused["type"] == "/problems/not_found"
    answer = await api.client.get(refused["type"])
    told = read(answer.text).text
    assert "not_found" in told
    assert "404" in told
    assert KINDS["not_found"].do in told


async def test_the_type_is_absolute_where_the_service_knows_its_address(database: Database) -> None:
    async with calling(application(database, cursor_key=CURSOR_KEY, public_url=HOME), base=HOME) as client:
        answers = [
            await client.get("/v1/sources"),
            await client.get("/v1/nothing"),
            await client.delete("/v1/sources"),
            await client.post("/v1/customers:search", content=b"x" * 2**21),
        ]
        assert [a.json()["type"] for a in answers] == [f"{HOME}/problems/{a.json()['code']}" for a in answers]
        assert len({a.json()["code"] for a in answers}) == len(answers)
        for answer in answers:
            assert (await client.get(answer.json()["type"])).status_code == 200


async def test_every_kind_has_a_whole_page_whose_links_lead_somewhere(api: Api) -> None:
    linked = set()
    for code, kind in KINDS.items():
        text = await page(api, code)
        told = read(text).text
        assert kind.again.value.replace("`", "") in told, code
        assert ("Example" in told) is bool(kind.statuses)
        linked |= set(re.findall(r'href="/problems/(\w+)"', text))
    assert linked == KINDS.keys()


async def test_a_page_is_guarded_and_holds_no_script(api: Api) -> None:
    answer = await api.client.get("/problems/conflict")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", answer.text)


@pytest.mark.parametrize("code", ["nothing", "NOT_FOUND", "%3Cscript%3E", "not_found/x"])
async def test_a_code_that_is_not_there_is_not_found(api: Api, code: str) -> None:
    answer = await api.client.get(f"/problems/{code}")
    problem(answer, 404, "not_found")
    assert "script" not in answer.text


async def test_what_a_page_shows_as_an_example_is_what_the_api_answers(api: Api) -> None:
    """Held here for those that are cheap to bring about."""
    asked: dict[str, httpx2.Response] = {
        "unauthenticated": await api.client.get("/v1/sources"),
        "method_not_allowed": await api.send("DELETE", "/v1/customers:search"),
        "invalid_input": await api.post("/v1/customers:search", {"query": ""}),
        "too_large": await api.post("/v1/customers:search", content=b"x" * 2**21),
        "idempotency_key_invalid": await api.post("/v1/customers:merge", {}, headers={"Idempotency-Key": "ä".encode()}),
    }
    assert {code: answer.json() for code, answer in asked.items()} == {code: KINDS[code].example("") for code in asked}


def test_the_service_leads_from_a_problem_to_its_page(service: Service) -> None:
    refused = httpx2.get(f"{service.url}/v1/sources", trust_env=False)
    page = httpx2.get(httpx2.URL(service.url).join(refused.json()["type"]), trust_env=False)
    assert page.status_code == 200
    assert "unauthenticated" in read(page.text).text
    assert httpx2.get(f"{service.url}/static/style.css", trust_env=False).status_code == 200
