from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="SearchIn")


@_attrs_define
class SearchIn:
    """What a person typed."""

    query: str
    """ A name, an e-mail address, a phone number in any form or its last digits, a number or a handle. """
    limit: int | Unset = 20
    """ How many customers at most. """

    def to_dict(self) -> dict[str, Any]:
        query = self.query

        limit = self.limit

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "query": query,
            }
        )
        if limit is not UNSET:
            field_dict["limit"] = limit

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        query = d.pop("query")

        limit = d.pop("limit", UNSET)

        search_in = cls(
            query=query,
            limit=limit,
        )

        return search_in
