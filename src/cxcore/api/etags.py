"""ETags: which version of a resource a caller has seen, so that two who change it at once do not overwrite each other.

A tag is a digest of what is shown (RFC 9110, section 8.8.3); it changes with anything that the caller could have seen.
"""

import hashlib
from typing import Annotated, Any

from fastapi import Header
from pydantic import BaseModel

from cxcore.errors import Changed

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=1000,
        description="The `ETag` that the change rests on: when it is another by now, nothing is changed and the answer is 412.",
    ),
]
IfNoneMatch = Annotated[
    str | None,
    Header(
        alias="If-None-Match", max_length=1000, description="An `ETag` that is known already: 304 when it still holds."
    ),
]
TAGGED: dict[str, Any] = {"headers": {"ETag": {"description": "Its version.", "schema": {"type": "string"}}}}
"""Of an answer in the document."""


def etag(shown: BaseModel) -> str:
    """The ETag of a resource as it is shown."""
    return f'"{hashlib.sha256(shown.model_dump_json().encode()).hexdigest()[:32]}"'


def names(header: str, current: str) -> bool:
    """Whether a list of tags, or ``*``, names this one; weak tags are compared as strong ones are."""
    return header.strip() == "*" or current in {each.strip().removeprefix("W/") for each in header.split(",")}


def require(if_match: str | None, current: str) -> None:
    """Raises Changed when the caller has seen another version."""
    if if_match is not None and not names(if_match, current):
        raise Changed("It has been changed since it was read.", hint="Read it again, and change what it is now.")
