from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.run_out_state import RunOutState

T = TypeVar("T", bound="RunOut")


@_attrs_define
class RunOut:
    """One pull of one stream."""

    id: int
    """ Rises with each pull. """
    stream: str
    """ What was pulled. """
    state: RunOutState
    """ left: broken off for the others' sake, and gone on with; interrupted: its process died. """
    pages: int
    """ Steps it took. """
    records: int
    """ Records handed over. """
    landed: int
    """ Of these, new or changed. """
    done: int | None
    """ How far the source is read, in the connector's unit. """
    total: int | None
    """ Of how much. """
    code: None | str
    """ What kind of failure ended it. """
    problem: None | str
    """ What ended it, in words. """
    started_at: datetime.datetime
    """ When it began. """
    ended_at: datetime.datetime | None
    """ When it ended. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        stream = self.stream

        state = self.state.value

        pages = self.pages

        records = self.records

        landed = self.landed

        done: int | None
        done = self.done

        total: int | None
        total = self.total

        code: None | str
        code = self.code

        problem: None | str
        problem = self.problem

        started_at = self.started_at.isoformat()

        ended_at: None | str
        if isinstance(self.ended_at, datetime.datetime):
            ended_at = self.ended_at.isoformat()
        else:
            ended_at = self.ended_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "stream": stream,
                "state": state,
                "pages": pages,
                "records": records,
                "landed": landed,
                "done": done,
                "total": total,
                "code": code,
                "problem": problem,
                "started_at": started_at,
                "ended_at": ended_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        stream = d.pop("stream")

        state = RunOutState(d.pop("state"))

        pages = d.pop("pages")

        records = d.pop("records")

        landed = d.pop("landed")

        def _parse_done(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        done = _parse_done(d.pop("done"))

        def _parse_total(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        total = _parse_total(d.pop("total"))

        def _parse_code(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        code = _parse_code(d.pop("code"))

        def _parse_problem(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        problem = _parse_problem(d.pop("problem"))

        started_at = datetime.datetime.fromisoformat(d.pop("started_at"))

        def _parse_ended_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_at_type_0 = datetime.datetime.fromisoformat(data)

                return ended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        ended_at = _parse_ended_at(d.pop("ended_at"))

        run_out = cls(
            id=id,
            stream=stream,
            state=state,
            pages=pages,
            records=records,
            landed=landed,
            done=done,
            total=total,
            code=code,
            problem=problem,
            started_at=started_at,
            ended_at=ended_at,
        )

        run_out.additional_properties = d
        return run_out

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
