from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.access_role import AccessRole

T = TypeVar("T", bound="StaffOut")


@_attrs_define
class StaffOut:
    """One of the staff."""

    id: UUID
    """ Their id. """
    issuer: str
    """ The provider that knows them. """
    subject: str
    """ Their id there. """
    name: str
    """ What they are called. """
    email: None | str
    """ Their address, as the provider says; nobody is known by it. """
    role: AccessRole
    """ What somebody is here. A key is a service unless it is made for a role. """
    active: bool
    """ Whether they may sign in. """
    has_password: bool
    """ Whether they may sign in without the provider. """
    created_at: datetime.datetime
    """ When they were added. """
    last_sign_in_at: datetime.datetime | None
    """ When they last signed in. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        issuer = self.issuer

        subject = self.subject

        name = self.name

        email: None | str
        email = self.email

        role = self.role.value

        active = self.active

        has_password = self.has_password

        created_at = self.created_at.isoformat()

        last_sign_in_at: None | str
        if isinstance(self.last_sign_in_at, datetime.datetime):
            last_sign_in_at = self.last_sign_in_at.isoformat()
        else:
            last_sign_in_at = self.last_sign_in_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "issuer": issuer,
                "subject": subject,
                "name": name,
                "email": email,
                "role": role,
                "active": active,
                "has_password": has_password,
                "created_at": created_at,
                "last_sign_in_at": last_sign_in_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        issuer = d.pop("issuer")

        subject = d.pop("subject")

        name = d.pop("name")

        def _parse_email(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        email = _parse_email(d.pop("email"))

        role = AccessRole(d.pop("role"))

        active = d.pop("active")

        has_password = d.pop("has_password")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_last_sign_in_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_sign_in_at_type_0 = datetime.datetime.fromisoformat(data)

                return last_sign_in_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        last_sign_in_at = _parse_last_sign_in_at(d.pop("last_sign_in_at"))

        staff_out = cls(
            id=id,
            issuer=issuer,
            subject=subject,
            name=name,
            email=email,
            role=role,
            active=active,
            has_password=has_password,
            created_at=created_at,
            last_sign_in_at=last_sign_in_at,
        )

        staff_out.additional_properties = d
        return staff_out

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
