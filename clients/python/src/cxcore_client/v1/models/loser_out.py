from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.ground import Ground

if TYPE_CHECKING:
    from ..models.correction_out import CorrectionOut


T = TypeVar("T", bound="LoserOut")


@_attrs_define
class LoserOut:
    """A value that is not shown."""

    value: str
    """ The value. """
    rule: Ground
    """ What decided: a person; a rule; how well a name is written; the order of the values, where nothing else told
    them
    apart; or nothing, where there is one value only. """
    count: int
    """ How many profiles state it. """
    sources: list[str]
    """ Keys of the sources that state it. """
    observed_at: datetime.datetime | None
    """ When a source last saw it; null where none dates it. """
    received_at: datetime.datetime | None
    """ When it first reached cxcore; null where only a person said it. """
    correction: CorrectionOut | None
    """ The older correction that states it. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.correction_out import CorrectionOut  # noqa: PLC0415

        value = self.value

        rule = self.rule.value

        count = self.count

        sources = self.sources

        observed_at: None | str
        if isinstance(self.observed_at, datetime.datetime):
            observed_at = self.observed_at.isoformat()
        else:
            observed_at = self.observed_at

        received_at: None | str
        if isinstance(self.received_at, datetime.datetime):
            received_at = self.received_at.isoformat()
        else:
            received_at = self.received_at

        correction: dict[str, Any] | None
        if isinstance(self.correction, CorrectionOut):
            correction = self.correction.to_dict()
        else:
            correction = self.correction

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "value": value,
                "rule": rule,
                "count": count,
                "sources": sources,
                "observed_at": observed_at,
                "received_at": received_at,
                "correction": correction,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.correction_out import CorrectionOut  # noqa: PLC0415

        d = dict(src_dict)
        value = d.pop("value")

        rule = Ground(d.pop("rule"))

        count = d.pop("count")

        sources = cast(list[str], d.pop("sources"))

        def _parse_observed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                observed_at_type_0 = datetime.datetime.fromisoformat(data)

                return observed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        observed_at = _parse_observed_at(d.pop("observed_at"))

        def _parse_received_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                received_at_type_0 = datetime.datetime.fromisoformat(data)

                return received_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        received_at = _parse_received_at(d.pop("received_at"))

        def _parse_correction(data: object) -> CorrectionOut | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                correction_type_0 = CorrectionOut.from_dict(data)

                return correction_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CorrectionOut | None, data)

        correction = _parse_correction(d.pop("correction"))

        loser_out = cls(
            value=value,
            rule=rule,
            count=count,
            sources=sources,
            observed_at=observed_at,
            received_at=received_at,
            correction=correction,
        )

        loser_out.additional_properties = d
        return loser_out

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
