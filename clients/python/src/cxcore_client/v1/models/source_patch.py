from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.source_patch_config_type_0 import SourcePatchConfigType0


T = TypeVar("T", bound="SourcePatch")


@_attrs_define
class SourcePatch:
    """What to change of a source; what is left out stays."""

    config: None | SourcePatchConfigType0 | Unset = UNSET
    """ The connector's settings. Secrets are given as themselves, are sealed, and are never shown again. Those not
    named stay. """
    every: int | None | Unset = UNSET
    """ Seconds between two pulls; null: as the worker is set. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.source_patch_config_type_0 import SourcePatchConfigType0  # noqa: PLC0415

        config: dict[str, Any] | None | Unset
        if isinstance(self.config, Unset):
            config = UNSET
        elif isinstance(self.config, SourcePatchConfigType0):
            config = self.config.to_dict()
        else:
            config = self.config

        every: int | None | Unset
        if isinstance(self.every, Unset):
            every = UNSET
        else:
            every = self.every

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if config is not UNSET:
            field_dict["config"] = config
        if every is not UNSET:
            field_dict["every"] = every

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.source_patch_config_type_0 import SourcePatchConfigType0  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_config(data: object) -> None | SourcePatchConfigType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                config_type_0 = SourcePatchConfigType0.from_dict(data)

                return config_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SourcePatchConfigType0 | Unset, data)

        config = _parse_config(d.pop("config", UNSET))

        def _parse_every(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        every = _parse_every(d.pop("every", UNSET))

        source_patch = cls(
            config=config,
            every=every,
        )

        return source_patch
