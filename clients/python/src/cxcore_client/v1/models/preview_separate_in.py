from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

T = TypeVar("T", bound="PreviewSeparateIn")


@_attrs_define
class PreviewSeparateIn:
    """Would these profiles be someone else?"""

    profiles: list[UUID]
    """ The profiles that may not belong here. """

    def to_dict(self) -> dict[str, Any]:
        profiles = []
        for profiles_item_data in self.profiles:
            profiles_item = str(profiles_item_data)
            profiles.append(profiles_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "profiles": profiles,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        profiles = []
        _profiles = d.pop("profiles")
        for profiles_item_data in _profiles:
            profiles_item = UUID(profiles_item_data)

            profiles.append(profiles_item)

        preview_separate_in = cls(
            profiles=profiles,
        )

        return preview_separate_in
