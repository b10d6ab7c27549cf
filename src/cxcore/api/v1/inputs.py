"""What the API refuses in what is sent: unknown fields, and text that cannot be kept."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from cxcore.normalise.texts import clean


def sound(text: str) -> str:
    """The text in NFC.

    Raises:
        ValueError: it cannot be kept.
    """
    cleaned = clean(text)
    if "\ufffd" in cleaned and "\ufffd" not in text:
        raise ValueError("must not hold U+0000 or lone surrogates")
    return cleaned


def _upto(most: int) -> StringConstraints:
    return StringConstraints(min_length=1, max_length=most, strip_whitespace=True)


@dataclass(frozen=True, slots=True)
class _Sound:
    """Text that can be kept. The document says so, too, but for lone surrogates, which patterns cannot name."""

    pattern: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(sound, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(schema) | {"pattern": self.pattern}


_SPACE = r"\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""Unicode's White_Space, which is taken off at both ends."""
Sound = _Sound(r"^[^\u0000]*$")
_Telling = _Sound(rf"^[^\u0000]*[^\u0000{_SPACE}][^\u0000]*$")
Key = Annotated[str, _upto(100), _Telling]
Query = Annotated[str, _upto(200), _Telling]
Name = Annotated[str, _upto(300), _Telling]
Reason = Annotated[str, _upto(500), _Telling]
Value = Annotated[str, _upto(1000), _Telling]
Region = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]


class Input(BaseModel):
    """Base of what is sent: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")
