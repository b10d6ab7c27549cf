"""What the API gives of customers that are related: households, companies, shared lines."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from cxcore.model.identifier import Scheme
from cxcore.resolve.ties import RelationKind


class TieOut(BaseModel):
    """One thing that ties two customers."""

    kind: RelationKind = Field(description="What this one says of the two.")
    attribute: Scheme | Literal["address"] = Field(description="Kind of the identifier, or that it is a home address.")
    issuer: str = Field(description="Who gave the identifier out; empty for e-mail, phone and address.")
    value: str = Field(description="The identifier, normalised, or the address as the customer asked for shows it.")
    people: int = Field(
        description="How many people use it, by the names shown with it; 64 stands for more, too. Of an address: how many "
        "of the family name live there."
    )


class RelationOut(BaseModel):
    """A customer that is related."""

    customer_id: UUID = Field(description="The other customer.")
    name: str | None = Field(description="Its name.")
    kind: RelationKind = Field(
        description="household: same family name and home, or a line that one family uses; company: both use the "
        "switchboard or mailbox of one firm; shared_line: both use an identifier, and no more is known. The closest of ties."
    )
    ties: list[TieOut] = Field(description="All that ties the two, the closest first.")


class RelationsOut(BaseModel):
    """A page of relations: households first, then companies, then shared lines."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "relations": [
                        {
                            "customer_id": "6f0c2d1e-5a0b-5d6e-9a53-0b6c7c1c4f11",
                            "name": "Pekka Lehto",
                            "kind": "household",
                            "ties": [
                                {
                                    "kind": "household",
                                    "attribute": "phone",
                                    "issuer": "",
                                    "value": "+358912345670",
                                    "people": 2,
                                }
                            ],
                        }
                    ],
                    "total": 1,
                    "more": False,
                    "next": None,
                }
            ]
        }
    )

    relations: list[RelationOut] = Field(description="The relations.")
    total: int = Field(description="How many there are on all pages.")
    more: bool = Field(
        description="Whether there are at least so many: a value is used by more than the 1,000 profiles looked at."
    )
    next: str | None = Field(description="Cursor of the next page; null at the end.")
