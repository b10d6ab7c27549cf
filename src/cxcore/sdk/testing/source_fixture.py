"""SourceFixture: the source that a connector author sets up for the conformance suite."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from cxcore.sdk.connector import Connector

CANARY = "Canary.Kaarina@personal-data.example"
"""Personal data that a spoiled record holds; it must not turn up in the reason why the record is rejected."""


class SourceFixture(ABC):
    """A source under a test's control: a folder, a fake system, a real server on loopback.

    What a fixture offers beyond the abstract methods decides which tests are collected, so define only what the source
    can do. Nothing else is asked of a connector's author: no test knows a vendor's name.

    ======================  ===========================================================================================
    optional method         what it does
    ======================  ===========================================================================================
    ``change()``            changes one record, so that the next pull must bring a new version of a known key
    ``arrive_late()``       adds one record behind the newest, within the declared overlap
    ``delete()``            deletes one record: the next pull must bring it with ``deleted=True``, or its place as gone
    ``spoil()``             adds one record that cannot be understood and that holds ``CANARY``
    ``go_down()``           makes the source unreachable
    ``fetched() -> int``    how often (or how much) the source has been read; more with each page of a lazy pull
    ``refuse()``            HTTP: answers 401 from now on
    ``throttle(seconds)``   HTTP: answers 429 with ``Retry-After: seconds`` once
    ``fail()``              HTTP: answers 503 from now on
    ``push()``              list of :class:`Delivery`: what the source delivers of records it holds, signed, received now
    ``tampered(delivery)``  the same changed on the way, several times: each must be refused; ``flipped`` does it
    ``push_old()``          one delivery that was signed longer ago than is tolerated
    ``attach(connector)``   called with each connector made: put the fake transport into it
    ======================  ===========================================================================================
    """

    def __init__(self, folder: Path) -> None:
        """``folder`` is empty and this test's own. Have at least three pages' worth of records ready afterwards."""
        self.folder = folder

    @property
    @abstractmethod
    def config(self) -> dict[str, Any]:
        """The connector's configuration as JSON-like data; secrets in plain text, each unlike any other setting."""

    @property
    @abstractmethod
    def account(self) -> str:
        """What ``check`` must name: a person recognises the account by it."""


def offers(source: type[SourceFixture], capability: str) -> bool:
    return callable(getattr(source, capability, None))


def connected(connector: type[Connector[Any]], source: SourceFixture) -> Connector[Any]:
    """A new instance of the connector, attached to the source if the source asks for it."""
    made = connector.configured(source.config)
    attach = getattr(source, "attach", None)
    if attach is not None:
        attach(made)
    return made
