"""Mastodon's API as an OpenAPI document of others tells it, where it contradicts what servers were recorded to do put right."""

from pathlib import Path
from typing import Any

from support import prism
from support.prism import Flaw

FLAWS = [
    Flaw(
        "/paths/~1api~1v1~1notifications/get/parameters/8/name",
        "types",
        "the recorded sessions ask types[]=mention; a server built on Rails reads no list without brackets",
        should="types[]",
    ),
    Flaw(
        "/paths/~1api~1v1~1statuses/get/parameters/0/name",
        "id",
        "as above: Mastodon's own documentation writes id[]",
        should="id[]",
    ),
    Flaw(
        "/components/schemas/Quote/required",
        ["state"],
        "a quote must fit one of Quote and ShallowQuote, but as long as neither asks for what tells them apart it fits both",
        should=["state", "quoted_status"],
    ),
    Flaw(
        "/components/schemas/ShallowQuote/required",
        ["state"],
        "as above",
        should=["state", "quoted_status_id"],
    ),
]


def read(shared_data: Path) -> dict[str, Any]:
    """The document with its flaws put right."""
    return prism.read(shared_data / "vendors" / "mastodon" / "mastodon-openapi.json", FLAWS)
