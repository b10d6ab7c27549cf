from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.doubt import Doubt

T = TypeVar("T", bound="ContradictionOut")


@_attrs_define
class ContradictionOut:
    """Values that one person hardly has all."""

    doubt: Doubt
    """ Of what a person has one, and a customer shows several. """
    issuer: str
    """ Of loyalty numbers: who gave them out. """
    values: list[str]
    """ The values. """
    known: bool
    """ Whether one of today's customers shows them all already. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        doubt = self.doubt.value

        issuer = self.issuer

        values = self.values

        known = self.known

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "doubt": doubt,
                "issuer": issuer,
                "values": values,
                "known": known,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        doubt = Doubt(d.pop("doubt"))

        issuer = d.pop("issuer")

        values = cast(list[str], d.pop("values"))

        known = d.pop("known")

        contradiction_out = cls(
            doubt=doubt,
            issuer=issuer,
            values=values,
            known=known,
        )

        contradiction_out.additional_properties = d
        return contradiction_out

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
