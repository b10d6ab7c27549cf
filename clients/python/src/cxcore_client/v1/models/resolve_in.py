from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.identifier_in import IdentifierIn


T = TypeVar("T", bound="ResolveIn")


@_attrs_define
class ResolveIn:
    """Who is meant?"""

    identifiers: list[IdentifierIn]
    """ All that is known of the person. """
    name: None | str | Unset = UNSET
    """ The name given, if any. """
    region: str | Unset = "FI"
    """ Country (ISO 3166) of phone numbers written without a country code. """

    def to_dict(self) -> dict[str, Any]:
        identifiers = []
        for identifiers_item_data in self.identifiers:
            identifiers_item = identifiers_item_data.to_dict()
            identifiers.append(identifiers_item)

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        region = self.region

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "identifiers": identifiers,
            }
        )
        if name is not UNSET:
            field_dict["name"] = name
        if region is not UNSET:
            field_dict["region"] = region

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.identifier_in import IdentifierIn  # noqa: PLC0415

        d = dict(src_dict)
        identifiers = []
        _identifiers = d.pop("identifiers")
        for identifiers_item_data in _identifiers:
            identifiers_item = IdentifierIn.from_dict(identifiers_item_data)

            identifiers.append(identifiers_item)

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        region = d.pop("region", UNSET)

        resolve_in = cls(
            identifiers=identifiers,
            name=name,
            region=region,
        )

        return resolve_in
