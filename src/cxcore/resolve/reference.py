"""Reference: a model written as settings of Splink 5 on DuckDB, so that an independent engine can check each weight; and
the comparisons alone, so that it can learn them. Pure.

What is written of a model is the sum against strangers: prior and main weights. Splink knows no household and no limit on
what is unproven, so these are left out. Weights are the whole millionths of a bit that `Scorer` adds. Where one level weighs
differently from value to value, it becomes several: of identifiers one for each number of owners, of names and cities
one for each weight that their frequencies give.

Limits: one value of each scheme a payload, for Splink compares columns, not sets; and ASCII only, for DuckDB compares
bytes. ``rows`` refuses what exceeds them.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cxcore.model.identifier import Scheme
from cxcore.normalise.nicknames import heads
from cxcore.resolve.comparisons import CITY_SIMILAR, DEVICES, MAIL_SIMILAR, SIMILAR, SOMEWHAT, Comparison
from cxcore.resolve.model import BITS, Model
from cxcore.resolve.payload import SCHEMES, Payload
from cxcore.resolve.score import Owners, exclusive

_SAME, _CITY = 0, 4
"""Places of the levels whose weight depends on the value: ``same``, and ``same city`` of the address."""
_FREQUENT = {("given", _SAME): "given", ("family", _SAME): "family", ("address", _CITY): "city"}
_LEAST_SHARE = 1e-6


def settings(model: Model, owners: Owners, *, blocking: Sequence[str] = ("1=1",)) -> dict[str, Any]:
    """The model as a settings dictionary; ``owners`` as given to ``rows``. ``blocking``: SQL; by default all pairs."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": 1 / (1 + 2 ** -(round(model.prior * BITS) / BITS)),
        "blocking_rules_to_generate_predictions": list(blocking),
        "comparisons": [_comparison(c, model, owners) for c in model.comparisons],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
    }


def rows(payloads: Iterable[Payload], model: Model, owners: Owners) -> list[dict[str, Any]]:
    """The table that the settings are about: a row for each payload, ``unique_id`` its place.

    Raises:
        ValueError: a payload shows two values of one scheme, or letters beyond ASCII.
    """
    shares = {key: _weights_by_value(model, name, level) for (name, level), key in _FREQUENT.items()}
    return [_row(n, p, model, owners, shares) for n, p in enumerate(payloads)]


def untrained(compared: Iterable[Comparison], traits: Sequence[str] = ()) -> dict[str, Any]:
    """Settings of these comparisons, a level for each code and labelled by it, whose m and u are not known yet; of the
    table that ``plain`` makes."""
    comparisons = []
    for c in compared:
        column = _column(c, traits)
        null, *conditions = _conditions(column, c.scheme)
        levels: list[dict[str, Any]] = [
            {"sql_condition": null, "label_for_charts": "not shown", "is_null_level": True},
            *({"sql_condition": s, "label_for_charts": str(n)} for n, s in enumerate(conditions, 1)),
        ]
        comparisons.append({"output_column_name": column, "comparison_levels": levels})
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "blocking_rules_to_generate_predictions": ["1=1"],
        "comparisons": comparisons,
    }


def plain(number: int, p: Payload, traits: Sequence[str] = ()) -> dict[str, Any]:
    """A row of what the levels speak of: ``unique_id`` is the number. Of several values of a scheme it has the first."""
    row: dict[str, Any] = {
        "unique_id": number,
        "given": p.given,
        "given_heads": list(heads(p.given)),
        "family": p.family,
        "birth_date": p.birth_date,
        "street": p.street,
        "postcode": p.postcode,
        "city": p.city,
    }
    for scheme in SCHEMES:
        row[f"{scheme.value}_issuer"], row[scheme.value] = next(iter(p.shown(scheme)), ("", ""))
    for n, trait in enumerate(traits):
        row[f"trait_{n}"] = p.trait(trait)
    return row


def _row(
    number: int, p: Payload, model: Model, owners: Owners, shares: Mapping[str, Mapping[str, int]]
) -> dict[str, Any]:
    row = plain(number, p, model.traits)
    for key, value in (("given", p.given), ("family", p.family), ("city", p.city)):
        row[f"{key}_weight"] = shares[key].get(value, shares[key].get("", 0))
    for scheme in SCHEMES:
        if (shown := len(p.shown(scheme))) > 1:
            raise ValueError(f"payload {number} shows {shown} values of {scheme.value}; Splink compares one")
        row[f"{scheme.value}_owners"] = owners.get((scheme, row[f"{scheme.value}_issuer"], row[scheme.value]), 1)
    if not all(v.isascii() for v in row.values() if isinstance(v, str)):
        raise ValueError(f"payload {number} has letters beyond ASCII, which DuckDB compares byte by byte")
    return row


