from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.relation_kind import RelationKind

if TYPE_CHECKING:
    from ..models.tie_out import TieOut


T = TypeVar("T", bound="RelationOut")


@_attrs_define
class RelationOut:
    """A customer that is related."""

    customer_id: UUID
    """ The other customer. """
    name: None | str
    """ Its name. """
    kind: RelationKind
    """ What two customers have in common, the closest first. """
    ties: list[TieOut]
    """ All that ties the two, the closest first. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        customer_id = str(self.customer_id)

        name: None | str
        name = self.name

        kind = self.kind.value

        ties = []
        for ties_item_data in self.ties:
            ties_item = ties_item_data.to_dict()
            ties.append(ties_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "customer_id": customer_id,
                "name": name,
                "kind": kind,
                "ties": ties,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.tie_out import TieOut  # noqa: PLC0415

        d = dict(src_dict)
        customer_id = UUID(d.pop("customer_id"))

        def _parse_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        name = _parse_name(d.pop("name"))

        kind = RelationKind(d.pop("kind"))

        ties = []
        _ties = d.pop("ties")
        for ties_item_data in _ties:
            ties_item = TieOut.from_dict(ties_item_data)

            ties.append(ties_item)

        relation_out = cls(
            customer_id=customer_id,
            name=name,
            kind=kind,
            ties=ties,
        )

        relation_out.additional_properties = d
        return relation_out

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
