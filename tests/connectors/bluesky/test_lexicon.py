"""The judge of the small network: what the vendor's lexicons do not allow fails, whichever side says it."""

from typing import Any

import pytest

from cxconnectors.bluesky import Bluesky as Connector
from support.bluesky import DESK, PASSWORD, URL, Bluesky
from support.lexicon import Violation

LIST = "app.bsky.notification.listNotifications"
POST = {"text": "words", "createdAt": "2026-01-05T08:00:00.000Z"}


@pytest.mark.parametrize(
    "asked", [{"limit": ["101"]}, {"limit": ["0"]}, {"limit": ["1", "2"]}, {"seenAt": ["today"]}, {"since": ["x"]}]
)
def test_a_wrong_parameter_is_a_violation(bluesky: Bluesky, asked: dict[str, list[str]]) -> None:
    with pytest.raises(Violation):
        bluesky.lexicons.parameters(LIST, asked)
    assert bluesky.lexicons.parameters(LIST, {"limit": ["100"], "reasons": ["reply", "quote"]})


@pytest.mark.parametrize(
    "wrong",
    [{"text": 5}, {"text": "x" * 3001}, {"createdAt": "yesterday"}, {"langs": ["en"] * 4}, {"reply": {"root": POST}},
     {"embed": {"$type": "app.bsky.embed.external", "external": {"uri": "no address"}}}, {"embed": {"images": []}},
     {"facets": [{"index": {"byteStart": -1, "byteEnd": 2}, "features": []}]}],
    ids=range(8),
)  # fmt: skip
def test_a_wrong_post_is_a_violation(bluesky: Bluesky, wrong: dict[str, Any]) -> None:
    bluesky.lexicons.record("app.bsky.feed.post", POST)
    with pytest.raises(Violation):
        bluesky.lexicons.record("app.bsky.feed.post", POST | wrong)


async def test_a_violation_by_the_service_is_not_swallowed_by_the_connector(bluesky: Bluesky) -> None:
    bluesky.say(bluesky.person("guest"), "words")
    bluesky.people["did:plc:guest"]["handle"] = "no handle"
    connector = Connector.configured({"service": URL, "identifier": DESK, "app_password": PASSWORD})
    connector.transport = bluesky.transport()
    with pytest.raises(Violation, match="is no handle"):
        await anext(connector.pull("mentions", None))


async def test_a_violation_by_the_connector_is_not_swallowed_either(bluesky: Bluesky) -> None:
    connector = Connector.configured({"service": URL, "identifier": DESK, "app_password": PASSWORD})
    connector.transport = bluesky.transport()
    connector.config = connector.config.model_copy(update={"page": 101})
    with pytest.raises(Violation, match="out of range"):
        await anext(connector.pull("mentions", None))