def _comparison(c: Comparison, model: Model, owners: Owners) -> dict[str, Any]:
    column = _column(c, model.traits)
    null, *conditions = _conditions(column, c.scheme)
    levels: list[dict[str, Any]] = [{"sql_condition": null, "label_for_charts": "not shown", "is_null_level": True}]
    attribute = model.attributes[c.name]
    for n, (label, condition) in enumerate(zip(c.levels, conditions, strict=True)):
        m = attribute.m[n]
        if c.scheme is not None and n == _SAME:
            counts = sorted({1, *(many for (scheme, *_), many in owners.items() if scheme is c.scheme)})
            levels += [
                _level(f"{condition} and {column}_owners_l = {count}", f"{label}, of {count}", m, weight)
                for count, weight in ((many, round(exclusive(model.prior, many) * BITS)) for many in counts)
            ]
        elif weights := _weights_by_value(model, c.name, n):
            key = _FREQUENT[c.name, n]
            levels += [
                _level(f"{condition} and {key}_weight_l = {weight}", f"{label}, {weight}", m, weight)
                for weight in sorted(set(weights.values()))
            ]
        else:
            levels.append(_level(condition, label, m, round(math.log2(m / attribute.u[n]) * BITS)))
    return {"output_column_name": column, "comparison_levels": levels}


def _column(c: Comparison, traits: Sequence[str]) -> str:
    return f"trait_{traits.index(c.name[6:])}" if c.name.startswith("trait:") else c.name


def _level(condition: str, label: str, m: float, weight: int) -> dict[str, Any]:
    """m as the model has it, and the u that makes the weight; both smaller where u would exceed 1."""
    u = m * 2 ** -(weight / BITS)
    if u > 1:
        m, u = m / u, 1.0
    return {
        "sql_condition": condition,
        "label_for_charts": label,
        "m_probability": m,
        "u_probability": u,
        "fix_m_probability": True,
        "fix_u_probability": True,
    }


def _weights_by_value(model: Model, name: str, level: int) -> dict[str, int]:
    """Weights of a level by value, that of a value the model does not know under ""; empty where values do not count."""
    frequencies = model.frequencies.get(_FREQUENT.get((name, level), ""))
    if not frequencies:
        return {}
    m = model.attributes[name].m[level]
    known = {**frequencies, "": min(frequencies.values())}
    return {v: round(math.log2(m / max(share, _LEAST_SHARE)) * BITS) for v, share in known.items()}


def _other_device(column: str) -> str:
    return f"({column}_issuer_l in ({_DEVICES}) and not {_equal(column)})"


def _conditions(column: str, scheme: Scheme | None) -> tuple[str, ...]:
    """When nothing can be compared, then the levels in the order of their codes."""
    if scheme is Scheme.EMAIL:
        return _EMAIL
    if scheme is not None:
        return (
            f"{_missing(column)} or {column}_issuer_l <> {column}_issuer_r or {_other_device(column)}",
            _equal(column),
            f"{_edits(column)} = 1",
            "ELSE",
        )
    if column in _FIXED:
        return _FIXED[column]
    least = f"least(length({column}_l), length({column}_r)) >= 4"
    return (
        _missing(column),
        _equal(column),
        f"{least} and ({_edits(column)} = 1 or {_jaro(column, SIMILAR)})",
        "ELSE",
    )


def _missing(column: str) -> str:
    return f"({column}_l = '' or {column}_r = '')"


def _equal(column: str) -> str:
    return f"{column}_l = {column}_r"


def _both(column: str) -> str:
    return f"({column}_l <> '' and {column}_r <> '')"


def _edits(column: str) -> str:
    return f"damerau_levenshtein({column}_l, {column}_r)"


def _jaro(column: str, least: float) -> str:
    """In the order of the content, as `comparisons.jaro` has it."""
    return f"jaro_winkler_similarity(least({column}_l, {column}_r), greatest({column}_l, {column}_r)) >= {least}"


def _part(side: str, first: int, length: int) -> str:
    return f"substring(birth_date_{side}, {first}, {length})"


