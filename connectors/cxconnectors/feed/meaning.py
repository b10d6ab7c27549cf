"""What an entry means: somebody wrote something, in public and in own words."""

from datetime import datetime
from typing import Any
from urllib.parse import urldefrag, urlsplit

import html_text

from cxconnectors.feed.config import FeedConfig
from cxcore.model.identifier import Identifier
from cxcore.model.interaction import Channel, Direction, Interaction, Kind, Role
from cxcore.model.profile import SourceProfile
from cxcore.sdk import RecordRejected

_LEAST_TITLE = 12


def interaction(payload: dict[str, Any], config: FeedConfig) -> Interaction | None:
    """The entry as an interaction; None for what the company itself wrote.

    Raises:
        RecordRejected: it has no date.
    """
    author = payload.get("author") or {}
    if author.get("name") in config.own_authors:
        return None
    when = payload.get("published") or payload.get("updated")
    if not when:
        raise RecordRejected("the entry has no date")
    link = payload.get("link") or ""
    text = html_text.extract_text(payload.get("html") or "") or None
    title = payload.get("title")
    if title and text and len(title) >= _LEAST_TITLE and text.startswith(title.rstrip("….")):
        title = None
    attributes = {"link": link, "feed": payload.get("feed")}
    return Interaction(
        channel=Channel.SOCIAL,
        kind=Kind.COMMENT if config.kind == "comment" else Kind.POST,
        direction=Direction.INBOUND,
        occurred_at=datetime.fromisoformat(when),
        customers=(_person(author, config),),
        role=Role.AUTHOR,
        subject=title,
        text=text,
        conversation=urldefrag(link).url or None,
        attributes={name: value for name, value in attributes.items() if value},
    )


def _person(author: dict[str, str], config: FeedConfig) -> SourceProfile:
    name, href = author.get("name"), author.get("href", "")
    host = urlsplit(href).hostname or "" if href.startswith(("http://", "https://")) else ""
    identifiers = []
    if author.get("email"):
        identifiers.append(Identifier.email(author["email"]))
    if name and name.startswith("@"):
        identifiers.append(Identifier.handle((config.network or host)[:100], name))
        name = None
    elif host:
        identifiers.append(Identifier.handle("web", href.split("://", 1)[1]))
    return SourceProfile(name=name, identifiers=tuple(identifiers))
