from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="AttachmentIn")


@_attrs_define
class AttachmentIn:
    """What came with it; its bytes are not sent."""

    name: str
    """ Its file name. """
    media_type: str
    """ Its media type. """
    size: int
    """ Bytes. """

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        media_type = self.media_type

        size = self.size

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "media_type": media_type,
                "size": size,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        media_type = d.pop("media_type")

        size = d.pop("size")

        attachment_in = cls(
            name=name,
            media_type=media_type,
            size=size,
        )

        return attachment_in
