from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.reason_out_evidence import ReasonOutEvidence


T = TypeVar("T", bound="ReasonOut")


@_attrs_define
class ReasonOut:
    """Why two profiles are held to be one person, or not."""

    id: UUID
    """ The judgement's id. """
    left: UUID
    """ One profile. """
    right: UUID
    """ The other profile. """
    verdict: str
    """ positive, negative or unsure. """
    origin: str
    """ rule or person. """
    rule: str
    """ Which rule: equal, verified, linkage; suggestion, conflict, candidate; or what the person decided. """
    score: float | None
    """ log2 of the odds, in bits, that they are one person. """
    evidence: ReasonOutEvidence
    """ What it rests on. """
    decision_id: None | UUID
    """ The person's decision, with which it can be revoked. """
    reason: None | str
    """ The person's reason. """
    decided_at: datetime.datetime
    """ When it was decided. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        left = str(self.left)

        right = str(self.right)

        verdict = self.verdict

        origin = self.origin

        rule = self.rule

        score: float | None
        score = self.score

        evidence = self.evidence.to_dict()

        decision_id: None | str
        if isinstance(self.decision_id, UUID):
            decision_id = str(self.decision_id)
        else:
            decision_id = self.decision_id

        reason: None | str
        reason = self.reason

        decided_at = self.decided_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "left": left,
                "right": right,
                "verdict": verdict,
                "origin": origin,
                "rule": rule,
                "score": score,
                "evidence": evidence,
                "decision_id": decision_id,
                "reason": reason,
                "decided_at": decided_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.reason_out_evidence import ReasonOutEvidence  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        left = UUID(d.pop("left"))

        right = UUID(d.pop("right"))

        verdict = d.pop("verdict")

        origin = d.pop("origin")

        rule = d.pop("rule")

        def _parse_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        score = _parse_score(d.pop("score"))

        evidence = ReasonOutEvidence.from_dict(d.pop("evidence"))

        def _parse_decision_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                decision_id_type_0 = UUID(data)

                return decision_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        decision_id = _parse_decision_id(d.pop("decision_id"))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        decided_at = datetime.datetime.fromisoformat(d.pop("decided_at"))

        reason_out = cls(
            id=id,
            left=left,
            right=right,
            verdict=verdict,
            origin=origin,
            rule=rule,
            score=score,
            evidence=evidence,
            decision_id=decision_id,
            reason=reason,
            decided_at=decided_at,
        )

        reason_out.additional_properties = d
        return reason_out

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
