from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

from ..models.verdict import Verdict

T = TypeVar("T", bound="ReviewIn")


@_attrs_define
class ReviewIn:
    """What a person says of two customers."""

    left: UUID
    """ One customer. """
    right: UUID
    """ The other. """
    verdict: Verdict
    """ What a person says of two customers: the same, never the same, or nothing now. """
    reason: str
    """ Why; kept with the decision. """

    def to_dict(self) -> dict[str, Any]:
        left = str(self.left)

        right = str(self.right)

        verdict = self.verdict.value

        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "left": left,
                "right": right,
                "verdict": verdict,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        left = UUID(d.pop("left"))

        right = UUID(d.pop("right"))

        verdict = Verdict(d.pop("verdict"))

        reason = d.pop("reason")

        review_in = cls(
            left=left,
            right=right,
            verdict=verdict,
            reason=reason,
        )

        return review_in
