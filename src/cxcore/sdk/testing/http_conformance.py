"""The part of the contract that concerns HTTP; collected only for fixtures that can refuse, throttle and fail."""
# ruff: noqa: S101 - these are tests, shipped to those who write connectors

from typing import Any, ClassVar

import pytest

from cxcore.sdk.connector import Connector
from cxcore.sdk.errors import AuthFailed, RateLimited, SourceUnavailable
from cxcore.sdk.http import client
from cxcore.sdk.testing.driving import pull, records
from cxcore.sdk.testing.needs import needs
from cxcore.sdk.testing.source_fixture import SourceFixture, connected

SHORT = 1
LONG = 3600


class HttpConformance:
    """What a connector makes of the answers 401, 429 and 503."""

    connector: ClassVar[type[Connector[Any]]]

    @pytest.fixture(autouse=True)
    def _tried_again_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(client, "backoff", lambda _: 0.0)

    def _streams(self, source: SourceFixture) -> list[tuple[Connector[Any], str]]:
        connector = connected(self.connector, source)
        return [(connector, stream.name) for stream in connector.streams]

    @needs("refuse")
    def test_refused_credentials_ask_for_a_person(self, source: Any) -> None:
        source.refuse()
        for connector, stream in self._streams(source):
            with pytest.raises(AuthFailed):
                pull(connector, stream)

    @needs("throttle")
    def test_a_short_wait_asked_for_is_waited(self, source: Any) -> None:
        source.throttle(SHORT)
        for connector, stream in self._streams(source):
            assert records(pull(connector, stream))

    @needs("throttle")
    def test_a_long_wait_asked_for_is_handed_back(self, source: Any) -> None:
        for connector, stream in self._streams(source):
            source.throttle(LONG)
            with pytest.raises(RateLimited) as limited:
                pull(connector, stream)
            assert limited.value.retry_after == pytest.approx(LONG, rel=0.1)

    @needs("fail")
    def test_an_outage_is_no_fault_of_the_credentials(self, source: Any) -> None:
        source.fail()
        for connector, stream in self._streams(source):
            with pytest.raises(SourceUnavailable):
                pull(connector, stream)
