"""What posts mean: who wrote to whom, in which thread. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeGuard

from cxconnectors.bluesky import saying
from cxconnectors.bluesky.config import BlueskyConfig
from cxconnectors.bluesky.listing import tid, tid_time
from cxcore.model.identifier import Identifier
from cxcore.model.interaction import Channel, Direction, Interaction, Kind, Participant, Role
from cxcore.model.profile import SourceProfile
from cxcore.sdk import RecordRejected
from cxcore.sdk.plain_text import clean, one_line

NETWORK = "bluesky"
_NO_HANDLE = "handle.invalid"
_DID = re.compile(r"did:[!-~]{1,480}")
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""When somebody was seen of whom nothing but the DID is known, so that it never counts as the newest view."""


def person(payload: Any) -> SourceProfile:
    """Somebody as the network knows them; the DID stays when the handle changes.

    Raises:
        RecordRejected: it is nobody.
    """
    found = payload if isinstance(payload, dict) else {}
    did, handle = found.get("did"), found.get("handle")
    if not _is_did(did):
        raise RecordRejected("no Bluesky account")
    identifiers = [Identifier.account(NETWORK, did, verified=True)]
    if isinstance(handle, str) and handle and handle != _NO_HANDLE:
        identifiers.append(Identifier.handle(NETWORK, clean(handle)[:1000], verified=True))
    return SourceProfile(
        key=did, name=one_line(str(found.get("displayName") or ""), 1000), identifiers=tuple(identifiers)
    )


def mention(payload: Any, config: BlueskyConfig) -> Iterable[Interaction]:
    """A post that mentions, answers or quotes the company; none where the company itself wrote it.

    Raises:
        RecordRejected: it has no author, no time or no content.
    """
    uri, post = _post(payload)
    author = payload.get("author")
    if not _is_did(author):
        raise RecordRejected("the post has no writer")
    if author in config.own_dids:
        return ()
    try:
        at = datetime.fromisoformat(str(payload.get("at")))
    except ValueError:
        raise RecordRejected("the post has no time") from None
    return (_interaction(uri, post, at, customers=(_known_by_did(author),)),)


def own_post(payload: Any, config: BlueskyConfig) -> Iterable[Interaction]:
    """A post of the company's that is addressed to somebody: whom it answers, names or quotes; none of another.

    Raises:
        RecordRejected: it has no content or no time.
    """
    uri, post = _post(payload)
    me = _author(uri)
    own = {me, *config.own_dids}
    parent, root = (_author(_answered(post, name)) for name in ("parent", "root"))
    named = [parent, *saying.mentioned(post), _author(saying.quoted(post))]
    addressed = [did for did in dict.fromkeys(named) if _is_did(did) and did not in own]
    if not addressed and _is_did(root) and root not in own:
        addressed = [root]
    if not addressed:
        return ()
    customers = tuple(_known_by_did(did) for did in addressed[:100])
    return (_interaction(uri, post, _made_at(uri, post), customers=customers, writer=me),)


def _known_by_did(did: str) -> SourceProfile:
    """Somebody as a post shows them; name and handle come as a record of the person."""
    return SourceProfile(key=did, identifiers=(Identifier.account(NETWORK, did, verified=True),), observed_at=_LONG_AGO)


def _interaction(
    uri: str,
    post: Mapping[str, Any],
    at: datetime,
    *,
    customers: Sequence[SourceProfile],
    writer: str | None = None,
) -> Interaction:
    """The post as an interaction: inbound from the customer, or outbound by the account ``writer``."""
    root, parent = _answered(post, "root"), _answered(post, "parent")
    attributes: dict[str, Any] = {
        "link": f"https://bsky.app/profile/{_author(uri)}/post/{uri.rpartition('/')[2]}",
        "in_reply_to": parent,
        "quotes": saying.quoted(post),
        "links": saying.links(post),
    }
    return Interaction(
        channel=Channel.SOCIAL,
        kind=Kind.COMMENT if parent else Kind.POST,
        direction=Direction.OUTBOUND if writer else Direction.INBOUND,
        occurred_at=at,
        customers=tuple(customers),
        role=Role.RECIPIENT if writer else Role.AUTHOR,
        participants=(Participant(role=Role.AUTHOR, address=writer),) if writer else (),
        text=saying.words(post),
        conversation=root or uri,
        conversation_aliases=(uri,) if root else (),
        attachments=saying.attachments(post),
        attributes={name: value for name, value in attributes.items() if value},
    )


def _post(payload: Any) -> tuple[str, Mapping[str, Any]]:
    found = payload if isinstance(payload, dict) else {}
    uri, post = found.get("uri"), found.get("record")
    if not isinstance(uri, str) or not _is_did(_author(uri)):
        raise RecordRejected("the post has no address")
    if not isinstance(post, dict) or not isinstance(post.get("text"), str):
        raise RecordRejected("the post has no content")
    return clean(uri), post


def _made_at(uri: str, post: Mapping[str, Any]) -> datetime:
    """When a post of the account's own was made: what it says, but not after its key was."""
    number = tid(uri.rpartition("/")[2])
    if number is None:
        raise RecordRejected("the post has no time")
    keyed = tid_time(number)
    try:
        said = datetime.fromisoformat(str(post.get("createdAt"))).astimezone(UTC)
    except (ValueError, OverflowError):
        return keyed
    return min(said, keyed)


def _author(uri: str | None) -> str | None:
    """The DID in an address: at://did:plc:…/app.bsky.feed.post/3k…"""
    return uri.removeprefix("at://").partition("/")[0] if uri and uri.startswith("at://") else None


def _answered(post: Mapping[str, Any], name: str) -> str | None:
    """The address of the post answered (``parent``), or of the thread's first (``root``)."""
    reply = post.get("reply")
    strong = reply.get(name) if isinstance(reply, dict) else None
    uri = strong.get("uri") if isinstance(strong, dict) else None
    return clean(uri) if isinstance(uri, str) else None


def _is_did(found: object) -> TypeGuard[str]:
    return isinstance(found, str) and _DID.fullmatch(found) is not None
