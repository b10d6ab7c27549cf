"""What all parts of the conformance suite share: the connector, its source, and what the source holds."""

from typing import Any, ClassVar

from cxcore.sdk.connector import Connector
from cxcore.sdk.page import Record
from cxcore.sdk.testing.driving import pull, records
from cxcore.sdk.testing.source_fixture import SourceFixture, connected


class Suite:
    """A connector under test and the kind of its source."""

    connector: ClassVar[type[Connector[Any]]]
    source_type: ClassVar[type[SourceFixture]]

    def connect(self, source: SourceFixture) -> Connector[Any]:
        return connected(self.connector, source)

    def streams(self, source: SourceFixture) -> list[str]:
        return [stream.name for stream in self.connect(source).streams]

    def found(self, connector: Connector[Any], source: Any) -> dict[str, list[Record]]:
        """What the source holds, by stream: pulled, or delivered where the connector does not pull."""
        if self.connector.manifest.pulls:
            return {stream: records(pull(connector, stream)) for stream in self.streams(source)}
        delivered = [record for delivery in source.push() for record in connector.receive(delivery).records]
        return {stream: [each for each in delivered if each.stream == stream] for stream in self.streams(source)}
