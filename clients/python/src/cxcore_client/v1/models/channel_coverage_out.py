from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.channel import Channel

if TYPE_CHECKING:
    from ..models.gap_out import GapOut


T = TypeVar("T", bound="ChannelCoverageOut")


@_attrs_define
class ChannelCoverageOut:
    """How complete the view of one channel of a source is."""

    channel: Channel
    """ Where it happened. """
    complete_to: datetime.datetime | None
    """ Everything up to then, by the source's clock, is here, but for the gaps; null when never read to the end.
    """
    gaps: list[GapOut]
    """ What is missing, by time. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        channel = self.channel.value

        complete_to: None | str
        if isinstance(self.complete_to, datetime.datetime):
            complete_to = self.complete_to.isoformat()
        else:
            complete_to = self.complete_to

        gaps = []
        for gaps_item_data in self.gaps:
            gaps_item = gaps_item_data.to_dict()
            gaps.append(gaps_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "channel": channel,
                "complete_to": complete_to,
                "gaps": gaps,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.gap_out import GapOut  # noqa: PLC0415

        d = dict(src_dict)
        channel = Channel(d.pop("channel"))

        def _parse_complete_to(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                complete_to_type_0 = datetime.datetime.fromisoformat(data)

                return complete_to_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        complete_to = _parse_complete_to(d.pop("complete_to"))

        gaps = []
        _gaps = d.pop("gaps")
        for gaps_item_data in _gaps:
            gaps_item = GapOut.from_dict(gaps_item_data)

            gaps.append(gaps_item)

        channel_coverage_out = cls(
            channel=channel,
            complete_to=complete_to,
            gaps=gaps,
        )

        channel_coverage_out.additional_properties = d
        return channel_coverage_out

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
