from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="HitOut")


@_attrs_define
class HitOut:
    """A customer that a search found."""

    customer_id: UUID
    """ The customer's id. """
    name: None | str
    """ The name shown. """
    exact: bool
    """ Whether every word was met whole. """
    identifiers: list[str]
    """ Some normalised identifiers to tell people apart. """
    sources: list[str]
    """ Keys of the sources that know the person. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        customer_id = str(self.customer_id)

        name: None | str
        name = self.name

        exact = self.exact

        identifiers = self.identifiers

        sources = self.sources

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "customer_id": customer_id,
                "name": name,
                "exact": exact,
                "identifiers": identifiers,
                "sources": sources,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        customer_id = UUID(d.pop("customer_id"))

        def _parse_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        name = _parse_name(d.pop("name"))

        exact = d.pop("exact")

        identifiers = cast(list[str], d.pop("identifiers"))

        sources = cast(list[str], d.pop("sources"))

        hit_out = cls(
            customer_id=customer_id,
            name=name,
            exact=exact,
            identifiers=identifiers,
            sources=sources,
        )

        hit_out.additional_properties = d
        return hit_out

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
