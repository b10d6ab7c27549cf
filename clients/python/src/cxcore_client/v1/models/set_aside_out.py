from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SetAsideOut")


@_attrs_define
class SetAsideOut:
    """A record that could not be understood."""

    sequence: int
    """ Its place in the order of landing. """
    code: str
    """ What kind of reason. """
    reason: str
    """ Why, free of personal data. """
    origin: None | str
    """ Where to look. """
    attempts: int
    """ How often it was tried. """
    since: datetime.datetime
    """ When it was set aside. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        sequence = self.sequence

        code = self.code

        reason = self.reason

        origin: None | str
        origin = self.origin

        attempts = self.attempts

        since = self.since.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "sequence": sequence,
                "code": code,
                "reason": reason,
                "origin": origin,
                "attempts": attempts,
                "since": since,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        sequence = d.pop("sequence")

        code = d.pop("code")

        reason = d.pop("reason")

        def _parse_origin(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        origin = _parse_origin(d.pop("origin"))

        attempts = d.pop("attempts")

        since = datetime.datetime.fromisoformat(d.pop("since"))

        set_aside_out = cls(
            sequence=sequence,
            code=code,
            reason=reason,
            origin=origin,
            attempts=attempts,
            since=since,
        )

        set_aside_out.additional_properties = d
        return set_aside_out

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
