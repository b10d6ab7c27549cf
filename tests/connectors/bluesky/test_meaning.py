"""What posts of all kinds mean."""

from typing import Any

import pytest

from cxconnectors.bluesky import Bluesky as Connector
from cxconnectors.bluesky import saying
from cxconnectors.bluesky.listing import tid
from cxcore.model.interaction import Attachment, Direction, Interaction, Kind
from cxcore.model.profile import SourceProfile
from cxcore.sdk import Record, RecordRejected
from support.bluesky import DESK

GUEST = "did:plc:guest"
URI = f"at://{GUEST}/app.bsky.feed.post/3n2vokekqos2o"
OWN = f"at://{DESK}/app.bsky.feed.post/3n2vokekqos2o"
BLOB = {"$type": "blob", "ref": {"$link": "bafkrei"}, "mimeType": "image/jpeg", "size": 760_898}


def connector(**more: Any) -> Connector:
    return Connector.configured({"identifier": "desk.example", "app_password": "secret", **more})


def mention(post: dict[str, Any], **more: Any) -> list[Any]:
    payload = {"uri": URI, "at": "2026-01-05T08:00:00+00:00", "author": GUEST, "record": post}
    return list(connector(**more).map(Record("mentions", URI, payload)))


def own(post: dict[str, Any], **more: Any) -> list[Interaction]:
    found = list(connector(**more).map(Record("posts", OWN, {"uri": OWN, "record": post})))
    assert all(isinstance(each, Interaction) for each in found)
    return found  # type: ignore[return-value]  # just asked


def reply(to: str, root: str) -> dict[str, Any]:
    return {"root": {"uri": root, "cid": "c"}, "parent": {"uri": to, "cid": "c"}}


def test_a_link_that_is_shown_shortened_is_written_out_and_others_stay_as_they_are() -> None:
    text = "Ääkköset: example.com/a-long-pa... and home.example"
    start = len("Ääkköset: ".encode())
    shown = len(b"example.com/a-long-pa...")
    facets = [
        {"index": {"byteStart": start, "byteEnd": start + shown},
         "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://example.com/a-long-path"}]},
        {"index": {"byteStart": len(text.encode()) - 12, "byteEnd": len(text.encode())},
         "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://home.example"}]},
    ]  # fmt: skip
    post = {"text": text, "facets": facets}
    assert saying.words(post) == "Ääkköset: https://example.com/a-long-path and home.example"
    assert saying.links(post) == ["https://example.com/a-long-path", "https://home.example"]


def test_pictures_films_and_cards_are_told_in_words_and_as_attachments() -> None:
    images = {
        "$type": "app.bsky.embed.images",
        "images": [{"alt": "A cold\nsoup", "image": BLOB}, {"alt": "", "image": BLOB}],
    }
    post = {"text": "Look", "embed": images}
    assert saying.words(post) == "Look\n[image] A cold soup\n[image]"
    assert saying.attachments(post)[0] == Attachment(name="image 1", media_type="image/jpeg", size=760_898)
    video = {
        "text": "",
        "embed": {"$type": "app.bsky.embed.video", "video": BLOB | {"mimeType": "video/mp4"}, "alt": "Rain"},
    }
    assert saying.words(video) == "[video] Rain"
    assert [each.name for each in saying.attachments(video)] == ["video"]
    card = {"uri": "https://news.example/1", "title": "A title", "description": "Some words"}
    quoting = {
        "text": "See",
        "embed": {
            "$type": "app.bsky.embed.recordWithMedia",
            "record": {"record": {"uri": OWN, "cid": "c"}},
            "media": {"$type": "app.bsky.embed.external", "external": card},
        },
    }
    assert saying.words(quoting) == "See\n[link] A title · Some words · https://news.example/1"
    assert saying.quoted(quoting) == OWN
    assert saying.links(quoting) == ["https://news.example/1"]


def test_a_guests_answer_is_a_comment_in_the_thread_of_its_root() -> None:
    (found,) = mention({"text": "thank you", "reply": reply(OWN, URI), "langs": ["en"]})
    assert (found.kind, found.direction, found.conversation) == (Kind.COMMENT, Direction.INBOUND, URI)
    assert found.attributes["in_reply_to"] == OWN
    (found,) = mention({"text": "hello"})
    assert (found.kind, found.conversation) == (Kind.POST, URI)


def test_the_companys_other_accounts_are_no_customers() -> None:
    assert mention({"text": "hello"}, own_dids=[GUEST]) == []
    assert own({"text": "hi", "reply": reply(URI, URI)}, own_dids=[GUEST]) == []


def test_an_own_post_goes_to_whom_it_answers_names_or_quotes() -> None:
    (answer,) = own({"text": "at ten", "createdAt": "2026-01-05T08:00:00Z", "reply": reply(URI, URI)})
    assert (answer.direction, [c.key for c in answer.customers]) == (Direction.OUTBOUND, [GUEST])
    (second,) = own({"text": "or eleven", "reply": reply(OWN, URI)})
    assert [c.key for c in second.customers] == [GUEST]
    (quote,) = own(
        {"text": "so it is", "embed": {"$type": "app.bsky.embed.record", "record": {"uri": URI, "cid": "c"}}}
    )
    assert [c.key for c in quote.customers] == [GUEST]
    facet = {
        "index": {"byteStart": 0, "byteEnd": 3},
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": GUEST}],
    }
    (naming,) = own({"text": "you", "facets": [facet]})
    assert [c.key for c in naming.customers] == [GUEST]
    assert own({"text": "to everybody"}) == []


def test_a_person_keeps_the_did_whatever_the_handle() -> None:
    (known,) = connector().map(
        Record("mentions", GUEST, {"did": GUEST, "handle": "anna.example", "displayName": "Anna\x00"})
    )
    assert isinstance(known, SourceProfile)
    assert (known.key, known.name, [i.value for i in known.identifiers]) == (GUEST, "Anna", [GUEST, "anna.example"])
    (gone,) = connector().map(Record("mentions", GUEST, {"did": GUEST, "handle": "handle.invalid"}))
    assert isinstance(gone, SourceProfile)
    assert [i.value for i in gone.identifiers] == [GUEST]


@pytest.mark.parametrize(
    "payload",
    [b"x", None, [], {}, {"uri": 5}, {"uri": URI, "record": {"text": 5}}, {"uri": URI, "record": {"text": "x"}},
     {"uri": URI, "record": {"text": "x"}, "author": GUEST, "at": "never"}, {"did": 5}, {"did": "x" * 600}],
    ids=range(10),
)  # fmt: skip
def test_what_is_no_post_is_rejected(payload: Any) -> None:
    with pytest.raises(RecordRejected):
        list(connector().map(Record("mentions", "k", payload)))


@pytest.mark.parametrize("post", [{"text": "x", "facets": 5}, {"text": "x", "facets": [5, {"index": 5}]},
    {"text": "x", "embed": 5}, {"text": "x", "embed": {"images": [5]}}, {"text": "x", "reply": 5},
    {"text": "x", "embed": {"external": 5, "media": 7, "record": 9}}, {"text": "x\ud800\x00"}], ids=range(7))  # fmt: skip
def test_odd_posts_are_read_as_far_as_they_go(post: dict[str, Any]) -> None:
    (found,) = mention(post)
    assert found.text is not None
    assert found.text.startswith("x")


@pytest.mark.parametrize("key", ["", "self", "zzzzzzzzzzzzz", "3n2vokekqos2", "3N2VOKEKQOS2O"])
def test_keys_that_are_no_tid_are_none(key: str) -> None:
    assert tid(key) is None
