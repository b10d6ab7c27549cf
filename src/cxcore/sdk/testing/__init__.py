"""What every connector must do, as tests to inherit: one subclass of ``ConnectorConformance`` (extra cxcore[testing])."""

import pytest

pytest.register_assert_rewrite(
    "cxcore.sdk.testing.conformance",
    "cxcore.sdk.testing.http_conformance",
    "cxcore.sdk.testing.pull_conformance",
    "cxcore.sdk.testing.push_conformance",
)

from cxcore.sdk.testing.conformance import ConnectorConformance  # noqa: E402 - after its asserts can be rewritten
from cxcore.sdk.testing.local_server import LocalServer, Reply, Request  # noqa: E402
from cxcore.sdk.testing.push_conformance import flipped  # noqa: E402
from cxcore.sdk.testing.source_fixture import CANARY, SourceFixture  # noqa: E402

__all__ = ["CANARY", "ConnectorConformance", "LocalServer", "Reply", "Request", "SourceFixture", "flipped"]
