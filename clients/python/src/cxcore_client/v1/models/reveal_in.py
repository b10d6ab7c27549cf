from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.field import Field

T = TypeVar("T", bound="RevealIn")


@_attrs_define
class RevealIn:
    """A value to be read that the role does not show."""

    field: Field
    """ What is shown of a customer, in the order of the page; email and phone are the main ones. """
    reason: str
    """ Why; kept with who read it and when. """

    def to_dict(self) -> dict[str, Any]:
        field = self.field.value

        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "field": field,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        field = Field(d.pop("field"))

        reason = d.pop("reason")

        reveal_in = cls(
            field=field,
            reason=reason,
        )

        return reveal_in
