from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.ground import Ground

T = TypeVar("T", bound="ValueOut")


@_attrs_define
class ValueOut:
    """A value that is shown, and why it and not another."""

    value: str
    """ The value. """
    rule: Ground
    """ What decided: a person; a rule; how well a name is written; the order of the values, where nothing else told
    them
    apart; or nothing, where there is one value only. """
    source: None | str
    """ Key of the source it comes from; null for a person's correction. """
    others: list[str]
    """ The values it was chosen over. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        value = self.value

        rule = self.rule.value

        source: None | str
        source = self.source

        others = self.others

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "value": value,
                "rule": rule,
                "source": source,
                "others": others,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        value = d.pop("value")

        rule = Ground(d.pop("rule"))

        def _parse_source(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        source = _parse_source(d.pop("source"))

        others = cast(list[str], d.pop("others"))

        value_out = cls(
            value=value,
            rule=rule,
            source=source,
            others=others,
        )

        value_out.additional_properties = d
        return value_out

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
