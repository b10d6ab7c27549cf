from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.explanation_out import ExplanationOut
    from ..models.identifier_out import IdentifierOut
    from ..models.perhaps_out import PerhapsOut
    from ..models.profile_out import ProfileOut
    from ..models.reason_out import ReasonOut
    from ..models.value_out import ValueOut


T = TypeVar("T", bound="CustomerOut")


@_attrs_define
class CustomerOut:
    """A customer, with the profiles that make it and the reasons that tie them."""

    id: UUID
    """ The customer's id; it stays valid through merges and splits. """
    version: int
    """ Counts the changes of its links. """
    name: None | ValueOut
    """ The name shown. """
    email: None | ValueOut
    """ The main e-mail address. """
    phone: None | ValueOut
    """ The main phone number, E.164. """
    language: None | ValueOut
    """ The language. """
    birth_date: None | ValueOut
    """ The date of birth, ISO 8601. """
    address: None | ValueOut
    """ The postal address. """
    identifiers: list[IdentifierOut]
    """ All identifiers, e-mail first. """
    profiles: list[ProfileOut]
    """ The profiles of all sources, newest first. """
    reasons: list[ReasonOut]
    """ Why these profiles are one person. """
    candidates: list[PerhapsOut]
    """ Contacts that could be this customer's, or customers that this contact could be of; the likeliest 20. """
    explained: list[ExplanationOut] | None
    """ Why each value is shown; null unless asked for. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.value_out import ValueOut  # noqa: PLC0415

        id = str(self.id)

        version = self.version

        name: dict[str, Any] | None
        if isinstance(self.name, ValueOut):
            name = self.name.to_dict()
        else:
            name = self.name

        email: dict[str, Any] | None
        if isinstance(self.email, ValueOut):
            email = self.email.to_dict()
        else:
            email = self.email

        phone: dict[str, Any] | None
        if isinstance(self.phone, ValueOut):
            phone = self.phone.to_dict()
        else:
            phone = self.phone

        language: dict[str, Any] | None
        if isinstance(self.language, ValueOut):
            language = self.language.to_dict()
        else:
            language = self.language

        birth_date: dict[str, Any] | None
        if isinstance(self.birth_date, ValueOut):
            birth_date = self.birth_date.to_dict()
        else:
            birth_date = self.birth_date

        address: dict[str, Any] | None
        if isinstance(self.address, ValueOut):
            address = self.address.to_dict()
        else:
            address = self.address

        identifiers = []
        for identifiers_item_data in self.identifiers:
            identifiers_item = identifiers_item_data.to_dict()
            identifiers.append(identifiers_item)

        profiles = []
        for profiles_item_data in self.profiles:
            profiles_item = profiles_item_data.to_dict()
            profiles.append(profiles_item)

        reasons = []
        for reasons_item_data in self.reasons:
            reasons_item = reasons_item_data.to_dict()
            reasons.append(reasons_item)

        candidates = []
        for candidates_item_data in self.candidates:
            candidates_item = candidates_item_data.to_dict()
            candidates.append(candidates_item)

        explained: list[dict[str, Any]] | None
        if isinstance(self.explained, list):
            explained = []
            for explained_type_0_item_data in self.explained:
                explained_type_0_item = explained_type_0_item_data.to_dict()
                explained.append(explained_type_0_item)

        else:
            explained = self.explained

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "version": version,
                "name": name,
                "email": email,
                "phone": phone,
                "language": language,
                "birth_date": birth_date,
                "address": address,
                "identifiers": identifiers,
                "profiles": profiles,
                "reasons": reasons,
                "candidates": candidates,
                "explained": explained,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.explanation_out import ExplanationOut  # noqa: PLC0415
        from ..models.identifier_out import IdentifierOut  # noqa: PLC0415
        from ..models.perhaps_out import PerhapsOut  # noqa: PLC0415
        from ..models.profile_out import ProfileOut  # noqa: PLC0415
        from ..models.reason_out import ReasonOut  # noqa: PLC0415
        from ..models.value_out import ValueOut  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        version = d.pop("version")

        def _parse_name(data: object) -> None | ValueOut:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                name_type_0 = ValueOut.from_dict(data)

                return name_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ValueOut, data)

        name = _parse_name(d.pop("name"))

        def _parse_email(data: object) -> None | ValueOut:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                email_type_0 = ValueOut.from_dict(data)

                return email_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ValueOut, data)

        email = _parse_email(d.pop("email"))

        def _parse_phone(data: object) -> None | ValueOut:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                phone_type_0 = ValueOut.from_dict(data)

                return phone_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ValueOut, data)

        phone = _parse_phone(d.pop("phone"))

        def _parse_language(data: object) -> None | ValueOut:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                language_type_0 = ValueOut.from_dict(data)

                return language_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ValueOut, data)

        language = _parse_language(d.pop("language"))

        def _parse_birth_date(data: object) -> None | ValueOut:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                birth_date_type_0 = ValueOut.from_dict(data)

                return birth_date_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ValueOut, data)

        birth_date = _parse_birth_date(d.pop("birth_date"))

        def _parse_address(data: object) -> None | ValueOut:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                address_type_0 = ValueOut.from_dict(data)

                return address_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ValueOut, data)

        address = _parse_address(d.pop("address"))

        identifiers = []
        _identifiers = d.pop("identifiers")
        for identifiers_item_data in _identifiers:
            identifiers_item = IdentifierOut.from_dict(identifiers_item_data)

            identifiers.append(identifiers_item)

        profiles = []
        _profiles = d.pop("profiles")
        for profiles_item_data in _profiles:
            profiles_item = ProfileOut.from_dict(profiles_item_data)

            profiles.append(profiles_item)

        reasons = []
        _reasons = d.pop("reasons")
        for reasons_item_data in _reasons:
            reasons_item = ReasonOut.from_dict(reasons_item_data)

            reasons.append(reasons_item)

        candidates = []
        _candidates = d.pop("candidates")
        for candidates_item_data in _candidates:
            candidates_item = PerhapsOut.from_dict(candidates_item_data)

            candidates.append(candidates_item)

        def _parse_explained(data: object) -> list[ExplanationOut] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                explained_type_0 = []
                _explained_type_0 = data
                for explained_type_0_item_data in _explained_type_0:
                    explained_type_0_item = ExplanationOut.from_dict(explained_type_0_item_data)

                    explained_type_0.append(explained_type_0_item)

                return explained_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[ExplanationOut] | None, data)

        explained = _parse_explained(d.pop("explained"))

        customer_out = cls(
            id=id,
            version=version,
            name=name,
            email=email,
            phone=phone,
            language=language,
            birth_date=birth_date,
            address=address,
            identifiers=identifiers,
            profiles=profiles,
            reasons=reasons,
            candidates=candidates,
            explained=explained,
        )

        customer_out.additional_properties = d
        return customer_out

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
