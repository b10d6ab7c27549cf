"""What a post means: a message from somebody to the company, or the company's to somebody. Pure."""

import mimetypes
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from cxconnectors.mastodon.config import MastodonConfig
from cxcore.model.identifier import Identifier
from cxcore.model.interaction import Attachment, Channel, Direction, Flag, Interaction, Kind, Participant, Role
from cxcore.model.profile import SourceProfile
from cxcore.sdk import RecordRejected
from cxcore.sdk.html import html_to_text
from cxcore.sdk.plain_text import clean

NETWORK = "mastodon"
_DIRECT = "direct"
_SPAN = re.compile(r"</?span\b[^<>]{0,1000}>")
"""Names, tags and addresses are cut into spans, which are not words of their own."""
Told = Mapping[str, Any]


def post(payload: object, config: MastodonConfig) -> Iterable[Interaction]:
    """The interaction that a post is: none where it is a boost, or the company's and to nobody.

    Raises:
        RecordRejected: it has no author or no time.
    """
    if not isinstance(payload, dict) or not isinstance(payload.get("id"), str):
        raise RecordRejected("no post")
    author, at = payload.get("account"), _time(payload.get("created_at"))
    if not isinstance(author, dict) or not isinstance(author.get("id"), str):
        raise RecordRejected("the post has no author")
    if at is None:
        raise RecordRejected("the post has no time")
    if payload.get("boost"):
        return ()
    own = author["id"] == payload.get("me")
    people = _addressed(payload, config) if own else (_profile(author, config, at=_newest(payload) or at),)
    if not people:
        return ()
    parent = payload.get("in_reply_to_id")
    return (
        Interaction(
            channel=Channel.SOCIAL,
            kind=_kind(payload),
            direction=Direction.OUTBOUND if own else Direction.INBOUND,
            occurred_at=at,
            customers=people,
            role=Role.RECIPIENT if own else Role.AUTHOR,
            participants=tuple(_participants(payload, author, config, own=own)),
            subject=_line(payload.get("spoiler_text")),
            text=_words(payload),
            quoted=_plain((payload.get("quote") or {}).get("content")) or None,
            conversation=str(parent or payload["id"]),
            conversation_aliases=(payload["id"],),
            flags=(Flag.EDITED,) if payload.get("edited_at") else (),
            attachments=tuple(_files(payload.get("media_attachments") or ())),
            attributes=_attributes(payload),
        ),
    )


def handle(acct: str, config: MastodonConfig) -> str:
    """The whole handle: the server names its own people without a domain."""
    return acct if "@" in acct else f"{acct}@{config.home}"


def _kind(told: Told) -> Kind:
    if told.get("visibility") == _DIRECT:
        return Kind.MESSAGE
    return Kind.COMMENT if told.get("in_reply_to_id") else Kind.POST


def _profile(told: Told, config: MastodonConfig, *, at: datetime | None = None) -> SourceProfile:
    """A person by the server's own id for them; a mention says no more than the handle."""
    acct, shown = _line(told.get("acct")), _line(told.get("display_name"))
    moved = _line(told.get("moved"))
    kind = "bot" if told.get("bot") else "group" if told.get("group") else ""
    states = [state for state in ("suspended", "limited", "memorial") if told.get(state)]
    attributes = {
        "kind": kind,
        "state": ", ".join(states),
        "moved_to": handle(moved, config) if moved else "",
        "page": _line(told.get("url")) or "",
    }
    return SourceProfile(
        key=str(told["id"])[:500],
        name=shown or None,
        identifiers=(Identifier.handle(NETWORK, handle(acct, config)[:1000], verified=True),) if acct else (),
        attributes={name: value for name, value in attributes.items() if value},
        observed_at=at,
    )


def _addressed(told: Told, config: MastodonConfig) -> tuple[SourceProfile, ...]:
    """Whom a post of the company's speaks to: those that it mentions, and whose post it answers."""
    named = {str(each.get("id")): each for each in told.get("mentions") or () if each.get("id")}
    answered = told.get("in_reply_to_account_id")
    if isinstance(answered, str):
        named.setdefault(answered, {"id": answered})
    named.pop(str(told.get("me")), None)
    return tuple(_profile(each, config) for each in named.values())


def _participants(told: Told, author: Told, config: MastodonConfig, *, own: bool) -> Iterator[Participant]:
    """The company's account, and whoever else somebody's post mentions."""
    if own:
        yield Participant(role=Role.AGENT, name=_line(author.get("display_name")), address=_address(author, config))
        return
    for each in told.get("mentions") or ():
        role = Role.AGENT if each.get("id") == told.get("me") else Role.COPY
        yield Participant(role=role, address=_address(each, config))


def _address(told: Told, config: MastodonConfig) -> str | None:
    acct = _line(told.get("acct"))
    return handle(acct, config)[:1000] if acct else None


def _words(told: Told) -> str | None:
    """The text, and of a poll what there is to choose from."""
    said = _plain(told.get("content"))
    options = [f"- {option}" for option in (told.get("poll") or {}).get("options") or () if option]
    return clean("\n".join([said, *options] if said else options)) or None


def _plain(content: object) -> str:
    return html_to_text(_SPAN.sub("", content)) if isinstance(content, str) else ""


def _files(told: Sequence[Told]) -> Iterator[Attachment]:
    """Files by their descriptions, which people write for those who cannot see them; the size is not told."""
    for each in told:
        url = str(each.get("remote_url") or each.get("url") or "")
        name = urlsplit(url).path.rpartition("/")[2]
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        shown = _line(each.get("description")) or name or str(each.get("type") or "file")
        yield Attachment(name=shown[:500], media_type=kind, size=0)


def _attributes(told: Told) -> dict[str, Any]:
    found = {
        "visibility": told.get("visibility"),
        "language": told.get("language"),
        "sensitive": True if told.get("sensitive") else None,
        "url": told.get("url") or told.get("uri"),
        "in_reply_to": told.get("in_reply_to_id"),
        "quotes": (told.get("quote") or {}).get("url"),
        "poll_ends": (told.get("poll") or {}).get("expires_at"),
    }
    return {name: value for name, value in found.items() if value}


def _newest(told: Told) -> datetime | None:
    return _time(told.get("edited_at"))


def _line(value: object) -> str | None:
    return clean(" ".join(value.split()))[:1000].strip() or None if isinstance(value, str) else None


def _time(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
