from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.shown_identifier_out import ShownIdentifierOut
    from ..models.sum_out_channels import SumOutChannels
    from ..models.sum_out_kinds import SumOutKinds


T = TypeVar("T", bound="SumOut")


@_attrs_define
class SumOut:
    """A customer in numbers."""

    customer_id: UUID
    """ The customer's id. """
    profiles: list[UUID]
    """ The profiles that make it. """
    interactions: int
    """ Interactions on its timeline, each counted once. """
    conversations: int
    """ Conversations they belong to. """
    channels: SumOutChannels
    """ Interactions by channel. """
    kinds: SumOutKinds
    """ Interactions by kind: stays, orders, calls. """
    identifiers: list[ShownIdentifierOut]
    """ Identifiers that come together in it. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        customer_id = str(self.customer_id)

        profiles = []
        for profiles_item_data in self.profiles:
            profiles_item = str(profiles_item_data)
            profiles.append(profiles_item)

        interactions = self.interactions

        conversations = self.conversations

        channels = self.channels.to_dict()

        kinds = self.kinds.to_dict()

        identifiers = []
        for identifiers_item_data in self.identifiers:
            identifiers_item = identifiers_item_data.to_dict()
            identifiers.append(identifiers_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "customer_id": customer_id,
                "profiles": profiles,
                "interactions": interactions,
                "conversations": conversations,
                "channels": channels,
                "kinds": kinds,
                "identifiers": identifiers,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.shown_identifier_out import ShownIdentifierOut  # noqa: PLC0415
        from ..models.sum_out_channels import SumOutChannels  # noqa: PLC0415
        from ..models.sum_out_kinds import SumOutKinds  # noqa: PLC0415

        d = dict(src_dict)
        customer_id = UUID(d.pop("customer_id"))

        profiles = []
        _profiles = d.pop("profiles")
        for profiles_item_data in _profiles:
            profiles_item = UUID(profiles_item_data)

            profiles.append(profiles_item)

        interactions = d.pop("interactions")

        conversations = d.pop("conversations")

        channels = SumOutChannels.from_dict(d.pop("channels"))

        kinds = SumOutKinds.from_dict(d.pop("kinds"))

        identifiers = []
        _identifiers = d.pop("identifiers")
        for identifiers_item_data in _identifiers:
            identifiers_item = ShownIdentifierOut.from_dict(identifiers_item_data)

            identifiers.append(identifiers_item)

        sum_out = cls(
            customer_id=customer_id,
            profiles=profiles,
            interactions=interactions,
            conversations=conversations,
            channels=channels,
            kinds=kinds,
            identifiers=identifiers,
        )

        sum_out.additional_properties = d
        return sum_out

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
