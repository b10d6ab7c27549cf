from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.relation_out import RelationOut


T = TypeVar("T", bound="RelationsOut")


@_attrs_define
class RelationsOut:
    """A page of relations: households first, then companies, then shared lines."""

    relations: list[RelationOut]
    """ The relations. """
    total: int
    """ How many there are on all pages. """
    more: bool
    """ Whether there are at least so many: a value is used by more than the 1,000 profiles looked at. """
    next_: None | str
    """ Cursor of the next page; null at the end. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        relations = []
        for relations_item_data in self.relations:
            relations_item = relations_item_data.to_dict()
            relations.append(relations_item)

        total = self.total

        more = self.more

        next_: None | str
        next_ = self.next_

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "relations": relations,
                "total": total,
                "more": more,
                "next": next_,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.relation_out import RelationOut  # noqa: PLC0415

        d = dict(src_dict)
        relations = []
        _relations = d.pop("relations")
        for relations_item_data in _relations:
            relations_item = RelationOut.from_dict(relations_item_data)

            relations.append(relations_item)

        total = d.pop("total")

        more = d.pop("more")

        def _parse_next_(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        next_ = _parse_next_(d.pop("next"))

        relations_out = cls(
            relations=relations,
            total=total,
            more=more,
            next_=next_,
        )

        relations_out.additional_properties = d
        return relations_out

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
