"""Templates: parameters and bodies with places such as {since}, filled for each request."""

import re
from collections.abc import Iterator, Mapping

from pydantic import JsonValue

PLACES = ("since", "until", "page", "offset", "cursor")
_PLACE = re.compile(rf"\{{({'|'.join(PLACES)})\}}")

Values = Mapping[str, str | int]


class _Nothing:
    """What stands where a place has no value in this request."""


def places(template: JsonValue) -> set[str]:
    """The names of all places in a template, however deep."""
    return {name for text in _texts(template) for name in _PLACE.findall(text)}


def _texts(template: JsonValue) -> Iterator[str]:
    if isinstance(template, str):
        yield template
    elif isinstance(template, dict):
        for value in template.values():
            yield from _texts(value)
    elif isinstance(template, list):
        for value in template:
            yield from _texts(value)


def filled(template: JsonValue, values: Values) -> JsonValue:
    """The template with its places filled. A text that is one place becomes the value itself, number or text.

    An entry of a table or a list that asks for a value there is none of is left out: the first page has no cursor.
    """
    if isinstance(template, dict):
        pairs = [(name, _or_nothing(value, values)) for name, value in template.items()]
        return {name: value for name, value in pairs if not isinstance(value, _Nothing)}
    if isinstance(template, list):
        return [value for each in template if not isinstance(value := _or_nothing(each, values), _Nothing)]
    found = _or_nothing(template, values)
    return None if isinstance(found, _Nothing) else found


def _or_nothing(template: JsonValue, values: Values) -> JsonValue | _Nothing:
    if not isinstance(template, str):
        return filled(template, values) if isinstance(template, dict | list) else template
    if any(name not in values for name in _PLACE.findall(template)):
        return _Nothing()
    if whole := _PLACE.fullmatch(template):
        return values[whole[1]]
    return _PLACE.sub(lambda place: str(values[place[1]]), template)
