"""What events mean: which message they concern, what is landed of it, and the interaction that it becomes. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import html_text

from cxconnectors.matrix.config import MatrixConfig
from cxcore.model.identifier import Identifier
from cxcore.model.interaction import Attachment, Channel, Direction, Flag, Interaction, Kind, Participant, Role
from cxcore.model.profile import SourceProfile
from cxcore.sdk import Record, RecordRejected

NETWORK = "matrix"
_MESSAGE, _SEALED, _ERASED, _STICKER = "m.room.message", "m.room.encrypted", "m.room.redaction", "m.sticker"
_SAID = frozenset({_MESSAGE, _SEALED, _STICKER})
_FILES = frozenset({"m.file", "m.image", "m.audio", "m.video"})
_LATEST = 253_402_300_799_000
"""The last millisecond that Python can name."""


def concerned(event: Mapping[str, Any]) -> str | None:
    """The id of the message that an event is, edits or erases; None where it says nothing of any."""
    kind, content = event.get("type"), event.get("content")
    content = content if isinstance(content, dict) else {}
    if kind == _ERASED:
        erased = event.get("redacts") or content.get("redacts")
        return erased if isinstance(erased, str) else None
    if kind not in _SAID:
        return None
    relation = content.get("m.relates_to")
    if isinstance(relation, dict) and relation.get("rel_type") == "m.replace":
        edited = relation.get("event_id")
        return edited if isinstance(edited, str) else None
    own = event.get("event_id")
    return own if isinstance(own, str) else None


def record(stream: str, room: str, event: Mapping[str, Any], customers: Sequence[str]) -> Record:
    """A message as it stands, with its last edit. An erased one is a deletion.

    ``customers``: of a message of the company's, who else is in its room; a customer's own needs nobody.
    """
    unsigned = event.get("unsigned") if isinstance(event.get("unsigned"), dict) else {}
    erased = unsigned.get("redacted_because") if isinstance(unsigned, dict) else None
    edit = _edit(unsigned)
    newest = erased if isinstance(erased, dict) else edit or event
    kept = {k: event.get(k) for k in ("event_id", "type", "sender", "origin_server_ts", "content")}
    if isinstance(erased, dict):
        kept["content"] = {}
        edit = None
    payload: dict[str, Any] = {"room": room, "event": kept, "customers": list(customers)}
    if edit is not None:
        payload["edit"] = {"content": edit.get("content"), "origin_server_ts": edit.get("origin_server_ts")}
    return Record(
        stream,
        str(event["event_id"]),
        payload,
        changed_at=_at(newest.get("origin_server_ts")),
        deleted=isinstance(erased, dict),
        origin=f"event {event['event_id']}",
    )


def _edit(unsigned: object) -> Mapping[str, Any] | None:
    relations = unsigned.get("m.relations") if isinstance(unsigned, dict) else None
    edit = relations.get("m.replace") if isinstance(relations, dict) else None
    return edit if isinstance(edit, dict) and isinstance(edit.get("content"), dict) else None


def message(payload: object, config: MatrixConfig) -> Iterable[Interaction]:
    """The interaction that a message is; none where everybody in the room is the company's.

    Raises:
        RecordRejected: it has no sender or no time.
    """
    if not isinstance(payload, dict) or not isinstance(event := payload.get("event"), dict):
        raise RecordRejected("no Matrix event")
    sender, at = event.get("sender"), _at(event.get("origin_server_ts"))
    if not isinstance(sender, str) or not sender.startswith("@"):
        raise RecordRejected("the event has no sender")
    if at is None:
        raise RecordRejected("the event has no time")
    own = config.own(sender)
    others = [u for u in payload.get("customers") or [] if isinstance(u, str)]
    people = [sender] if not own else others
    if not people:
        return ()
    content = _content(event, payload.get("edit"))
    return (
        Interaction(
            channel=Channel.CHAT,
            kind=Kind.MESSAGE,
            direction=Direction.OUTBOUND if own else Direction.INBOUND,
            occurred_at=at,
            customers=tuple(_profile(user) for user in people),
            role=Role.RECIPIENT if own else Role.SENDER,
            participants=(Participant(role=Role.AGENT, address=sender[:1000]),) if own else (),
            text=_said(content),
            conversation=str(payload.get("room")),
            flags=(Flag.EDITED,) if payload.get("edit") else (),
            attachments=tuple(_files(content)),
            attributes=_attributes(event, content),
        ),
    )


def person(payload: object) -> SourceProfile:
    """A person as the homeserver knows them; what it has validated is verified.

    Raises:
        RecordRejected: it is nobody.
    """
    if not isinstance(payload, dict) or not isinstance(user := payload.get("user"), str):
        raise RecordRejected("no Matrix user")
    name = payload.get("name")
    proved = []
    for medium, address in payload.get("threepids") or []:
        if medium == "email":
            proved.append(Identifier.email(address, verified=True))
        elif medium == "msisdn":
            proved.append(Identifier.phone("+" + address.lstrip("+"), verified=True))
    own_name = name if isinstance(name, str) and name.strip() and name != user else None
    return _profile(user, name=own_name and own_name[:1000], more=proved)


def _profile(user: str, *, name: str | None = None, more: Sequence[Identifier] = ()) -> SourceProfile:
    handle = Identifier.handle(NETWORK, user[:1000], verified=True)
    return SourceProfile(key=user[:500], name=name, identifiers=(handle, *more))


def _content(event: Mapping[str, Any], edit: object) -> Mapping[str, Any]:
    content = event.get("content")
    if isinstance(edit, dict) and isinstance(edited := edit.get("content"), dict):
        content = edited.get("m.new_content") or edited
    return content if isinstance(content, dict) else {}


def _said(content: Mapping[str, Any]) -> str | None:
    """The words of a message: its text, or what its HTML says; of a file, only what was written beside it."""
    body, shown = content.get("body"), content.get("formatted_body")
    if content.get("msgtype") in _FILES and content.get("filename") in {None, body}:
        return None
    if isinstance(body, str) and body.strip():
        return _without_fallback(body)
    if isinstance(shown, str) and content.get("format") == "org.matrix.custom.html":
        return html_text.extract_text(shown) or None
    return None


def _without_fallback(body: str) -> str | None:
    """The text without the lines that repeat what it replies to, as older clients put before it."""
    lines = body.split("\n")
    quoted = 0
    while quoted < len(lines) and lines[quoted].startswith("> "):
        quoted += 1
    if quoted and quoted < len(lines) and not lines[quoted].strip() and lines[0].startswith(("> <@", "> * <@")):
        lines = lines[quoted + 1 :]
    return "\n".join(lines).strip() or None


def _files(content: Mapping[str, Any]) -> Iterable[Attachment]:
    if content.get("msgtype") in _FILES:
        info = content.get("info") if isinstance(content.get("info"), dict) else {}
        size, kind = (info or {}).get("size"), (info or {}).get("mimetype")
        name = content.get("filename") or content.get("body")
        yield Attachment(
            name=str(name or "file")[:500],
            media_type=kind[:200] if isinstance(kind, str) else "application/octet-stream",
            size=size if isinstance(size, int) and size >= 0 else 0,
        )


def _attributes(event: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if event.get("type") == _SEALED:
        found["encrypted"] = True
    relation = content.get("m.relates_to")
    reply = relation.get("m.in_reply_to") if isinstance(relation, dict) else None
    if isinstance(reply, dict) and isinstance(reply.get("event_id"), str):
        found["in_reply_to"] = reply["event_id"]
    return found


def _at(milliseconds: object) -> datetime | None:
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int) or not 0 <= milliseconds <= _LATEST:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
