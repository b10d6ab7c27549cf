"""The chain's systems as sources of cxcore: which connector reads what, with which mapping."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

DOMAIN = "kaislakuu.example"
ZONE = "Europe/Helsinki"


@dataclass(frozen=True, slots=True)
class System:
    """A source as ``cxcore source add`` would take it."""

    key: str
    name: str
    connector: str
    config: dict[str, Any]


def systems(world: Path, feed_url: Callable[[str], str], own_numbers: tuple[str, ...] = ()) -> list[System]:
    """The sources of a generated world; ``feed_url`` tells where a feed's file is served."""
    blogs = sorted(path.name for path in (world / "social" / "blogit").glob("*.atom"))
    return [
        System("members", "Loyalty club", "files", _table(world / "stays" / "loyalty.tsv", "loyalty")),
        System(
            "stays", "Property system", "files", _table(world / "stays" / "stays.csv", "stays", encoding="iso-8859-1")
        ),
        System(
            "arrivals",
            "Check-in",
            "files",
            _table(world / "stays" / "arrivals.csv", "arrivals", encoding="iso-8859-1"),
        ),
        System("till", "Restaurant till", "files", _table(world / "stays" / "orders.jsonl", "orders")),
        System(
            "mail",
            "Mail archive",
            "files",
            {"path": str(world / "mail"), "own_addresses": [f"@{DOMAIN}"], "timezone": ZONE},
        ),
        System("chat", "Web chat", "files", _table(world / "chat", "chat")),
        System(
            "calls",
            "Call records",
            "asterisk_cdr",
            {"file": str(world / "calls" / "Master.csv"), "timezone": ZONE, "own_numbers": list(own_numbers)},
        ),
        System(
            "comments",
            "Blog comments",
            "feed",
            {"urls": [feed_url("kommentit.rss")], "kind": "comment", "own_authors": ["Kaislakuun toimitus"]},
        ),
        System("mentions", "Mentions", "feed", {"urls": [feed_url("maininnat.atom")], "network": "piipitys"}),
        System("blogs", "Guests' blogs", "feed", {"urls": [feed_url(f"blogit/{name}") for name in blogs]}),
    ]


def _table(path: Path, mapping: str, **more: str) -> dict[str, Any]:
    text = (files("cxdemo") / "mappings" / f"{mapping}.toml").read_text(encoding="utf-8")
    return {"path": str(path), "timezone": ZONE, "mapping": tomllib.loads(text), **more}
