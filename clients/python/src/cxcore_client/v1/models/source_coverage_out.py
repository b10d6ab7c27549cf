from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.channel import Channel

if TYPE_CHECKING:
    from ..models.channel_coverage_out import ChannelCoverageOut
    from ..models.seen_out import SeenOut


T = TypeVar("T", bound="SourceCoverageOut")


@_attrs_define
class SourceCoverageOut:
    """How complete the view of one source is."""

    source: str
    """ Key of the source. """
    name: str
    """ Its name. """
    channels: list[Channel]
    """ Channels it can bring. """
    by_channel: list[ChannelCoverageOut]
    """ How complete each of them is. """
    state: str
    """ active, paused or stopped. """
    problem: None | str
    """ Why it is stopped. """
    complete_to: datetime.datetime | None
    """ Everything up to then, by the source's clock, is here; null when never read to the end. """
    pulled_at: datetime.datetime | None
    """ When the last pull ended. """
    waiting: int
    """ Records landed and not yet in the timeline. """
    quarantined: int
    """ Records set aside because they could not be understood. """
    seen: list[SeenOut]
    """ What this customer's timeline holds of it. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        source = self.source

        name = self.name

        channels = []
        for channels_item_data in self.channels:
            channels_item = channels_item_data.value
            channels.append(channels_item)

        by_channel = []
        for by_channel_item_data in self.by_channel:
            by_channel_item = by_channel_item_data.to_dict()
            by_channel.append(by_channel_item)

        state = self.state

        problem: None | str
        problem = self.problem

        complete_to: None | str
        if isinstance(self.complete_to, datetime.datetime):
            complete_to = self.complete_to.isoformat()
        else:
            complete_to = self.complete_to

        pulled_at: None | str
        if isinstance(self.pulled_at, datetime.datetime):
            pulled_at = self.pulled_at.isoformat()
        else:
            pulled_at = self.pulled_at

        waiting = self.waiting

        quarantined = self.quarantined

        seen = []
        for seen_item_data in self.seen:
            seen_item = seen_item_data.to_dict()
            seen.append(seen_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "source": source,
                "name": name,
                "channels": channels,
                "by_channel": by_channel,
                "state": state,
                "problem": problem,
                "complete_to": complete_to,
                "pulled_at": pulled_at,
                "waiting": waiting,
                "quarantined": quarantined,
                "seen": seen,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.channel_coverage_out import ChannelCoverageOut  # noqa: PLC0415
        from ..models.seen_out import SeenOut  # noqa: PLC0415

        d = dict(src_dict)
        source = d.pop("source")

        name = d.pop("name")

        channels = []
        _channels = d.pop("channels")
        for channels_item_data in _channels:
            channels_item = Channel(channels_item_data)

            channels.append(channels_item)

        by_channel = []
        _by_channel = d.pop("by_channel")
        for by_channel_item_data in _by_channel:
            by_channel_item = ChannelCoverageOut.from_dict(by_channel_item_data)

            by_channel.append(by_channel_item)

        state = d.pop("state")

        def _parse_problem(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        problem = _parse_problem(d.pop("problem"))

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

        def _parse_pulled_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                pulled_at_type_0 = datetime.datetime.fromisoformat(data)

                return pulled_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        pulled_at = _parse_pulled_at(d.pop("pulled_at"))

        waiting = d.pop("waiting")

        quarantined = d.pop("quarantined")

        seen = []
        _seen = d.pop("seen")
        for seen_item_data in _seen:
            seen_item = SeenOut.from_dict(seen_item_data)

            seen.append(seen_item)

        source_coverage_out = cls(
            source=source,
            name=name,
            channels=channels,
            by_channel=by_channel,
            state=state,
            problem=problem,
            complete_to=complete_to,
            pulled_at=pulled_at,
            waiting=waiting,
            quarantined=quarantined,
            seen=seen,
        )

        source_coverage_out.additional_properties = d
        return source_coverage_out

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
