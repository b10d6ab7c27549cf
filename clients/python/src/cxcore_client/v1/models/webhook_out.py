from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.webhook_out_state import WebhookOutState

T = TypeVar("T", bound="WebhookOut")


@_attrs_define
class WebhookOut:
    """A webhook, and how it does."""

    id: str
    """ Its id. """
    url: str
    """ Where events are sent. """
    description: str
    """ What it is for, in words. """
    types: list[str] | None
    """ Types of events that are sent; null: all. """
    state: WebhookOutState
    """ disabled: by a person; paused: because it failed too long. Both keep what waits. """
    problem: None | str
    """ Why it is paused. """
    hint: None | str
    """ What there is to do about it; null: nothing. """
    position: int
    """ Position of the feed up to which its deliveries are queued. """
    failures: int
    """ Attempts in a row that failed. """
    failing_since: datetime.datetime | None
    """ Since when nothing was taken; null: it does well. """
    rests_until: datetime.datetime | None
    """ Nothing is sent before, because it failed often. """
    created_at: datetime.datetime
    """ When it was made. """
    created_by: str
    """ Who made it. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        url = self.url

        description = self.description

        types: list[str] | None
        if isinstance(self.types, list):
            types = self.types

        else:
            types = self.types

        state = self.state.value

        problem: None | str
        problem = self.problem

        hint: None | str
        hint = self.hint

        position = self.position

        failures = self.failures

        failing_since: None | str
        if isinstance(self.failing_since, datetime.datetime):
            failing_since = self.failing_since.isoformat()
        else:
            failing_since = self.failing_since

        rests_until: None | str
        if isinstance(self.rests_until, datetime.datetime):
            rests_until = self.rests_until.isoformat()
        else:
            rests_until = self.rests_until

        created_at = self.created_at.isoformat()

        created_by = self.created_by

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "url": url,
                "description": description,
                "types": types,
                "state": state,
                "problem": problem,
                "hint": hint,
                "position": position,
                "failures": failures,
                "failing_since": failing_since,
                "rests_until": rests_until,
                "created_at": created_at,
                "created_by": created_by,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        url = d.pop("url")

        description = d.pop("description")

        def _parse_types(data: object) -> list[str] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                types_type_0 = cast(list[str], data)

                return types_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None, data)

        types = _parse_types(d.pop("types"))

        state = WebhookOutState(d.pop("state"))

        def _parse_problem(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        problem = _parse_problem(d.pop("problem"))

        def _parse_hint(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        hint = _parse_hint(d.pop("hint"))

        position = d.pop("position")

        failures = d.pop("failures")

        def _parse_failing_since(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                failing_since_type_0 = datetime.datetime.fromisoformat(data)

                return failing_since_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        failing_since = _parse_failing_since(d.pop("failing_since"))

        def _parse_rests_until(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                rests_until_type_0 = datetime.datetime.fromisoformat(data)

                return rests_until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        rests_until = _parse_rests_until(d.pop("rests_until"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        created_by = d.pop("created_by")

        webhook_out = cls(
            id=id,
            url=url,
            description=description,
            types=types,
            state=state,
            problem=problem,
            hint=hint,
            position=position,
            failures=failures,
            failing_since=failing_since,
            rests_until=rests_until,
            created_at=created_at,
            created_by=created_by,
        )

        webhook_out.additional_properties = d
        return webhook_out

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
