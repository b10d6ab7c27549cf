from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.scheme import Scheme
from ..types import UNSET, Unset

T = TypeVar("T", bound="IdentifierIn")


@_attrs_define
class IdentifierIn:
    """An identifier in any writing; it is normalised here."""

    scheme: Scheme
    """ What kind of identifier it is; it decides how the value is normalised. """
    value: str
    """ The value as it was said or written. """
    issuer: str | Unset = ""
    """ Who gave it out, for account, loyalty and handle. """

    def to_dict(self) -> dict[str, Any]:
        scheme = self.scheme.value

        value = self.value

        issuer = self.issuer

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "scheme": scheme,
                "value": value,
            }
        )
        if issuer is not UNSET:
            field_dict["issuer"] = issuer

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        scheme = Scheme(d.pop("scheme"))

        value = d.pop("value")

        issuer = d.pop("issuer", UNSET)

        identifier_in = cls(
            scheme=scheme,
            value=value,
            issuer=issuer,
        )

        return identifier_in
