from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.perhaps_out_evidence import PerhapsOutEvidence


T = TypeVar("T", bound="PerhapsOut")


@_attrs_define
class PerhapsOut:
    """A customer that could be the same, where one of the two shows nothing of its own: no name, no date of birth."""

    customer_id: UUID
    """ The customer. """
    score: float
    """ log2 of the odds, in bits, that they are one person. """
    evidence: PerhapsOutEvidence
    """ What it rests on. """
    records: int
    """ Interactions on that customer's timeline. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        customer_id = str(self.customer_id)

        score = self.score

        evidence = self.evidence.to_dict()

        records = self.records

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "customer_id": customer_id,
                "score": score,
                "evidence": evidence,
                "records": records,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.perhaps_out_evidence import PerhapsOutEvidence  # noqa: PLC0415

        d = dict(src_dict)
        customer_id = UUID(d.pop("customer_id"))

        score = d.pop("score")

        evidence = PerhapsOutEvidence.from_dict(d.pop("evidence"))

        records = d.pop("records")

        perhaps_out = cls(
            customer_id=customer_id,
            score=score,
            evidence=evidence,
            records=records,
        )

        perhaps_out.additional_properties = d
        return perhaps_out

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
