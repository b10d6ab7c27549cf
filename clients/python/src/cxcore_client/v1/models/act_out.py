from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ActOut")


@_attrs_define
class ActOut:
    """What a person decided, and whether it still holds."""

    decision_id: UUID
    """ With this it can be revoked. """
    verdict: str
    """ merge, separate or skip. """
    customers: list[UUID]
    """ The customers that hold the profiles concerned now. """
    by: None | str
    """ Who decided. """
    reason: None | str
    """ Why. """
    decided_at: datetime.datetime
    """ When. """
    revoked_at: datetime.datetime | None
    """ When it was taken back; null while it holds. """
    revoked_by: None | str
    """ Who took it back. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        decision_id = str(self.decision_id)

        verdict = self.verdict

        customers = []
        for customers_item_data in self.customers:
            customers_item = str(customers_item_data)
            customers.append(customers_item)

        by: None | str
        by = self.by

        reason: None | str
        reason = self.reason

        decided_at = self.decided_at.isoformat()

        revoked_at: None | str
        if isinstance(self.revoked_at, datetime.datetime):
            revoked_at = self.revoked_at.isoformat()
        else:
            revoked_at = self.revoked_at

        revoked_by: None | str
        revoked_by = self.revoked_by

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "decision_id": decision_id,
                "verdict": verdict,
                "customers": customers,
                "by": by,
                "reason": reason,
                "decided_at": decided_at,
                "revoked_at": revoked_at,
                "revoked_by": revoked_by,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        decision_id = UUID(d.pop("decision_id"))

        verdict = d.pop("verdict")

        customers = []
        _customers = d.pop("customers")
        for customers_item_data in _customers:
            customers_item = UUID(customers_item_data)

            customers.append(customers_item)

        def _parse_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        by = _parse_by(d.pop("by"))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        decided_at = datetime.datetime.fromisoformat(d.pop("decided_at"))

        def _parse_revoked_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                revoked_at_type_0 = datetime.datetime.fromisoformat(data)

                return revoked_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        revoked_at = _parse_revoked_at(d.pop("revoked_at"))

        def _parse_revoked_by(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        revoked_by = _parse_revoked_by(d.pop("revoked_by"))

        act_out = cls(
            decision_id=decision_id,
            verdict=verdict,
            customers=customers,
            by=by,
            reason=reason,
            decided_at=decided_at,
            revoked_at=revoked_at,
            revoked_by=revoked_by,
        )

        act_out.additional_properties = d
        return act_out

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
