from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.channel import Channel
from ..models.direction import Direction
from ..models.flag import Flag
from ..models.kind import Kind
from ..models.role import Role
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.attachment_in import AttachmentIn
    from ..models.interaction_in_attributes import InteractionInAttributes
    from ..models.participant_in import ParticipantIn
    from ..models.person_in import PersonIn


T = TypeVar("T", bound="InteractionIn")


@_attrs_define
class InteractionIn:
    """One exchange between customers and the company. ``id`` names it for ever; sent again it is a new version."""

    id: str
    """ The sender's own id of the interaction. """
    channel: Channel
    """ Where it happened. """
    kind: Kind
    """ What it was, finer than its channel. """
    direction: Direction
    """ Seen from the company: inbound comes from the customer. """
    occurred_at: datetime.datetime
    """ When it happened. """
    changed_at: datetime.datetime | None | Unset = UNSET
    """ When this version was made: the newest counts, in whatever order they come. """
    customers: list[PersonIn] | Unset = UNSET
    """ The people on the customer's side; none where nobody is shown. """
    role: Role | Unset = UNSET
    """ What a participant did in the exchange. """
    participants: list[ParticipantIn] | Unset = UNSET
    """ Who else took part. """
    subject: None | str | Unset = UNSET
    """ Its subject. """
    text: None | str | Unset = UNSET
    """ What was newly said, as plain text. """
    quoted: None | str | Unset = UNSET
    """ What it repeats of earlier messages. """
    conversation: None | str | Unset = UNSET
    """ The sender's own id of the thread it belongs to. """
    duration: int | None | Unset = UNSET
    """ Seconds, of a call. """
    flags: list[Flag] | Unset = UNSET
    """ What a reader should know first. """
    attachments: list[AttachmentIn] | Unset = UNSET
    """ What came with it. """
    attributes: InteractionInAttributes | Unset = UNSET
    """ The sender's own facts, as JSON. """

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        channel = self.channel.value

        kind = self.kind.value

        direction = self.direction.value

        occurred_at = self.occurred_at.isoformat()

        changed_at: None | str | Unset
        if isinstance(self.changed_at, Unset):
            changed_at = UNSET
        elif isinstance(self.changed_at, datetime.datetime):
            changed_at = self.changed_at.isoformat()
        else:
            changed_at = self.changed_at

        customers: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.customers, Unset):
            customers = []
            for customers_item_data in self.customers:
                customers_item = customers_item_data.to_dict()
                customers.append(customers_item)

        role: str | Unset = UNSET
        if not isinstance(self.role, Unset):
            role = self.role.value

        participants: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.participants, Unset):
            participants = []
            for participants_item_data in self.participants:
                participants_item = participants_item_data.to_dict()
                participants.append(participants_item)

        subject: None | str | Unset
        if isinstance(self.subject, Unset):
            subject = UNSET
        else:
            subject = self.subject

        text: None | str | Unset
        if isinstance(self.text, Unset):
            text = UNSET
        else:
            text = self.text

        quoted: None | str | Unset
        if isinstance(self.quoted, Unset):
            quoted = UNSET
        else:
            quoted = self.quoted

        conversation: None | str | Unset
        if isinstance(self.conversation, Unset):
            conversation = UNSET
        else:
            conversation = self.conversation

        duration: int | None | Unset
        if isinstance(self.duration, Unset):
            duration = UNSET
        else:
            duration = self.duration

        flags: list[str] | Unset = UNSET
        if not isinstance(self.flags, Unset):
            flags = []
            for flags_item_data in self.flags:
                flags_item = flags_item_data.value
                flags.append(flags_item)

        attachments: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.attachments, Unset):
            attachments = []
            for attachments_item_data in self.attachments:
                attachments_item = attachments_item_data.to_dict()
                attachments.append(attachments_item)

        attributes: dict[str, Any] | Unset = UNSET
        if not isinstance(self.attributes, Unset):
            attributes = self.attributes.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "channel": channel,
                "kind": kind,
                "direction": direction,
                "occurred_at": occurred_at,
            }
        )
        if changed_at is not UNSET:
            field_dict["changed_at"] = changed_at
        if customers is not UNSET:
            field_dict["customers"] = customers
        if role is not UNSET:
            field_dict["role"] = role
        if participants is not UNSET:
            field_dict["participants"] = participants
        if subject is not UNSET:
            field_dict["subject"] = subject
        if text is not UNSET:
            field_dict["text"] = text
        if quoted is not UNSET:
            field_dict["quoted"] = quoted
        if conversation is not UNSET:
            field_dict["conversation"] = conversation
        if duration is not UNSET:
            field_dict["duration"] = duration
        if flags is not UNSET:
            field_dict["flags"] = flags
        if attachments is not UNSET:
            field_dict["attachments"] = attachments
        if attributes is not UNSET:
            field_dict["attributes"] = attributes

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.attachment_in import AttachmentIn  # noqa: PLC0415
        from ..models.interaction_in_attributes import InteractionInAttributes  # noqa: PLC0415
        from ..models.participant_in import ParticipantIn  # noqa: PLC0415
        from ..models.person_in import PersonIn  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        channel = Channel(d.pop("channel"))

        kind = Kind(d.pop("kind"))

        direction = Direction(d.pop("direction"))

        occurred_at = datetime.datetime.fromisoformat(d.pop("occurred_at"))

        def _parse_changed_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                changed_at_type_0 = datetime.datetime.fromisoformat(data)

                return changed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        changed_at = _parse_changed_at(d.pop("changed_at", UNSET))

        _customers = d.pop("customers", UNSET)
        customers: list[PersonIn] | Unset = UNSET
        if _customers is not UNSET:
            customers = []
            for customers_item_data in _customers:
                customers_item = PersonIn.from_dict(customers_item_data)

                customers.append(customers_item)

        _role = d.pop("role", UNSET)
        role: Role | Unset
        if isinstance(_role, Unset):
            role = UNSET
        else:
            role = Role(_role)

        _participants = d.pop("participants", UNSET)
        participants: list[ParticipantIn] | Unset = UNSET
        if _participants is not UNSET:
            participants = []
            for participants_item_data in _participants:
                participants_item = ParticipantIn.from_dict(participants_item_data)

                participants.append(participants_item)

        def _parse_subject(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        subject = _parse_subject(d.pop("subject", UNSET))

        def _parse_text(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        text = _parse_text(d.pop("text", UNSET))

        def _parse_quoted(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        quoted = _parse_quoted(d.pop("quoted", UNSET))

        def _parse_conversation(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        conversation = _parse_conversation(d.pop("conversation", UNSET))

        def _parse_duration(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        duration = _parse_duration(d.pop("duration", UNSET))

        _flags = d.pop("flags", UNSET)
        flags: list[Flag] | Unset = UNSET
        if _flags is not UNSET:
            flags = []
            for flags_item_data in _flags:
                flags_item = Flag(flags_item_data)

                flags.append(flags_item)

        _attachments = d.pop("attachments", UNSET)
        attachments: list[AttachmentIn] | Unset = UNSET
        if _attachments is not UNSET:
            attachments = []
            for attachments_item_data in _attachments:
                attachments_item = AttachmentIn.from_dict(attachments_item_data)

                attachments.append(attachments_item)

        _attributes = d.pop("attributes", UNSET)
        attributes: InteractionInAttributes | Unset
        if isinstance(_attributes, Unset):
            attributes = UNSET
        else:
            attributes = InteractionInAttributes.from_dict(_attributes)

        interaction_in = cls(
            id=id,
            channel=channel,
            kind=kind,
            direction=direction,
            occurred_at=occurred_at,
            changed_at=changed_at,
            customers=customers,
            role=role,
            participants=participants,
            subject=subject,
            text=text,
            quoted=quoted,
            conversation=conversation,
            duration=duration,
            flags=flags,
            attachments=attachments,
            attributes=attributes,
        )

        return interaction_in
