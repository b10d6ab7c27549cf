"""Mapping: what the columns of a table mean, as an operator writes it (TOML). Data, never code.

A value is a JMESPath expression, or a table with ``path``, ``const`` or ``join``, then ``as`` (transforms), ``map`` and
``default``, applied in this order. README.md has the whole language.
"""

import tomllib
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    model_serializer,
    model_validator,
)

from cxcore.model.identifier import Scheme
from cxcore.model.interaction import Channel, Direction, Flag, Kind, Role
from cxcore.sdk.mapping.expression import parse
from cxcore.sdk.mapping.transforms import TRANSFORMS


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)


def _is_jmespath(expression: str) -> str:
    parse(expression)
    return expression


Expression = Annotated[str, Field(min_length=1), AfterValidator(_is_jmespath)]


class Use(_Entry):
    """One named transform, with its argument if it takes one."""

    name: str
    argument: JsonValue = None

    @model_validator(mode="before")
    @classmethod
    def _as_written(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"name": value}
        if isinstance(value, dict) and len(value) == 1 and "name" not in value:
            [(name, argument)] = value.items()
            return {"name": name, "argument": argument}
        return value

    @model_validator(mode="after")
    def _exists(self) -> Self:
        known = TRANSFORMS.get(self.name)
        if known is None:
            raise ValueError(f"there is no transform {self.name!r}; there are {', '.join(TRANSFORMS)}")
        if known.argument == "must" and self.argument is None:
            raise ValueError(f"{self.name} needs an argument: {{ {self.name} = … }}")
        if self.argument is not None and (known.argument == "no" or not isinstance(self.argument, known.kind)):
            raise ValueError(f"{self.name} takes {'no argument' if known.argument == 'no' else known.kind.__name__}")
        if self.name == "decimal" and self.argument not in (None, ",", "."):
            raise ValueError('decimal takes "," or "."')
        return self


class Value(_Entry):
    """Where a value comes from and what is done with it."""

    path: Expression | None = None
    const: JsonValue = None
    join: tuple[Expression, ...] | None = None
    sep: str = " "
    uses: tuple[Use, ...] = Field(default=(), alias="as")
    map: dict[str, JsonValue] | None = None
    default: JsonValue = None

    @model_serializer(mode="plain")
    def _as_written(self) -> dict[str, JsonValue]:
        written = {name: getattr(self, name) for name in self.model_fields_set - {"uses"}}
        if self.uses:
            written["as"] = [use.name if use.argument is None else {use.name: use.argument} for use in self.uses]
        return dict(sorted(written.items()))

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if len({"path", "const", "join"} & self.model_fields_set) != 1:
            raise ValueError("give exactly one of path, const and join")
        return self


def _short(value: Any) -> Any:
    return {"path": value} if isinstance(value, str) else value


def _many(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


def _word_of(words: type[StrEnum]) -> Callable[[Any], Any]:
    """A plain text is one of the words; a table must lead to them."""
    listed = ", ".join(words)

    def checked(value: Any) -> Any:
        if isinstance(value, str):
            value = {"const": value}
        if isinstance(value, dict):
            table = value.get("map")
            given = [value.get("const"), value.get("default"), *(table.values() if isinstance(table, dict) else ())]
            wrong = [word for word in given if word is not None and word not in list(words)]
            if wrong:
                raise ValueError(f"{wrong[0]!r} is none of {listed}; a column is given as {{ path = … }}")
        return value

    return checked


AnyValue = Annotated[Value, BeforeValidator(_short)]
Values = Annotated[tuple[AnyValue, ...], BeforeValidator(_many)]
ChannelValue = Annotated[Value, BeforeValidator(_word_of(Channel))]
KindValue = Annotated[Value, BeforeValidator(_word_of(Kind))]
DirectionValue = Annotated[Value, BeforeValidator(_word_of(Direction))]
RoleValue = Annotated[Value, BeforeValidator(_word_of(Role))]


class IdentifierEntry(_Entry):
    """An identifier other than e-mail and phone, or one of these with ``verified``."""

    scheme: Scheme
    issuer: str = Field(default="", max_length=100)
    value: AnyValue
    verified: AnyValue | bool = False


class Person(_Entry):
    """Someone a row shows."""

    key: AnyValue | None = None
    name: AnyValue | None = None
    given_name: AnyValue | None = None
    family_name: AnyValue | None = None
    birth_date: AnyValue | None = None
    language: AnyValue | None = None
    address: AnyValue | None = None
    email: Values = ()
    phone: Values = ()
    identifier: tuple[IdentifierEntry, ...] = ()
    attributes: dict[str, AnyValue] = Field(default_factory=dict)


class ProfileEntry(Person):
    """A row that describes a person: a customer list, a loyalty card."""

    when: Expression | None = None
    observed_at: AnyValue | None = None


class FlagEntry(_Entry):
    """A flag, if ``when`` is true."""

    flag: Flag
    when: Expression


class InteractionEntry(_Entry):
    """An interaction that a row tells of."""

    when: Expression | None = None
    channel: ChannelValue
    kind: KindValue
    direction: DirectionValue
    role: RoleValue | None = None
    occurred_at: AnyValue
    subject: AnyValue | None = None
    text: AnyValue | None = None
    conversation: AnyValue | None = None
    duration: AnyValue | None = None
    flags: tuple[FlagEntry, ...] = ()
    attributes: dict[str, AnyValue] = Field(default_factory=dict)
    customer: Person | None = None


class Mapping(_Entry):
    """A whole mapping file."""

    version: Literal[1]
    key: AnyValue
    changed_at: AnyValue | None = None
    deleted: AnyValue | None = None
    skip: Expression | None = None
    when: Expression | None = None
    interaction: tuple[InteractionEntry, ...] = ()
    profile: tuple[ProfileEntry, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.interaction or self.profile):
            raise ValueError("a mapping needs at least one [[interaction]] or [[profile]]")
        return self

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """A mapping file's text, read.

        Raises:
            ValueError: it is not TOML, or (pydantic's ValidationError) not a mapping; it names entry and expression.
        """
        return cls.model_validate(tomllib.loads(text))
