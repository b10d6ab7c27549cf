"""The recorded sessions of a real Mastodon map whole, read as the company's and as somebody else's."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cxconnectors.mastodon import Mastodon, kept
from cxcore.model.interaction import Direction, Flag, Interaction, Kind
from cxcore.sdk import Record

pytestmark = pytest.mark.shared_data
NOBODY = "the id of nobody"
CONFIG = {"url": "http://localhost:3000", "token": "t"}


def posts(told: Any) -> Iterator[dict[str, Any]]:
    """All posts in an answer, however deep; what a client gets back for deleting its own has no content and is none."""
    if isinstance(told, dict):
        if "visibility" in told and "content" in told:
            yield told
        for each in told.values():
            yield from posts(each)
    elif isinstance(told, list):
        for each in told:
            yield from posts(each)


def recorded(folder: Path, name: str) -> list[dict[str, Any]]:
    session = json.loads((folder / "vendors" / "mastodon" / "recorded" / f"{name}.json").read_text(encoding="utf-8"))
    return [post for answer in session for post in posts(answer["body"])]


def mapped(post: dict[str, Any], me: str) -> list[Interaction]:
    found = list(Mastodon.configured(CONFIG).map(Record("posts", post["id"], kept.post(post, me))))
    assert all(isinstance(each, Interaction) for each in found)
    return [each for each in found if isinstance(each, Interaction)]


def test_every_recorded_post_is_what_its_author_said(shared_data: Path) -> None:
    sessions = sorted((shared_data / "vendors" / "mastodon" / "recorded").glob("*.json"))
    found = [post for session in sessions for post in recorded(shared_data, session.stem)]
    assert len(found) > 40
    for post in found:
        (inbound,) = mapped(post, NOBODY)
        assert inbound.direction is Direction.INBOUND
        assert inbound.text
        assert "<" not in inbound.text
        (author,) = inbound.customers
        assert author.key == post["account"]["id"]
        assert [i.value for i in author.identifiers] == [f"{post['account']['acct']}@localhost:3000"]
        outbound = mapped(post, post["account"]["id"])
        addressed = {person.key for each in outbound for person in each.customers}
        assert addressed == {mention["id"] for mention in post["mentions"]} - {post["account"]["id"]}


def test_a_recorded_mention_is_of_the_account_that_it_names(shared_data: Path) -> None:
    (post,) = {each["id"]: each for each in recorded(shared_data, "test_notifications_mentions_only")}.values()
    (said,) = mapped(post, post["mentions"][0]["id"])
    assert (said.kind, said.text) == (Kind.POST, "@mastodonpy_test hello!")
    assert [p.address for p in said.participants] == ["mastodonpy_test@localhost:3000"]


def test_a_recorded_edit_and_a_recorded_direct_message_are_known_as_such(shared_data: Path) -> None:
    edited = [mapped(post, NOBODY)[0] for post in recorded(shared_data, "test_status_edit")]
    assert {each.flags for each in edited} == {(), (Flag.EDITED,)}
    direct = [post for post in recorded(shared_data, "test_conversations") if post["visibility"] == "direct"]
    assert direct
    assert {mapped(post, NOBODY)[0].kind for post in direct} == {Kind.MESSAGE}
