"""Labelled files: what their columns say of a row."""

import pytest

from cxcore.model.identifier import Scheme
from cxcore.resolve.labelled import read

ROW = {
    "rec_id": "1",
    "first_name": "Anna",
    "email": "Anna@X.example",
    "phone": "+358 40 1234567",
    "loyalty": "L7000001",
}


@pytest.mark.parametrize(
    ("said", "verified"),
    [
        ("email", [Scheme.EMAIL]),
        ("Loyalty", [Scheme.LOYALTY]),
        ("email, loyalty", [Scheme.EMAIL, Scheme.LOYALTY]),
        ("phone", []),
        ("", []),
        (None, []),
    ],
)
def test_the_column_verified_names_what_the_source_knows_to_be_theirs(said: str | None, verified: list[Scheme]) -> None:
    plain, (sure,) = read([ROW], region="FI").payloads[0], read([ROW | {"verified": said}], region="FI").payloads
    assert [scheme for scheme, _ in sure.verified] == verified
    assert all(sure.shown(scheme) == values for scheme, values in sure.verified)
    assert (sure.identifiers, plain.verified) == (plain.identifiers, ())
    assert (sure == plain) == (not verified)
