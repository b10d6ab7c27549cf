from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.source_in_config import SourceInConfig


T = TypeVar("T", bound="SourceIn")


@_attrs_define
class SourceIn:
    """A source to configure."""

    key: str
    """ Key of the source. """
    connector: str
    """ Key of the connector. """
    config: SourceInConfig
    """ The connector's settings. Secrets are given as themselves, are sealed, and are never shown again. """
    name: None | str | Unset = UNSET
    """ A name for people. """
    region: str | Unset = "FI"
    """ Country of phone numbers without a country code (ISO 3166). """
    every: int | None | Unset = UNSET
    """ Seconds between two pulls; null: as the worker is set. """

    def to_dict(self) -> dict[str, Any]:
        key = self.key

        connector = self.connector

        config = self.config.to_dict()

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        region = self.region

        every: int | None | Unset
        if isinstance(self.every, Unset):
            every = UNSET
        else:
            every = self.every

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "key": key,
                "connector": connector,
                "config": config,
            }
        )
        if name is not UNSET:
            field_dict["name"] = name
        if region is not UNSET:
            field_dict["region"] = region
        if every is not UNSET:
            field_dict["every"] = every

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.source_in_config import SourceInConfig  # noqa: PLC0415

        d = dict(src_dict)
        key = d.pop("key")

        connector = d.pop("connector")

        config = SourceInConfig.from_dict(d.pop("config"))

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        region = d.pop("region", UNSET)

        def _parse_every(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        every = _parse_every(d.pop("every", UNSET))

        source_in = cls(
            key=key,
            connector=connector,
            config=config,
            name=name,
            region=region,
            every=every,
        )

        return source_in
