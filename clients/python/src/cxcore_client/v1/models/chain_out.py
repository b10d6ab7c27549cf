from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.field import Field
from ..models.rule import Rule

T = TypeVar("T", bound="ChainOut")


@_attrs_define
class ChainOut:
    """By which rules a field's value is shown."""

    field: Field
    """ What is shown of a customer, in the order of the page; email and phone are the main ones. """
    rules: list[Rule]
    """ Each narrows what the ones before it left; the newest decides behind them. """
    sources: list[str]
    """ Keys of sources that source_priority goes by, best first. """
    default: bool
    """ Whether these are the rules that ship. """
    set_by: None | str
    """ Who set them; null for the default. """
    set_at: datetime.datetime | None
    """ When; null for the default. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        field = self.field.value

        rules = []
        for rules_item_data in self.rules:
            rules_item = rules_item_data.value
            rules.append(rules_item)

        sources = self.sources

        default = self.default

        set_by: None | str
        set_by = self.set_by

        set_at: None | str
        if isinstance(self.set_at, datetime.datetime):
            set_at = self.set_at.isoformat()
        else:
            set_at = self.set_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "field": field,
                "rules": rules,
                "sources": sources,
                "default": default,
                "set_by": set_by,
                "set_at": set_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        field = Field(d.pop("field"))

        rules = []
        _rules = d.pop("rules")
        for rules_item_data in _rules:
            rules_item = Rule(rules_item_data)

            rules.append(rules_item)

        sources = cast(list[str], d.pop("sources"))

        default = d.pop("default")

        def _parse_set_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        set_by = _parse_set_by(d.pop("set_by"))

        def _parse_set_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                set_at_type_0 = datetime.datetime.fromisoformat(data)

                return set_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        set_at = _parse_set_at(d.pop("set_at"))

        chain_out = cls(
            field=field,
            rules=rules,
            sources=sources,
            default=default,
            set_by=set_by,
            set_at=set_at,
        )

        chain_out.additional_properties = d
        return chain_out

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
