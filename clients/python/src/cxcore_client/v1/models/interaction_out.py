from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.channel import Channel
from ..models.direction import Direction
from ..models.kind import Kind
from ..models.role import Role

if TYPE_CHECKING:
    from ..models.interaction_out_attributes import InteractionOutAttributes
    from ..models.participant_out import ParticipantOut


T = TypeVar("T", bound="InteractionOut")


@_attrs_define
class InteractionOut:
    """One interaction, and who took part in it."""

    id: UUID
    """ The interaction's id, stable for ever. """
    profile_id: UUID
    """ As which profile a customer took part; of several the first. """
    occurred_at: datetime.datetime
    """ When it happened, by the source. """
    received_at: datetime.datetime
    """ When it reached cxcore. """
    source: str
    """ Key of the source. """
    channel: Channel
    """ Where it happened. """
    direction: Direction
    """ Seen from the company: inbound comes from the customer. """
    kind: Kind
    """ What it was, finer than its channel. """
    role: Role
    """ What a participant did in the exchange. """
    conversation_id: None | UUID
    """ The thread it belongs to. """
    subject: None | str
    """ Its subject. """
    text: None | str
    """ What was newly said. """
    quoted: None | str
    """ What it repeats of earlier messages. """
    duration: int | None
    """ Seconds, for calls. """
    attributes: InteractionOutAttributes
    """ Flags, attachments and the source's own facts. """
    participants: list[ParticipantOut]
    """ Who else took part. """
    customers: list[UUID]
    """ The customers in it, as they are now. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        profile_id = str(self.profile_id)

        occurred_at = self.occurred_at.isoformat()

        received_at = self.received_at.isoformat()

        source = self.source

        channel = self.channel.value

        direction = self.direction.value

        kind = self.kind.value

        role = self.role.value

        conversation_id: None | str
        if isinstance(self.conversation_id, UUID):
            conversation_id = str(self.conversation_id)
        else:
            conversation_id = self.conversation_id

        subject: None | str
        subject = self.subject

        text: None | str
        text = self.text

        quoted: None | str
        quoted = self.quoted

        duration: int | None
        duration = self.duration

        attributes = self.attributes.to_dict()

        participants = []
        for participants_item_data in self.participants:
            participants_item = participants_item_data.to_dict()
            participants.append(participants_item)

        customers = []
        for customers_item_data in self.customers:
            customers_item = str(customers_item_data)
            customers.append(customers_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "profile_id": profile_id,
                "occurred_at": occurred_at,
                "received_at": received_at,
                "source": source,
                "channel": channel,
                "direction": direction,
                "kind": kind,
                "role": role,
                "conversation_id": conversation_id,
                "subject": subject,
                "text": text,
                "quoted": quoted,
                "duration": duration,
                "attributes": attributes,
                "participants": participants,
                "customers": customers,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.interaction_out_attributes import InteractionOutAttributes  # noqa: PLC0415
        from ..models.participant_out import ParticipantOut  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        profile_id = UUID(d.pop("profile_id"))

        occurred_at = datetime.datetime.fromisoformat(d.pop("occurred_at"))

        received_at = datetime.datetime.fromisoformat(d.pop("received_at"))

        source = d.pop("source")

        channel = Channel(d.pop("channel"))

        direction = Direction(d.pop("direction"))

        kind = Kind(d.pop("kind"))

        role = Role(d.pop("role"))

        def _parse_conversation_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                conversation_id_type_0 = UUID(data)

                return conversation_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        conversation_id = _parse_conversation_id(d.pop("conversation_id"))

        def _parse_subject(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        subject = _parse_subject(d.pop("subject"))

        def _parse_text(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        text = _parse_text(d.pop("text"))

        def _parse_quoted(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        quoted = _parse_quoted(d.pop("quoted"))

        def _parse_duration(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        duration = _parse_duration(d.pop("duration"))

        attributes = InteractionOutAttributes.from_dict(d.pop("attributes"))

        participants = []
        _participants = d.pop("participants")
        for participants_item_data in _participants:
            participants_item = ParticipantOut.from_dict(participants_item_data)

            participants.append(participants_item)

        customers = []
        _customers = d.pop("customers")
        for customers_item_data in _customers:
            customers_item = UUID(customers_item_data)

            customers.append(customers_item)

        interaction_out = cls(
            id=id,
            profile_id=profile_id,
            occurred_at=occurred_at,
            received_at=received_at,
            source=source,
            channel=channel,
            direction=direction,
            kind=kind,
            role=role,
            conversation_id=conversation_id,
            subject=subject,
            text=text,
            quoted=quoted,
            duration=duration,
            attributes=attributes,
            participants=participants,
            customers=customers,
        )

        interaction_out.additional_properties = d
        return interaction_out

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
