"""Asking each operation that reads customers for somebody whom there is, so that each answer shows what it can."""

from dataclasses import dataclass
from typing import Any

import httpx2

from support import canary
from support.calling import Api
from support.story import tell

_SHARED = "040 2222222"
_OTHERS: list[dict[str, Any]] = [
    {"id": 21, "name": "Aino Kanaria", "phones": [_SHARED], "emails": ["aino@tyo.example"]},
    {"id": 22, "name": "Pekka Berg", "phones": [_SHARED], "emails": ["pekka@tyo.example"]},
    {"id": 23, "name": "Onni Kanaria", "phones": [_SHARED]},
    {"id": 24, "who": "a", "name": "Anna Kanaria", "emails": [canary.MAIL], "thread": "room", "text": canary.MAIL},
    {"id": 25, "who": "a", "name": "Anna Kanaria", "emails": [canary.MAIL], "thread": "room",
     "direction": "internal", "text": canary.SECRET},
]  # fmt: skip
"""Two of whom one is asked whether they are one, and a conversation."""
QUERY = "kanaria"


@dataclass(frozen=True)
class Asked:
    """A request."""

    method: str
    path: str
    body: Any = None

    async def send(self, api: Api, key: str) -> httpx2.Response:
        return await api.send(self.method, self.path, key=key, **({} if self.body is None else {"json": self.body}))


async def reads(api: Api) -> dict[str, Asked]:
    """Tell of people with canaries, merge two of them, and answer a request of each read, by its operation."""
    await tell(api.database, [*canary.MESSAGES, *_OTHERS])
    hits = (await api.post("/v1/customers:search", {"query": QUERY})).json()["hits"]
    named = {h["name"].split()[0]: h["customer_id"] for h in hits}
    made = await api.post("/v1/customers:merge", {"customers": [named["Anna"], named["Olli"]], "reason": "one"})
    decision, (anna,) = made.json()["decision_id"], made.json()["customers"]
    profiles = (await api.get(f"/v1/customers/{named['Olli']}", follow_redirects=True)).json()["profiles"]
    entries = (await api.get(f"/v1/customers/{anna}/timeline")).json()["entries"]
    told = next(e for e in entries if e["direction"] == "internal" and e["conversation_id"])
    known = {"identifiers": [{"scheme": "email", "value": canary.MAIL}], "name": "Anna Kanaria"}
    parted = {"profiles": [p["id"] for p in profiles if p["name"] == "Olli Kanaria"]}
    return {
        "resolveCustomer": Asked("POST", "/v1/customers:resolve", known),
        "searchCustomers": Asked("POST", "/v1/customers:search", {"query": QUERY}),
        "readCustomer": Asked("GET", f"/v1/customers/{anna}?explain=true"),
        "readTimeline": Asked("GET", f"/v1/customers/{anna}/timeline"),
        "readCoverage": Asked("GET", f"/v1/customers/{anna}/coverage"),
        "readRelations": Asked("GET", f"/v1/customers/{named['Aino']}/relations"),
        "readInteraction": Asked("GET", f"/v1/interactions/{told['id']}"),
        "readConversation": Asked("GET", f"/v1/conversations/{told['conversation_id']}"),
        "listDecisions": Asked("GET", "/v1/decisions"),
        "listReviews": Asked("GET", "/v1/reviews"),
        "explainPair": Asked("GET", f"/v1/identity:explain?left={anna}&right={named['Aino']}"),
        "previewMerge": Asked("POST", "/v1/customers:preview-merge", {"customers": [anna, named["Aino"]]}),
        "previewSeparate": Asked("POST", f"/v1/customers/{anna}:preview-separate", parted),
        "previewRevoke": Asked("POST", f"/v1/decisions/{decision}:preview-revoke"),
    }