def _part_equal(first: int, length: int) -> str:
    return f"({_part('l', first, length)} = {_part('r', first, length)})"


def _date(side: str) -> str:
    """A date from the year 1 on, as Python's; null where it is none."""
    text = " || '-' || ".join((_part(side, 1, 4), _part(side, 5, 2), _part(side, 7, 2)))
    return f"case when {_part(side, 1, 4)} <> '0000' then try_cast({text} as date) end"


_YEAR, _MONTH, _DAY = (1, 4), (5, 2), (7, 2)
_WHOLE = "(length(birth_date_l) = 8 and length(birth_date_r) = 8)"
_TURNED = (
    f"({_WHOLE} and {_part_equal(*_YEAR)} and {_part('l', *_MONTH)} = {_part('r', *_DAY)}"
    f" and {_part('l', *_DAY)} = {_part('r', *_MONTH)})"
)
_PARTS = " + ".join(f"cast({_part_equal(*part)} as integer)" for part in (_YEAR, _MONTH, _DAY))
_APART = f"{_WHOLE} and abs(date_diff('day', {_date('l')}, {_date('r')}))"
_INITIAL = "(length(given_l) = 1 or length(given_r) = 1)"
_WORDS = ("string_split(family_l, ' ')", "string_split(family_r, ' ')")
_DOUBLE = "(contains(family_l, ' ') or contains(family_r, ' '))"
_PLACE = f"(({_both('postcode')} and {_equal('postcode')}) or ({_both('city')} and {_equal('city')}))"
_PLACES = f"({_both('postcode')} or {_both('city')})"
_FIXED: dict[str, tuple[str, ...]] = {
    "given": (
        _missing("given"),
        _equal("given"),
        "list_has_any(given_heads_l, given_heads_r)",
        f"{_INITIAL} and substring(given_l, 1, 1) = substring(given_r, 1, 1)",
        f"not {_INITIAL} and given_l = family_r and family_l = given_r",
        f"not {_INITIAL} and {_jaro('given', SIMILAR)}",
        f"not {_INITIAL} and {_jaro('given', SOMEWHAT)}",
        "ELSE",
    ),
    "family": (
        _missing("family"),
        _equal("family"),
        "given_l <> '' and given_l = family_r and family_l = given_r",
        _jaro("family", SIMILAR),
        f"{_DOUBLE} and (list_has_all({_WORDS[0]}, {_WORDS[1]}) or list_has_all({_WORDS[1]}, {_WORDS[0]}))",
        _jaro("family", SOMEWHAT),
        "ELSE",
    ),
    "birth_date": (
        _missing("birth_date"),
        _equal("birth_date"),
        f"{_edits('birth_date')} = 1 or {_TURNED}",
        f"{_WHOLE} and {_PARTS} = 2",
        f"{_APART} <= 40",
        f"{_APART} <= 400",
        "ELSE",
    ),
    "address": (
        f"not ({_both('street')} or {_PLACES})",
        f"{_both('street')} and {_equal('street')} and ({_PLACE} or not {_PLACES})",
        f"{_both('street')} and {_PLACE} and {_jaro('street', SIMILAR)}",
        f"{_both('street')} and {_equal('street')}",
        f"{_both('postcode')} and {_equal('postcode')}",
        f"{_both('city')} and {_equal('city')}",
        f"{_both('city')} and {_jaro('city', CITY_SIMILAR)}",
        "ELSE",
    ),
}
_DEVICES = ", ".join(f"'{d}'" for d in sorted(DEVICES))
_AS_NAMED = " or ".join(
    f"({n}_l <> {n}_r and {n}_l <> '' and {n}_r <> '' and contains(split_part(email_l, '@', 1), {n}_l) "
    f"and contains(split_part(email_r, '@', 1), {n}_r))"
    for n in ("given", "family")
)
_NO_LETTERS = ("regexp_replace(email_l, '[a-z]', '', 'g')", "regexp_replace(email_r, '[a-z]', '', 'g')")
_EMAIL = (
    _missing("email"),
    _equal("email"),
    f"{_NO_LETTERS[0]} = {_NO_LETTERS[1]} and {_edits('email')} <= 2 and not ({_AS_NAMED})",
    "split_part(email_l, '@', 1) = split_part(email_r, '@', 1)",
    _jaro("email", MAIL_SIMILAR),
    "ELSE",
)
