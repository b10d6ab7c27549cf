from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="JudgedOut")


@_attrs_define
class JudgedOut:
    """A judgement of the rules that the decision would change."""

    left: UUID
    """ One profile. """
    right: UUID
    """ The other profile. """
    rule: str
    """ Which rule. """
    made: bool
    """ true: it would be made; false: it would hold no more. """
    score: float | None
    """ Of a new one: log2 of the odds, in bits, that they are one person. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        left = str(self.left)

        right = str(self.right)

        rule = self.rule

        made = self.made

        score: float | None
        score = self.score

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "left": left,
                "right": right,
                "rule": rule,
                "made": made,
                "score": score,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        left = UUID(d.pop("left"))

        right = UUID(d.pop("right"))

        rule = d.pop("rule")

        made = d.pop("made")

        def _parse_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        score = _parse_score(d.pop("score"))

        judged_out = cls(
            left=left,
            right=right,
            rule=rule,
            made=made,
            score=score,
        )

        judged_out.additional_properties = d
        return judged_out

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
