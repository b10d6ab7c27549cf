"""ETags: nobody overwrites what they have not seen."""

import asyncio
import os
from typing import Any

import pytest

from support.calling import Api, problem
from support.parley import Parley
from support.story import ANNA

CHAIN = "/v1/survivorship/name"
DESK = {"key": "desk", "connector": "parley", "config": {"page": 10}, "every": 60}
SOURCE = "/v1/sources/desk"
CLIENTS, EDITS = (int(n) for n in os.environ.get("CX_EDITS", "10x4").split("x"))


def on(tag: str) -> dict[str, Any]:
    return {"headers": {"If-Match": tag}}


async def test_a_customer_that_is_known_already_is_not_sent_again(api: Api, people: dict[str, str]) -> None:
    path = f"/v1/customers/{people[ANNA]}"
    first = await api.get(path)
    again = await api.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert (await api.get(path, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})).status_code == 304
    assert (await api.get(path, headers={"If-None-Match": '"other"'})).json() == first.json()
    explained = await api.get(path + "?explain=true", headers={"If-None-Match": first.headers["etag"]})
    assert (explained.status_code, explained.headers["etag"]) == (200, first.headers["etag"])


async def test_a_correction_can_rest_on_what_was_seen(api: Api, people: dict[str, str]) -> None:
    path = f"/v1/customers/{people[ANNA]}"
    body = {"field": "name", "value": "Anna Salo", "reason": "said so"}
    seen = (await api.get(path)).headers["etag"]
    assert (await api.post(f"{path}/corrections", body, **on(seen))).status_code == 200
    assert (await api.get(path)).headers["etag"] != seen
    problem(await api.post(f"{path}/corrections", body | {"value": "Anna"}, **on(seen)), 412, "precondition_failed")
    assert (await api.get(path)).json()["name"]["value"] == "Anna Salo"


async def test_rules_change_only_from_what_was_seen(api: Api) -> None:
    seen = (await api.get(CHAIN)).headers["etag"]
    changed = await api.send("PUT", CHAIN, json={"rules": ["newest"]}, **on(seen))
    assert changed.status_code == 200
    assert changed.headers["etag"] == (await api.get(CHAIN)).headers["etag"] != seen
    problem(await api.send("PUT", CHAIN, json={"rules": ["most_frequent"]}, **on(seen)), 412, "precondition_failed")
    problem(await api.send("DELETE", CHAIN, **on(seen)), 412, "precondition_failed")
    assert (await api.get(CHAIN)).json()["rules"] == ["newest"]
    assert (await api.send("DELETE", CHAIN, **on(changed.headers["etag"]))).headers["etag"] == seen


async def test_any_version_will_do_where_a_star_says_so(api: Api) -> None:
    assert (await api.send("PUT", CHAIN, json={"rules": ["newest"]}, **on("*"))).status_code == 200


@pytest.mark.parametrize("tag", ["", '""', "nonsense", '"' + "0" * 32 + '"'])
async def test_what_is_no_tag_of_it_matches_nothing(api: Api, tag: str) -> None:
    problem(await api.send("PUT", CHAIN, json={"rules": ["newest"]}, **on(tag)), 412, "precondition_failed")


async def test_a_pull_makes_no_other_version_of_a_sources_settings(api: Api, parley: type[Parley]) -> None:
    assert (await api.post("/v1/sources", DESK)).status_code == 201
    seen = (await api.get(SOURCE)).headers["etag"]
    await api.post(f"{SOURCE}:pause")
    assert (await api.get(SOURCE)).headers["etag"] == seen
    changed = await api.send("PATCH", SOURCE, json={"every": 90}, **on(seen))
    assert changed.headers["etag"] != seen
    problem(await api.send("PATCH", SOURCE, json={"every": 120}, **on(seen)), 412, "precondition_failed")
    assert (await api.get(SOURCE)).json()["every"] == 90


async def test_of_many_who_count_at_once_none_loses_a_count(api: Api, parley: type[Parley]) -> None:
    assert (await api.post("/v1/sources", DESK)).status_code == 201

    async def edit() -> int:
        refused = 0
        for _ in range(EDITS):
            while True:
                seen = await api.get(SOURCE)
                if seen.status_code == 503:  # too many at once for the time that a request has
                    problem(seen, 503, "timed_out")
                    continue
                count = {"every": seen.json()["every"] + 1}
                answer = await api.send("PATCH", SOURCE, json=count, **on(seen.headers["etag"]))
                if answer.status_code == 200:
                    break
                if answer.status_code == 503:  # the same: nothing was done, or the count at the end tells
                    problem(answer, 503, "timed_out")
                    continue
                problem(answer, 412, "precondition_failed")
                refused += 1
        return refused

    refused = sum(await asyncio.gather(*(edit() for _ in range(CLIENTS))))
    assert (await api.get(SOURCE)).json()["every"] == 60 + CLIENTS * EDITS
    assert refused > 0
