from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.relation_kind import RelationKind
from ..models.scheme import Scheme

T = TypeVar("T", bound="TieOut")


@_attrs_define
class TieOut:
    """One thing that ties two customers."""

    kind: RelationKind
    """ What two customers have in common, the closest first. """
    attribute: Literal["address"] | Scheme
    """ Kind of the identifier, or that it is a home address. """
    issuer: str
    """ Who gave the identifier out; empty for e-mail, phone and address. """
    value: str
    """ The identifier, normalised, or the address as the customer asked for shows it. """
    people: int
    """ How many people use it, by the names shown with it; 64 stands for more, too. Of an address: how many of the
    family name live there. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        attribute: Literal["address"] | str
        if isinstance(self.attribute, Scheme):
            attribute = self.attribute.value
        else:
            attribute = self.attribute

        issuer = self.issuer

        value = self.value

        people = self.people

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "kind": kind,
                "attribute": attribute,
                "issuer": issuer,
                "value": value,
                "people": people,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = RelationKind(d.pop("kind"))

        def _parse_attribute(data: object) -> Literal["address"] | Scheme:
            try:
                if not isinstance(data, str):
                    raise TypeError()
                attribute_type_0 = Scheme(data)

                return attribute_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            attribute_type_1 = cast(Literal["address"], data)
            if attribute_type_1 != "address":
                raise ValueError(f"attribute_type_1 must match const 'address', got '{attribute_type_1}'")
            return attribute_type_1

        attribute = _parse_attribute(d.pop("attribute"))

        issuer = d.pop("issuer")

        value = d.pop("value")

        people = d.pop("people")

        tie_out = cls(
            kind=kind,
            attribute=attribute,
            issuer=issuer,
            value=value,
            people=people,
        )

        tie_out.additional_properties = d
        return tie_out

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
