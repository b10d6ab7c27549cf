from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.field import Field

T = TypeVar("T", bound="CorrectionOut")


@_attrs_define
class CorrectionOut:
    """A value that a person put above what all sources say."""

    id: UUID
    """ With this it can be revoked at any later time. """
    profile_id: UUID
    """ The profile it sits on, and goes with in every merge and split. """
    field: Field
    """ What is shown of a customer, in the order of the page; email and phone are the main ones. """
    value: str
    """ The value, normalised. """
    by: str
    """ Who made it. """
    reason: str
    """ Why. """
    made_at: datetime.datetime
    """ When. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        profile_id = str(self.profile_id)

        field = self.field.value

        value = self.value

        by = self.by

        reason = self.reason

        made_at = self.made_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "profile_id": profile_id,
                "field": field,
                "value": value,
                "by": by,
                "reason": reason,
                "made_at": made_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        profile_id = UUID(d.pop("profile_id"))

        field = Field(d.pop("field"))

        value = d.pop("value")

        by = d.pop("by")

        reason = d.pop("reason")

        made_at = datetime.datetime.fromisoformat(d.pop("made_at"))

        correction_out = cls(
            id=id,
            profile_id=profile_id,
            field=field,
            value=value,
            by=by,
            reason=reason,
            made_at=made_at,
        )

        correction_out.additional_properties = d
        return correction_out

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
