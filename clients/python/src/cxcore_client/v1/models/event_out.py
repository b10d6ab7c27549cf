from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.event_out_data import EventOutData


T = TypeVar("T", bound="EventOut")


@_attrs_define
class EventOut:
    """An event as of CloudEvents 1.0."""

    specversion: Literal["1.0"]
    """ Of CloudEvents. """
    id: str
    """ The event's own id, the same wherever it is told. """
    source: str
    """ What tells it: this installation. """
    type_: str
    """ What happened. """
    subject: str
    """ The id of what it happened to. """
    time: datetime.datetime
    """ When the transaction began in which it happened. """
    datacontenttype: Literal["application/json"]
    """ Of the data. """
    dataschema: str
    """ Type and version of the data; additions do not change the version. """
    sequence: str
    """ Its position in the feed, in 20 digits: the order of text is the feed's. """
    data: EventOutData
    """ Ids and reasons, never personal data. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        specversion = self.specversion

        id = self.id

        source = self.source

        type_ = self.type_

        subject = self.subject

        time = self.time.isoformat()

        datacontenttype = self.datacontenttype

        dataschema = self.dataschema

        sequence = self.sequence

        data = self.data.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "specversion": specversion,
                "id": id,
                "source": source,
                "type": type_,
                "subject": subject,
                "time": time,
                "datacontenttype": datacontenttype,
                "dataschema": dataschema,
                "sequence": sequence,
                "data": data,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event_out_data import EventOutData  # noqa: PLC0415

        d = dict(src_dict)
        specversion = cast(Literal["1.0"], d.pop("specversion"))
        if specversion != "1.0":
            raise ValueError(f"specversion must match const '1.0', got '{specversion}'")

        id = d.pop("id")

        source = d.pop("source")

        type_ = d.pop("type")

        subject = d.pop("subject")

        time = datetime.datetime.fromisoformat(d.pop("time"))

        datacontenttype = cast(Literal["application/json"], d.pop("datacontenttype"))
        if datacontenttype != "application/json":
            raise ValueError(f"datacontenttype must match const 'application/json', got '{datacontenttype}'")

        dataschema = d.pop("dataschema")

        sequence = d.pop("sequence")

        data = EventOutData.from_dict(d.pop("data"))

        event_out = cls(
            specversion=specversion,
            id=id,
            source=source,
            type_=type_,
            subject=subject,
            time=time,
            datacontenttype=datacontenttype,
            dataschema=dataschema,
            sequence=sequence,
            data=data,
        )

        event_out.additional_properties = d
        return event_out

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
