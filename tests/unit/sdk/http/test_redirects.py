"""Redirects: credentials stay with their origin, bodies too."""

import pytest

from cxcore.sdk import SourceUnavailable
from cxcore.sdk.http.redirects import Hop, hop, origin


@pytest.mark.parametrize(
    ("location", "url", "trusted"),
    [
        ("/b?x=1", "https://a.example/b?x=1", True),
        ("c", "https://a.example/v1/c", True),
        ("https://a.example:443/b", "https://a.example:443/b", True),
        ("https://A.EXAMPLE/b", "https://A.EXAMPLE/b", True),
        ("https://b.example/b", "https://b.example/b", False),
        ("//b.example/b", "https://b.example/b", False),
        ("https://a.example:8443/b", "https://a.example:8443/b", False),
        ("https://a.example@b.example/", "https://a.example@b.example/", False),
    ],
)
def test_only_the_same_origin_is_trusted(location: str, url: str, *, trusted: bool) -> None:
    assert hop(at="https://a.example/v1/x", location=location, status=302, method="GET") == Hop(url, trusted)


def test_a_change_to_https_leads_on_without_credentials() -> None:
    assert not hop(at="http://a.example/", location="https://a.example/", status=301, method="GET").trusted


@pytest.mark.parametrize(
    "location",
    ["http://a.example/", "file:///etc/passwd", "gopher://a.example/", "https://a:99999/", "//["],
)
def test_a_redirect_out_of_the_safe_web_is_refused(location: str) -> None:
    with pytest.raises(SourceUnavailable):
        hop(at="https://a.example/", location=location, status=302, method="GET")


@pytest.mark.parametrize(("status", "location"), [(302, "/b"), (303, "/b"), (307, "https://b.example/")])
def test_a_search_is_neither_changed_nor_carried_away(status: int, location: str) -> None:
    with pytest.raises(SourceUnavailable):
        hop(at="https://a.example/", location=location, status=status, method="POST")


def test_a_search_may_move_within_its_origin() -> None:
    assert hop(at="https://a.example/", location="/b", status=308, method="POST") == Hop("https://a.example/b", True)


def test_default_ports_are_no_difference() -> None:
    assert origin("https://a.example") == origin("https://a.example:443/x")
    assert origin("http://a.example") != origin("https://a.example")
