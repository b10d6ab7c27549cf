from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.field import Field
from ..models.ground import Ground
from ..models.rule import Rule

if TYPE_CHECKING:
    from ..models.correction_out import CorrectionOut
    from ..models.loser_out import LoserOut


T = TypeVar("T", bound="ExplanationOut")


@_attrs_define
class ExplanationOut:
    """Why a value is shown."""

    field: Field
    """ What is shown of a customer, in the order of the page; email and phone are the main ones. """
    value: str
    """ The value shown. """
    rule: Ground
    """ What decided: a person; a rule; how well a name is written; the order of the values, where nothing else told
    them
    apart; or nothing, where there is one value only. """
    chain: list[Rule]
    """ The rules of this field, in their order. """
    priority: list[str]
    """ Keys of the sources that source_priority goes by, best first. """
    source: None | str
    """ Key of the source it comes from; null for a correction. """
    source_name: None | str
    """ That source's name. """
    profile_id: UUID
    """ The profile it comes from, or the correction sits on. """
    observed_at: datetime.datetime | None
    """ When the source saw it; null where it does not date it. """
    received_at: datetime.datetime | None
    """ When the profile reached cxcore; null for a correction. """
    count: int
    """ How many profiles state it. """
    sources: list[str]
    """ Keys of all sources that state it. """
    correction: CorrectionOut | None
    """ The person's correction, where one decided. """
    losers: list[LoserOut]
    """ The other values: corrected ones first, then the most frequent. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.correction_out import CorrectionOut  # noqa: PLC0415

        field = self.field.value

        value = self.value

        rule = self.rule.value

        chain = []
        for chain_item_data in self.chain:
            chain_item = chain_item_data.value
            chain.append(chain_item)

        priority = self.priority

        source: None | str
        source = self.source

        source_name: None | str
        source_name = self.source_name

        profile_id = str(self.profile_id)

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

        count = self.count

        sources = self.sources

        correction: dict[str, Any] | None
        if isinstance(self.correction, CorrectionOut):
            correction = self.correction.to_dict()
        else:
            correction = self.correction

        losers = []
        for losers_item_data in self.losers:
            losers_item = losers_item_data.to_dict()
            losers.append(losers_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "field": field,
                "value": value,
                "rule": rule,
                "chain": chain,
                "priority": priority,
                "source": source,
                "source_name": source_name,
                "profile_id": profile_id,
                "observed_at": observed_at,
                "received_at": received_at,
                "count": count,
                "sources": sources,
                "correction": correction,
                "losers": losers,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.correction_out import CorrectionOut  # noqa: PLC0415
        from ..models.loser_out import LoserOut  # noqa: PLC0415

        d = dict(src_dict)
        field = Field(d.pop("field"))

        value = d.pop("value")

        rule = Ground(d.pop("rule"))

        chain = []
        _chain = d.pop("chain")
        for chain_item_data in _chain:
            chain_item = Rule(chain_item_data)

            chain.append(chain_item)

        priority = cast(list[str], d.pop("priority"))

        def _parse_source(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        source = _parse_source(d.pop("source"))

        def _parse_source_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        source_name = _parse_source_name(d.pop("source_name"))

        profile_id = UUID(d.pop("profile_id"))

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

        count = d.pop("count")

        sources = cast(list[str], d.pop("sources"))

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

        losers = []
        _losers = d.pop("losers")
        for losers_item_data in _losers:
            losers_item = LoserOut.from_dict(losers_item_data)

            losers.append(losers_item)

        explanation_out = cls(
            field=field,
            value=value,
            rule=rule,
            chain=chain,
            priority=priority,
            source=source,
            source_name=source_name,
            profile_id=profile_id,
            observed_at=observed_at,
            received_at=received_at,
            count=count,
            sources=sources,
            correction=correction,
            losers=losers,
        )

        explanation_out.additional_properties = d
        return explanation_out

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
