"""Deciding over the API: merging customers, and finding what to part off."""

from typing import Any

from support.calling import Api

MERGE = "/v1/customers:merge"


async def decide(api: Api, path: str, body: Any = None) -> dict[str, Any]:
    answer = await api.post(path, body)
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    assert made.keys() == {"decision_id", "customers"}
    return made


async def merge(api: Api, *customers: str) -> dict[str, Any]:
    return await decide(api, MERGE, {"customers": list(customers), "reason": "same voice"})


async def profiles(api: Api, customer: str) -> list[str]:
    answer = await api.client.get(
        f"/v1/customers/{customer}", headers={"Authorization": f"Bearer {api.key}"}, follow_redirects=True
    )
    return sorted(p["id"] for p in answer.json()["profiles"])


async def parted(api: Api, customer: str) -> list[str]:
    """A customer's profiles, first one that nothing but itself hangs on: it shows a number and no name."""
    found = (await api.get(f"/v1/customers/{customer}")).json()["profiles"]
    return [p["id"] for p in sorted(found, key=lambda p: (p["name"] is not None, p["id"]))]
