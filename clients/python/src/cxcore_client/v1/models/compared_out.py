from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.outcome import Outcome

if TYPE_CHECKING:
    from ..models.compared_out_evidence import ComparedOutEvidence
    from ..models.reason_out import ReasonOut


T = TypeVar("T", bound="ComparedOut")


@_attrs_define
class ComparedOut:
    """Why two ids are one customer, or why they are not."""

    customers: list[UUID]
    """ The living customers of the two ids, in their order. """
    outcome: Outcome
    """ How two ids stand: one customer; kept apart by a person; waiting for one; put aside by one; one of them
    shows
    nothing of its own, and could be the other; too unlike to ask. """
    because: list[ReasonOut]
    """ Of one customer, the judgements that lead from one to the other; else those between the two. """
    score: float | None
    """ Of two customers: log2 of the odds, in bits, that they are one person. """
    profiles: list[UUID]
    """ Of two customers: the pair of profiles that speaks loudest for it. """
    evidence: ComparedOutEvidence
    """ What the score rests on. """
    joined_from: float
    """ The score from which the model joins. """
    asked_from: float
    """ The score from which a person is asked. """
    model_version: str
    """ The model that weighs. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        customers = []
        for customers_item_data in self.customers:
            customers_item = str(customers_item_data)
            customers.append(customers_item)

        outcome = self.outcome.value

        because = []
        for because_item_data in self.because:
            because_item = because_item_data.to_dict()
            because.append(because_item)

        score: float | None
        score = self.score

        profiles = []
        for profiles_item_data in self.profiles:
            profiles_item = str(profiles_item_data)
            profiles.append(profiles_item)

        evidence = self.evidence.to_dict()

        joined_from = self.joined_from

        asked_from = self.asked_from

        model_version = self.model_version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "customers": customers,
                "outcome": outcome,
                "because": because,
                "score": score,
                "profiles": profiles,
                "evidence": evidence,
                "joined_from": joined_from,
                "asked_from": asked_from,
                "model_version": model_version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.compared_out_evidence import ComparedOutEvidence  # noqa: PLC0415
        from ..models.reason_out import ReasonOut  # noqa: PLC0415

        d = dict(src_dict)
        customers = []
        _customers = d.pop("customers")
        for customers_item_data in _customers:
            customers_item = UUID(customers_item_data)

            customers.append(customers_item)

        outcome = Outcome(d.pop("outcome"))

        because = []
        _because = d.pop("because")
        for because_item_data in _because:
            because_item = ReasonOut.from_dict(because_item_data)

            because.append(because_item)

        def _parse_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        score = _parse_score(d.pop("score"))

        profiles = []
        _profiles = d.pop("profiles")
        for profiles_item_data in _profiles:
            profiles_item = UUID(profiles_item_data)

            profiles.append(profiles_item)

        evidence = ComparedOutEvidence.from_dict(d.pop("evidence"))

        joined_from = d.pop("joined_from")

        asked_from = d.pop("asked_from")

        model_version = d.pop("model_version")

        compared_out = cls(
            customers=customers,
            outcome=outcome,
            because=because,
            score=score,
            profiles=profiles,
            evidence=evidence,
            joined_from=joined_from,
            asked_from=asked_from,
            model_version=model_version,
        )

        compared_out.additional_properties = d
        return compared_out

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
