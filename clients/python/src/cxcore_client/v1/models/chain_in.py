from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.rule import Rule
from ..types import UNSET, Unset

T = TypeVar("T", bound="ChainIn")


@_attrs_define
class ChainIn:
    """By which rules a field's value is to be shown."""

    rules: list[Rule]
    """ Each narrows what the ones before it left. """
    sources: list[str] | Unset = UNSET
    """ Keys of sources for source_priority, best first. """

    def to_dict(self) -> dict[str, Any]:
        rules = []
        for rules_item_data in self.rules:
            rules_item = rules_item_data.value
            rules.append(rules_item)

        sources: list[str] | Unset = UNSET
        if not isinstance(self.sources, Unset):
            sources = self.sources

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "rules": rules,
            }
        )
        if sources is not UNSET:
            field_dict["sources"] = sources

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        rules = []
        _rules = d.pop("rules")
        for rules_item_data in _rules:
            rules_item = Rule(rules_item_data)

            rules.append(rules_item)

        sources = cast(list[str], d.pop("sources", UNSET))

        chain_in = cls(
            rules=rules,
            sources=sources,
        )

        return chain_in
