from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.field import Field

if TYPE_CHECKING:
    from ..models.shown_before_out import ShownBeforeOut


T = TypeVar("T", bound="ValueChangeOut")


@_attrs_define
class ValueChangeOut:
    """A shown value that would not be what it is today."""

    field: Field
    """ What is shown of a customer, in the order of the page; email and phone are the main ones. """
    before: list[ShownBeforeOut]
    """ What today's customers show; one that shows nothing is left out. """
    after: None | str
    """ What would be shown; null for nothing. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        field = self.field.value

        before = []
        for before_item_data in self.before:
            before_item = before_item_data.to_dict()
            before.append(before_item)

        after: None | str
        after = self.after

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "field": field,
                "before": before,
                "after": after,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.shown_before_out import ShownBeforeOut  # noqa: PLC0415

        d = dict(src_dict)
        field = Field(d.pop("field"))

        before = []
        _before = d.pop("before")
        for before_item_data in _before:
            before_item = ShownBeforeOut.from_dict(before_item_data)

            before.append(before_item)

        def _parse_after(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        after = _parse_after(d.pop("after"))

        value_change_out = cls(
            field=field,
            before=before,
            after=after,
        )

        value_change_out.additional_properties = d
        return value_change_out

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
