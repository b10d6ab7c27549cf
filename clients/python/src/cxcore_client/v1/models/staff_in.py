from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.access_role import AccessRole

T = TypeVar("T", bound="StaffIn")


@_attrs_define
class StaffIn:
    """Somebody to take on."""

    issuer: str
    """ The sign-in provider that knows them, by its issuer; local: none does. """
    subject: str
    """ Their id there, the claim `sub`; of local: the name they sign in with. """
    name: str
    """ What they are called here. """
    role: AccessRole
    """ What somebody is here. A key is a service unless it is made for a role. """

    def to_dict(self) -> dict[str, Any]:
        issuer = self.issuer

        subject = self.subject

        name = self.name

        role = self.role.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "issuer": issuer,
                "subject": subject,
                "name": name,
                "role": role,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        issuer = d.pop("issuer")

        subject = d.pop("subject")

        name = d.pop("name")

        role = AccessRole(d.pop("role"))

        staff_in = cls(
            issuer=issuer,
            subject=subject,
            name=name,
            role=role,
        )

        return staff_in
