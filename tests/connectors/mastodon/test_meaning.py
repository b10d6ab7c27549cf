"""What posts of a Mastodon mean, and how its lists, limits and refusals are met, judged by the vendor's document."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from cxconnectors.mastodon import Mastodon
from cxcore.model.interaction import Direction, Flag, Interaction, Kind, Role
from cxcore.model.profile import SourceProfile
from cxcore.sdk import AuthFailed, RateLimited, Record, RecordRejected
from cxcore.sdk.testing import CANARY, driving
from support.fediverse import SCOPES, Instance
from support.prism import Judge
from support.rest import Reply, Request


@pytest.fixture
def server(mastodon_judge: Judge) -> Iterator[Instance]:
    made = Instance()
    with mastodon_judge.watching():
        mastodon_judge.fake.answer, mastodon_judge.fake.now = made.answer, made.now
        yield made


@pytest.fixture
def connector(server: Instance, mastodon_judge: Judge) -> Mastodon:
    config = {"url": mastodon_judge.url, "token": server.token, "domain": "social.example", "calls": 100_000}
    made = Mastodon.configured({**config, "reread_every": 0})
    assert isinstance(made, Mastodon)
    return made


def pulled(connector: Mastodon) -> list[Interaction]:
    """What a whole pull means, in the order of time."""
    found = {record.key: record for record in driving.records(driving.pull(connector, "posts"))}
    made, rejected = driving.mapped(connector, found.values())
    assert not rejected
    return sorted((each for each in made if isinstance(each, Interaction)), key=lambda each: each.occurred_at)


def handles(people: tuple[SourceProfile, ...]) -> list[str]:
    return [identifier.value for person in people for identifier in person.identifiers]


def test_a_question_and_its_answer_are_one_conversation(server: Instance, connector: Mastodon) -> None:
    anna = server.person("anna@home.example", shown="Anna Virtanen")
    eva = server.person("eva")
    ours = server.says(server.desk, "new opening hours")
    asked = server.says(anna, "and on Sunday?", to=(server.desk, eva), answers=ours)
    answer = server.says(server.desk, "closed", to=(anna,), answers=asked)
    inbound, outbound = pulled(connector)
    assert (inbound.kind, inbound.direction, inbound.role) == (Kind.COMMENT, Direction.INBOUND, Role.AUTHOR)
    assert (inbound.customers[0].key, inbound.customers[0].name) == (anna, "Anna Virtanen")
    assert {(p.role, p.address) for p in inbound.participants} == {
        (Role.AGENT, "desk@social.example"),
        (Role.COPY, "eva@social.example"),
    }
    assert (inbound.conversation, inbound.conversation_aliases) == (ours, (asked,))
    assert (outbound.conversation, outbound.conversation_aliases) == (asked, (answer,))
    assert (outbound.direction, outbound.role, handles(outbound.customers)) == (
        Direction.OUTBOUND,
        Role.RECIPIENT,
        ["anna@home.example"],
    )


def test_boosts_likes_and_what_the_company_says_to_nobody_leave_nothing(server: Instance, connector: Mastodon) -> None:
    anna = server.person("anna@home.example")
    ours = server.says(server.desk, "a post to all")
    hers = server.says(anna, "a post of hers")
    boosted = {**server.posts[hers], "account": server.accounts[anna]}
    server.says(server.desk, "", reblog=boosted)
    for kind in ("favourite", "reblog"):
        server.notify(kind, anna, ours)
    assert pulled(connector) == []


def test_a_direct_message_with_a_warning_a_poll_and_a_picture_is_read_whole(
    server: Instance, connector: Mastodon
) -> None:
    anna = server.person("anna@home.example", bot=True, limited=True)
    option = {"title": "Saturday", "votes_count": 0}
    poll = {"id": "1", "expires_at": None, "expired": False, "multiple": False, "votes_count": 0, "emojis": []}
    picture = {"id": "2", "type": "image", "url": "https://files.example/a.png", "description": "A queue", "meta": {}}
    server.says(
        anna,
        "When? <b>Now</b> &amp; here</p><p>Bye",
        to=(server.desk,),
        visibility="direct",
        spoiler_text="opening hours",
        sensitive=True,
        poll={**poll, "options": [option, {**option, "title": "Sunday"}], "voters_count": 0},
        media_attachments=[picture],
    )
    (said,) = pulled(connector)
    assert (said.kind, said.subject) == (Kind.MESSAGE, "opening hours")
    assert said.text == "When? Now & here\n\nBye\n- Saturday\n- Sunday"
    assert [(a.name, a.media_type) for a in said.attachments] == [("A queue", "image/png")]
    assert (said.attributes["visibility"], said.attributes["sensitive"]) == ("direct", True)
    assert said.customers[0].attributes["kind"] == "bot"
    assert said.customers[0].attributes["state"] == "limited"


def test_names_and_addresses_are_written_as_a_reader_sees_them(server: Instance, connector: Mastodon) -> None:
    name = '<a href="https://social.example/@desk" class="u-url mention">@<span>desk</span></a>'
    link = '<span class="invisible">https://</span><span class="ellipsis">shop.example/a</span><span class="invisible">/b</span>'
    words = f'{name} see <a href="https://shop.example/a/b" rel="nofollow">{link}</a>'
    quoted = server.says(server.desk, "the <i>first</i> words")
    quote = {"state": "accepted", "quoted_status": server.shown(quoted)}
    server.says(server.person("anna@home.example"), words, to=(server.desk,), quote=quote)
    (said,) = pulled(connector)
    assert said.text == "@desk see https://shop.example/a/b"
    assert said.quoted == "the first words"


def test_an_edit_is_a_new_version_and_what_is_deleted_or_hidden_is_gone(server: Instance, connector: Mastodon) -> None:
    anna = server.person("anna@home.example")
    edited, deleted, hidden, kept = (server.says(anna, f"post {n}", to=(server.desk,)) for n in range(4))
    pages = driving.pull(connector, "posts")
    server.edits(edited, "better words")
    server.deletes(deleted)
    server.hidden.add(hidden)
    server.notifications = {}
    found = {r.key: r for r in driving.records(driving.pull(connector, "posts", driving.saved(pages[-1].cursor)))}
    assert {key for key, record in found.items() if record.deleted} == {deleted, hidden}
    (now,) = connector.map(found[edited])
    assert isinstance(now, Interaction)
    assert (now.text, now.flags) == ("better words", (Flag.EDITED,))
    assert not found[kept].deleted, "notifications that somebody cleared take nothing away"


def test_what_is_hidden_stays_away_though_its_notification_is_there(server: Instance, connector: Mastodon) -> None:
    said = server.says(server.person("anna@home.example"), "hello", to=(server.desk,))
    cursor = driving.pull(connector, "posts")[-1].cursor
    server.hidden.add(said)
    for deleted in ([said], [], []):
        pages = driving.pull(connector, "posts", driving.saved(cursor))
        assert [record.key for record in driving.records(pages) if record.deleted] == deleted
        assert all(record.deleted for record in driving.records(pages))
        cursor = pages[-1].cursor


def test_what_shows_up_late_among_the_newest_is_seen(server: Instance, connector: Mastodon) -> None:
    anna = server.person("anna@home.example")
    early, late, last = (server.says(anna, f"post {n}", to=(server.desk,)) for n in range(3))
    held = {number: told for number, told in server.notifications.items() if told["status"] == late}
    for number in held:
        del server.notifications[number]
    pages = driving.pull(connector, "posts")
    assert {record.key for record in driving.records(pages)} == {early, last}
    server.notifications |= held
    found = driving.records(driving.pull(connector, "posts", driving.saved(pages[-1].cursor)))
    assert late in {record.key for record in found}


def test_what_is_older_than_the_newest_that_are_watched_is_left_as_it_was(
    server: Instance, connector: Mastodon
) -> None:
    anna = server.person("anna@home.example")
    said = [server.says(anna, f"post {n}", to=(server.desk,)) for n in range(140)]
    pages = driving.pull(connector, "posts")
    assert {record.key for record in driving.records(pages)} == set(said)
    assert all(len(json.dumps(page.cursor)) < 4096 for page in pages)
    for n in (0, 139):
        server.deletes(said[n])
    found = driving.records(driving.pull(connector, "posts", driving.saved(pages[-1].cursor)))
    assert [record.key for record in found if record.deleted] == [said[139]]


def test_another_account_is_read_from_its_beginning(server: Instance, connector: Mastodon) -> None:
    anna = server.person("anna@home.example")
    server.says(anna, "hello", to=(server.desk,))
    pages = driving.pull(connector, "posts")
    server.desk = server.person("shop")
    other = server.says(server.desk, "hello", to=(anna,))
    server.notifications = {}
    found = driving.records(driving.pull(connector, "posts", driving.saved(pages[-1].cursor)))
    assert {record.key for record in found} == {other}


@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_a_scope_that_is_missing_is_named(server: Instance, connector: Mastodon, scope: str) -> None:
    server.scopes = SCOPES - {scope}
    for asking in (lambda: driving.run(connector.check()), lambda: driving.pull(connector, "posts")):
        with pytest.raises(AuthFailed) as refused:
            asking()
        assert scope in str(refused.value.hint)


def test_a_limit_that_is_reached_is_waited_for_until_it_is_reset(
    server: Instance, connector: Mastodon, mastodon_judge: Judge
) -> None:
    server.says(server.person("anna@home.example"), "hello", to=(server.desk,))
    for wait, limited in ((timedelta(seconds=1), False), (timedelta(minutes=4), True)):
        reset = (server.now + wait).isoformat().replace("+00:00", "Z")
        mastodon_judge.fake.now = server.now
        server.answers = [Reply({"error": "Too many requests"}, status=429, headers={"X-RateLimit-Reset": reset})]
        if not limited:
            assert driving.records(driving.pull(connector, "posts"))
            continue
        with pytest.raises(RateLimited) as told:
            driving.pull(connector, "posts")
        assert told.value.retry_after == pytest.approx(240, abs=2)


def test_a_server_that_cannot_be_asked_for_some_posts_is_read_all_the_same(
    server: Instance, connector: Mastodon, mastodon_judge: Judge
) -> None:
    def older(request: Request) -> Reply:
        missing = request.path == "/api/v1/statuses"
        return Reply({"error": "The page does not exist"}, status=404) if missing else server.answer(request)

    mastodon_judge.fake.answer = older
    said = server.says(server.person("anna@home.example"), "hello", to=(server.desk,))
    assert [record.key for record in driving.records(driving.pull(connector, "posts"))] == [said]


@pytest.mark.parametrize(
    "spoiled", [{"id": None}, {"account": None}, {"account": {"acct": CANARY}}, {"created_at": CANARY}], ids=str
)
def test_what_is_no_post_is_rejected_without_personal_data(spoiled: dict[str, Any]) -> None:
    connector = Mastodon.configured({"url": "https://social.example", "token": "t"})
    post = {"id": "1", "account": {"id": "2"}, "created_at": "2026-03-01T12:00:00Z", "content": "x", **spoiled}
    with pytest.raises(RecordRejected) as rejected:
        list(connector.map(Record("posts", "1", post)))
    assert "canary" not in str(rejected.value).lower()
