from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.scheme import Scheme

T = TypeVar("T", bound="ShownIdentifierOut")


@_attrs_define
class ShownIdentifierOut:
    """An identifier that a customer shows."""

    scheme: Scheme
    """ What kind of identifier it is; it decides how the value is normalised. """
    issuer: str
    """ Who gave it out; empty for e-mail and phone. """
    value: str
    """ The normalised value. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        scheme = self.scheme.value

        issuer = self.issuer

        value = self.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "scheme": scheme,
                "issuer": issuer,
                "value": value,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        scheme = Scheme(d.pop("scheme"))

        issuer = d.pop("issuer")

        value = d.pop("value")

        shown_identifier_out = cls(
            scheme=scheme,
            issuer=issuer,
            value=value,
        )

        shown_identifier_out.additional_properties = d
        return shown_identifier_out

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
