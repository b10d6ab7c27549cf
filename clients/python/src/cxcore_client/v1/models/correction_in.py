from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.field import Field
from ..types import UNSET, Unset

T = TypeVar("T", bound="CorrectionIn")


@_attrs_define
class CorrectionIn:
    """What is right, whatever the sources say."""

    field: Field
    """ What is shown of a customer, in the order of the page; email and phone are the main ones. """
    value: str
    """ The value: a date as ISO 8601, a language as BCP 47, a phone number in any writing. """
    reason: str
    """ Why; kept with the correction. """
    region: str | Unset = "FI"
    """ Country (ISO 3166) of a phone number written without a country code. """

    def to_dict(self) -> dict[str, Any]:
        field = self.field.value

        value = self.value

        reason = self.reason

        region = self.region

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "field": field,
                "value": value,
                "reason": reason,
            }
        )
        if region is not UNSET:
            field_dict["region"] = region

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        field = Field(d.pop("field"))

        value = d.pop("value")

        reason = d.pop("reason")

        region = d.pop("region", UNSET)

        correction_in = cls(
            field=field,
            value=value,
            reason=reason,
            region=region,
        )

        return correction_in
