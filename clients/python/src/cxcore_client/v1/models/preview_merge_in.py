from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

T = TypeVar("T", bound="PreviewMergeIn")


@_attrs_define
class PreviewMergeIn:
    """Would these be one?"""

    customers: list[UUID]
    """ The customers that may be one and the same. """

    def to_dict(self) -> dict[str, Any]:
        customers = []
        for customers_item_data in self.customers:
            customers_item = str(customers_item_data)
            customers.append(customers_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "customers": customers,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        customers = []
        _customers = d.pop("customers")
        for customers_item_data in _customers:
            customers_item = UUID(customers_item_data)

            customers.append(customers_item)

        preview_merge_in = cls(
            customers=customers,
        )

        return preview_merge_in
