"""What comments mean: who said what on which page. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from cxconnectors.wordpress.comment import is_own, written_at
from cxconnectors.wordpress.config import WordPressConfig
from cxcore.model.identifier import Identifier
from cxcore.model.interaction import Channel, Direction, Interaction, Kind, Participant, Role
from cxcore.model.profile import SourceProfile
from cxcore.sdk import RecordRejected
from cxcore.sdk.html import html_to_text
from cxcore.sdk.plain_text import clean, one_line


def interaction(payload: Any, config: WordPressConfig) -> Iterable[Interaction]:
    """The comment as an interaction; none where the company answers nobody but itself.

    Raises:
        RecordRejected: it is no comment, or has no time.
    """
    if not isinstance(payload, dict) or not isinstance(payload.get("html"), str):
        raise RecordRejected("no comment of WordPress")
    at = written_at(payload.get("date_gmt"))
    if at is None:
        raise RecordRejected("the comment has no time")
    own = is_own(payload, config)
    answers = payload.get("answers")
    if own and (not isinstance(answers, dict) or is_own(answers, config)):
        return ()
    page = payload["on"] if isinstance(payload.get("on"), dict) else {}
    attributes = {"link": payload.get("link"), "status": payload.get("status"), "in_reply_to": payload.get("parent")}
    writer = one_line(str(payload.get("author_name") or ""), 1000)
    return (
        Interaction(
            channel=Channel.SOCIAL,
            kind=Kind.COMMENT,
            direction=Direction.OUTBOUND if own else Direction.INBOUND,
            occurred_at=at,
            customers=(_person(answers if own else payload, config),),
            role=Role.RECIPIENT if own else Role.AUTHOR,
            participants=(Participant(role=Role.AUTHOR, name=writer),) if own else (),
            subject=one_line(html_to_text(str(page.get("title") or "")), 500),
            text=html_to_text(payload["html"]) or None,
            conversation=f"post {payload.get('post')}",
            attributes={name: value for name, value in attributes.items() if value and value != "approved"},
        ),
    )


def _person(found: Any, config: WordPressConfig) -> SourceProfile:
    """A user of the site has an id; a guest is whom the comment shows."""
    told: Mapping[str, Any] = found if isinstance(found, dict) else {}
    author, address = told.get("author"), told.get("author_email")
    site = (urlsplit(config.url).hostname or "")[:100]
    identifiers = []
    user = author if isinstance(author, int) and author > 0 else None
    if user is not None:
        identifiers.append(Identifier.account(site, str(user), verified=True))
    if isinstance(address, str) and "@" in address:
        identifiers.append(Identifier.email(clean(address)[:1000]))
    if blog := _blog(told.get("author_url"), site):
        identifiers.append(Identifier.handle("web", blog))
    name = one_line(html_to_text(str(told.get("author_name") or "")), 1000)
    return SourceProfile(key=f"user {user}" if user else None, name=name, identifiers=tuple(identifiers))


def _blog(found: object, site: str) -> str | None:
    """The address of somebody's own site, as the connector ``feed`` writes it."""
    if not isinstance(found, str) or not found.startswith(("http://", "https://")):
        return None
    try:
        host = urlsplit(found).hostname
    except ValueError:
        return None
    return clean(found.split("://", 1)[1])[:1000] if host and host != site else None
