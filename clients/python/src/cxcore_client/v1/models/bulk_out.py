from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.line_out import LineOut


T = TypeVar("T", bound="BulkOut")


@_attrs_define
class BulkOut:
    """What became of each line; those that were refused stop none of the others."""

    landed: int
    """ Lines that are new or changed. """
    unchanged: int
    """ Lines that were there already. """
    refused: int
    """ Lines that do not fit the contract. """
    lines: list[LineOut]
    """ Line by line. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        landed = self.landed

        unchanged = self.unchanged

        refused = self.refused

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "landed": landed,
                "unchanged": unchanged,
                "refused": refused,
                "lines": lines,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.line_out import LineOut  # noqa: PLC0415

        d = dict(src_dict)
        landed = d.pop("landed")

        unchanged = d.pop("unchanged")

        refused = d.pop("refused")

        lines = []
        _lines = d.pop("lines")
        for lines_item_data in _lines:
            lines_item = LineOut.from_dict(lines_item_data)

            lines.append(lines_item)

        bulk_out = cls(
            landed=landed,
            unchanged=unchanged,
            refused=refused,
            lines=lines,
        )

        bulk_out.additional_properties = d
        return bulk_out

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
