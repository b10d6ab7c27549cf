"""What is landed of a post: what was said, by whom, to whom; not who liked it, nor numbers that change by the hour."""

from typing import Any

_POST = (
    "id",
    "created_at",
    "edited_at",
    "in_reply_to_id",
    "in_reply_to_account_id",
    "sensitive",
    "spoiler_text",
    "visibility",
    "language",
    "uri",
    "url",
    "content",
)
_PERSON = ("id", "username", "acct", "display_name", "bot", "group", "url", "suspended", "limited", "memorial")
_MENTION = ("id", "username", "acct", "url")
_FILE = ("id", "type", "url", "remote_url", "description")
_POLL = ("expires_at", "multiple")

Told = dict[str, Any]


def post(told: Told, me: str) -> Told:
    """A post as it is landed; ``me``: the id of the company's account."""
    account, poll, quote = told.get("account"), told.get("poll"), told.get("quote")
    kept = {
        **_some(told, _POST),
        "account": _person(account) if isinstance(account, dict) else None,
        "mentions": [_some(each, _MENTION) for each in _objects(told.get("mentions"))],
        "media_attachments": [_some(each, _FILE) for each in _objects(told.get("media_attachments"))],
        "boost": isinstance(told.get("reblog"), dict),
        "me": me,
    }
    if isinstance(poll, dict):
        options = [each.get("title") for each in _objects(poll.get("options"))]
        kept["poll"] = {**_some(poll, _POLL), "options": options}
    if isinstance(quote, dict) and isinstance(quoted := quote.get("quoted_status"), dict):
        kept["quote"] = _some(quoted, ("id", "url", "content"))
    return kept


def _person(told: Told) -> Told:
    moved = told.get("moved")
    return {**_some(told, _PERSON), "moved": moved.get("acct") if isinstance(moved, dict) else None}


def _some(told: Told, fields: tuple[str, ...]) -> Told:
    return {name: told.get(name) for name in fields}


def _objects(value: object) -> list[Told]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
