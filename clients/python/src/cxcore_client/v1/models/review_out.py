from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.review_out_evidence import ReviewOutEvidence


T = TypeVar("T", bound="ReviewOut")


@_attrs_define
class ReviewOut:
    """Two customers that may be one."""

    customers: list[UUID]
    """ The two. """
    profiles: list[UUID]
    """ The pair of profiles that speaks loudest for it. """
    rule: str
    """ suggestion: the model cannot decide; conflict: what is verified, or a date of birth, contradicts what would
    join them, as `contradicts` of the evidence says. """
    score: float
    """ log2 of the odds, in bits, that they are one person. """
    evidence: ReviewOutEvidence
    """ What the score rests on. """
    records: int
    """ Interactions that a merge would bring together, counted to 1,000. """
    model_version: str
    """ The model that asks. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        customers = []
        for customers_item_data in self.customers:
            customers_item = str(customers_item_data)
            customers.append(customers_item)

        profiles = []
        for profiles_item_data in self.profiles:
            profiles_item = str(profiles_item_data)
            profiles.append(profiles_item)

        rule = self.rule

        score = self.score

        evidence = self.evidence.to_dict()

        records = self.records

        model_version = self.model_version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "customers": customers,
                "profiles": profiles,
                "rule": rule,
                "score": score,
                "evidence": evidence,
                "records": records,
                "model_version": model_version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.review_out_evidence import ReviewOutEvidence  # noqa: PLC0415

        d = dict(src_dict)
        customers = []
        _customers = d.pop("customers")
        for customers_item_data in _customers:
            customers_item = UUID(customers_item_data)

            customers.append(customers_item)

        profiles = []
        _profiles = d.pop("profiles")
        for profiles_item_data in _profiles:
            profiles_item = UUID(profiles_item_data)

            profiles.append(profiles_item)

        rule = d.pop("rule")

        score = d.pop("score")

        evidence = ReviewOutEvidence.from_dict(d.pop("evidence"))

        records = d.pop("records")

        model_version = d.pop("model_version")

        review_out = cls(
            customers=customers,
            profiles=profiles,
            rule=rule,
            score=score,
            evidence=evidence,
            records=records,
            model_version=model_version,
        )

        review_out.additional_properties = d
        return review_out

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
