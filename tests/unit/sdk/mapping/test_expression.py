"""Plain paths take a short cut that means the same as JMESPath."""

from typing import Any

import jmespath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxcore.sdk.mapping.expression import compiled, parse, truthy

names = st.sampled_from(["a", "b", "c", "Order ID", "ä", "length"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.lists(names, min_size=1, max_size=4), json_values)
def test_a_plain_path_means_what_jmespath_means(path: list[str], row: Any) -> None:
    expression = ".".join(f'"{name}"' for name in path)
    assert compiled(expression)(row) == jmespath.search(expression, row)


@pytest.mark.parametrize("expression", ["a", "a.b", "a.b.c", '"Order ID"', "a[0]", "a[*].b", "a || b", "@", "`1`", "a.b || 'x'", "length(a)", "a == 'x' && b", "[a, b]"])  # fmt: skip
@settings(deadline=None)
@given(row=json_values)
def test_any_expression_means_what_jmespath_means(expression: str, row: Any) -> None:
    try:
        expected = jmespath.search(expression, row)
    except jmespath.exceptions.JMESPathError:
        with pytest.raises(jmespath.exceptions.JMESPathError):
            compiled(expression)(row)
    else:
        assert compiled(expression)(row) == expected


@settings(deadline=None)
@given(json_values)
def test_truth_is_jmespaths_truth(value: Any) -> None:
    assert truthy(value) == (jmespath.search("v && 'yes' || 'no'", {"v": value}) == "yes")


def test_what_is_no_expression_is_shown_with_a_hint() -> None:
    with pytest.raises(ValueError, match=r"'Order ID' is not JMESPath.*written in double quotes"):
        parse("Order ID")
    with pytest.raises(ValueError, match="longer than"):
        parse("a" * 3000)
