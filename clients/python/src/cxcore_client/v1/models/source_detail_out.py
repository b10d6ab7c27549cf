from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.channel import Channel
from ..models.source_detail_out_state import SourceDetailOutState

if TYPE_CHECKING:
    from ..models.credential_out import CredentialOut
    from ..models.run_out import RunOut
    from ..models.source_detail_out_config import SourceDetailOutConfig


T = TypeVar("T", bound="SourceDetailOut")


@_attrs_define
class SourceDetailOut:
    """A source with its settings."""

    key: str
    """ Its key. """
    name: str
    """ Its name. """
    connector: str
    """ Its connector. """
    region: str
    """ Country of phone numbers without a country code. """
    state: SourceDetailOutState
    """ stopped: by a problem that a person must put right; leaving: being removed. """
    problem: None | str
    """ Why it is stopped, and what to do. """
    every: int | None
    """ Seconds between two pulls; null: as the worker is set. """
    channels: list[Channel]
    """ Channels it can bring. """
    complete_to: datetime.datetime | None
    """ Everything up to then, by the source's clock, is here; null when never read to the end. """
    read_at: datetime.datetime | None
    """ When its cursor last moved. """
    due_at: datetime.datetime
    """ When it is pulled next, if it is active. """
    failures: int
    """ Pulls in a row that failed. """
    records_per_second: float | None
    """ Of the last pull that brought any. """
    landed: int
    """ Versions of records that it ever brought. """
    waiting: int
    """ Of these, not in the timeline yet. """
    quarantined: int
    """ Records set aside because they could not be understood. """
    last_run: None | RunOut
    """ Its last pull. """
    config: SourceDetailOutConfig
    """ The settings; "sealed:" where a secret is, references as they are. """
    credentials: list[CredentialOut]
    """ The secrets that are sealed. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.run_out import RunOut  # noqa: PLC0415

        key = self.key

        name = self.name

        connector = self.connector

        region = self.region

        state = self.state.value

        problem: None | str
        problem = self.problem

        every: int | None
        every = self.every

        channels = []
        for channels_item_data in self.channels:
            channels_item = channels_item_data.value
            channels.append(channels_item)

        complete_to: None | str
        if isinstance(self.complete_to, datetime.datetime):
            complete_to = self.complete_to.isoformat()
        else:
            complete_to = self.complete_to

        read_at: None | str
        if isinstance(self.read_at, datetime.datetime):
            read_at = self.read_at.isoformat()
        else:
            read_at = self.read_at

        due_at = self.due_at.isoformat()

        failures = self.failures

        records_per_second: float | None
        records_per_second = self.records_per_second

        landed = self.landed

        waiting = self.waiting

        quarantined = self.quarantined

        last_run: dict[str, Any] | None
        if isinstance(self.last_run, RunOut):
            last_run = self.last_run.to_dict()
        else:
            last_run = self.last_run

        config = self.config.to_dict()

        credentials = []
        for credentials_item_data in self.credentials:
            credentials_item = credentials_item_data.to_dict()
            credentials.append(credentials_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "key": key,
                "name": name,
                "connector": connector,
                "region": region,
                "state": state,
                "problem": problem,
                "every": every,
                "channels": channels,
                "complete_to": complete_to,
                "read_at": read_at,
                "due_at": due_at,
                "failures": failures,
                "records_per_second": records_per_second,
                "landed": landed,
                "waiting": waiting,
                "quarantined": quarantined,
                "last_run": last_run,
                "config": config,
                "credentials": credentials,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.credential_out import CredentialOut  # noqa: PLC0415
        from ..models.run_out import RunOut  # noqa: PLC0415
        from ..models.source_detail_out_config import SourceDetailOutConfig  # noqa: PLC0415

        d = dict(src_dict)
        key = d.pop("key")

        name = d.pop("name")

        connector = d.pop("connector")

        region = d.pop("region")

        state = SourceDetailOutState(d.pop("state"))

        def _parse_problem(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        problem = _parse_problem(d.pop("problem"))

        def _parse_every(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        every = _parse_every(d.pop("every"))

        channels = []
        _channels = d.pop("channels")
        for channels_item_data in _channels:
            channels_item = Channel(channels_item_data)

            channels.append(channels_item)

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

        def _parse_read_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                read_at_type_0 = datetime.datetime.fromisoformat(data)

                return read_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        read_at = _parse_read_at(d.pop("read_at"))

        due_at = datetime.datetime.fromisoformat(d.pop("due_at"))

        failures = d.pop("failures")

        def _parse_records_per_second(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        records_per_second = _parse_records_per_second(d.pop("records_per_second"))

        landed = d.pop("landed")

        waiting = d.pop("waiting")

        quarantined = d.pop("quarantined")

        def _parse_last_run(data: object) -> None | RunOut:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                last_run_type_0 = RunOut.from_dict(data)

                return last_run_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RunOut, data)

        last_run = _parse_last_run(d.pop("last_run"))

        config = SourceDetailOutConfig.from_dict(d.pop("config"))

        credentials = []
        _credentials = d.pop("credentials")
        for credentials_item_data in _credentials:
            credentials_item = CredentialOut.from_dict(credentials_item_data)

            credentials.append(credentials_item)

        source_detail_out = cls(
            key=key,
            name=name,
            connector=connector,
            region=region,
            state=state,
            problem=problem,
            every=every,
            channels=channels,
            complete_to=complete_to,
            read_at=read_at,
            due_at=due_at,
            failures=failures,
            records_per_second=records_per_second,
            landed=landed,
            waiting=waiting,
            quarantined=quarantined,
            last_run=last_run,
            config=config,
            credentials=credentials,
        )

        source_detail_out.additional_properties = d
        return source_detail_out

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
