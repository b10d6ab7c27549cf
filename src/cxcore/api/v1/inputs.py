"""What the API refuses in what is sent: unknown fields, and text that cannot be kept."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

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


Sound = AfterValidator(sound)
Key = Annotated[str, _upto(100), Sound]
Query = Annotated[str, _upto(200), Sound]
Name = Annotated[str, _upto(300), Sound]
Reason = Annotated[str, _upto(500), Sound]
Value = Annotated[str, _upto(1000), Sound]
Region = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]


class Input(BaseModel):
    """Base of what is sent: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")
