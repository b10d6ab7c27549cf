from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.becomes_out import BecomesOut
    from ..models.judged_out import JudgedOut
    from ..models.lead_out import LeadOut
    from ..models.sum_out import SumOut


T = TypeVar("T", bound="EffectsOut")


@_attrs_define
class EffectsOut:
    """What a decision would change. Nothing has been decided."""

    before: list[SumOut]
    """ The customers concerned as they are, most interactions first. """
    after: list[BecomesOut]
    """ The same profiles' customers as they would be. """
    leading: list[LeadOut]
    """ Ids that would lead to another customer. """
    returning: list[UUID]
    """ Ids that lead elsewhere today and would live again. """
    new: list[UUID]
    """ Ids of customers there have not been. """
    others: list[UUID]
    """ Customers that would change though nobody named them. """
    judgements: list[JudgedOut]
    """ Judgements of the rules that would change. """
    reviews_ended: list[list[UUID]]
    """ Pairs of today's customers that nobody would be asked about. """
    reviews_opened: list[list[UUID]]
    """ Pairs of customers that a person would be asked about. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        before = []
        for before_item_data in self.before:
            before_item = before_item_data.to_dict()
            before.append(before_item)

        after = []
        for after_item_data in self.after:
            after_item = after_item_data.to_dict()
            after.append(after_item)

        leading = []
        for leading_item_data in self.leading:
            leading_item = leading_item_data.to_dict()
            leading.append(leading_item)

        returning = []
        for returning_item_data in self.returning:
            returning_item = str(returning_item_data)
            returning.append(returning_item)

        new = []
        for new_item_data in self.new:
            new_item = str(new_item_data)
            new.append(new_item)

        others = []
        for others_item_data in self.others:
            others_item = str(others_item_data)
            others.append(others_item)

        judgements = []
        for judgements_item_data in self.judgements:
            judgements_item = judgements_item_data.to_dict()
            judgements.append(judgements_item)

        reviews_ended = []
        for reviews_ended_item_data in self.reviews_ended:
            reviews_ended_item = []
            for reviews_ended_item_item_data in reviews_ended_item_data:
                reviews_ended_item_item = str(reviews_ended_item_item_data)
                reviews_ended_item.append(reviews_ended_item_item)

            reviews_ended.append(reviews_ended_item)

        reviews_opened = []
        for reviews_opened_item_data in self.reviews_opened:
            reviews_opened_item = []
            for reviews_opened_item_item_data in reviews_opened_item_data:
                reviews_opened_item_item = str(reviews_opened_item_item_data)
                reviews_opened_item.append(reviews_opened_item_item)

            reviews_opened.append(reviews_opened_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "before": before,
                "after": after,
                "leading": leading,
                "returning": returning,
                "new": new,
                "others": others,
                "judgements": judgements,
                "reviews_ended": reviews_ended,
                "reviews_opened": reviews_opened,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.becomes_out import BecomesOut  # noqa: PLC0415
        from ..models.judged_out import JudgedOut  # noqa: PLC0415
        from ..models.lead_out import LeadOut  # noqa: PLC0415
        from ..models.sum_out import SumOut  # noqa: PLC0415

        d = dict(src_dict)
        before = []
        _before = d.pop("before")
        for before_item_data in _before:
            before_item = SumOut.from_dict(before_item_data)

            before.append(before_item)

        after = []
        _after = d.pop("after")
        for after_item_data in _after:
            after_item = BecomesOut.from_dict(after_item_data)

            after.append(after_item)

        leading = []
        _leading = d.pop("leading")
        for leading_item_data in _leading:
            leading_item = LeadOut.from_dict(leading_item_data)

            leading.append(leading_item)

        returning = []
        _returning = d.pop("returning")
        for returning_item_data in _returning:
            returning_item = UUID(returning_item_data)

            returning.append(returning_item)

        new = []
        _new = d.pop("new")
        for new_item_data in _new:
            new_item = UUID(new_item_data)

            new.append(new_item)

        others = []
        _others = d.pop("others")
        for others_item_data in _others:
            others_item = UUID(others_item_data)

            others.append(others_item)

        judgements = []
        _judgements = d.pop("judgements")
        for judgements_item_data in _judgements:
            judgements_item = JudgedOut.from_dict(judgements_item_data)

            judgements.append(judgements_item)

        reviews_ended = []
        _reviews_ended = d.pop("reviews_ended")
        for reviews_ended_item_data in _reviews_ended:
            reviews_ended_item = []
            _reviews_ended_item = reviews_ended_item_data
            for reviews_ended_item_item_data in _reviews_ended_item:
                reviews_ended_item_item = UUID(reviews_ended_item_item_data)

                reviews_ended_item.append(reviews_ended_item_item)

            reviews_ended.append(reviews_ended_item)

        reviews_opened = []
        _reviews_opened = d.pop("reviews_opened")
        for reviews_opened_item_data in _reviews_opened:
            reviews_opened_item = []
            _reviews_opened_item = reviews_opened_item_data
            for reviews_opened_item_item_data in _reviews_opened_item:
                reviews_opened_item_item = UUID(reviews_opened_item_item_data)

                reviews_opened_item.append(reviews_opened_item_item)

            reviews_opened.append(reviews_opened_item)

        effects_out = cls(
            before=before,
            after=after,
            leading=leading,
            returning=returning,
            new=new,
            others=others,
            judgements=judgements,
            reviews_ended=reviews_ended,
            reviews_opened=reviews_opened,
        )

        effects_out.additional_properties = d
        return effects_out

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
