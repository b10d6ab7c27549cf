from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.scheme import Scheme

T = TypeVar("T", bound="CandidateOut")


@_attrs_define
class CandidateOut:
    """A customer that could be meant."""

    customer_id: UUID
    """ The customer's id. """
    matched_on: list[Scheme]
    """ The kinds of identifiers that it shares with the question. """
    name_fits: bool | None
    """ Whether the name given fits; null when there is nothing to compare. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        customer_id = str(self.customer_id)

        matched_on = []
        for matched_on_item_data in self.matched_on:
            matched_on_item = matched_on_item_data.value
            matched_on.append(matched_on_item)

        name_fits: bool | None
        name_fits = self.name_fits

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "customer_id": customer_id,
                "matched_on": matched_on,
                "name_fits": name_fits,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        customer_id = UUID(d.pop("customer_id"))

        matched_on = []
        _matched_on = d.pop("matched_on")
        for matched_on_item_data in _matched_on:
            matched_on_item = Scheme(matched_on_item_data)

            matched_on.append(matched_on_item)

        def _parse_name_fits(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        name_fits = _parse_name_fits(d.pop("name_fits"))

        candidate_out = cls(
            customer_id=customer_id,
            matched_on=matched_on,
            name_fits=name_fits,
        )

        candidate_out.additional_properties = d
        return candidate_out

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
