"""The contract between the engine and a source."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel

from cxcore.sdk.delivery import Delivery, Received, Refused
from cxcore.sdk.manifest import Manifest, Stream
from cxcore.sdk.page import Cursor, Mapped, Page, Record

ConfigT = TypeVar("ConfigT", bound=BaseModel)


class Connector(ABC, Generic[ConfigT]):
    """One kind of source. Subclasses set ``manifest`` and ``Config`` (extra fields forbidden, secrets as SecretStr).

    An instance may be made without its secrets (they then hold a reference): ``map`` must work all the same.
    Opening files, sockets or sessions belongs into ``check`` and ``pull``, not into ``__init__``.
    """

    manifest: ClassVar[Manifest]
    Config: ClassVar[type[BaseModel]]

    def __init__(self, config: ConfigT) -> None:
        self.config = config

    @classmethod
    def configured(cls, raw: dict[str, Any]) -> "Connector[ConfigT]":
        """An instance with its configuration read from JSON-like data; pydantic's ValidationError if it does not fit."""
        return cls(cls.Config.model_validate(raw))  # type: ignore[arg-type]  # Config is ConfigT's class by contract

    @property
    def streams(self) -> tuple[Stream, ...]:
        """What this source offers: the manifest's streams, unless the configuration declares them."""
        return self.manifest.streams

    @abstractmethod
    async def check(self) -> str:
        """Reach the source, write nothing, and name the account in words that a person recognises.

        Raises:
            ConnectorFailure: with what to do about it.
        """

    @abstractmethod
    def pull(self, stream: str, cursor: Cursor | None) -> AsyncIterator[Page]:
        """Pages of a stream from ``cursor`` on (None = from the start), until there is nothing new.

        At least once: the bound is inclusive with the stream's overlap, landing drops what it has. The source's clock
        counts, never ours. Lazy: a page is fetched when the one before has been landed.

        Raises:
            ConnectorFailure: one of the failures that say what the engine does next.
        """

    async def watch(self, stream: str, cursor: Cursor) -> None:
        """Wait until the source may have something that ``cursor`` does not know, and return; a pull follows.

        Asked for of streams that the manifest calls ``watched``, beside the pulls that come in their time anyway, and
        cancelled when it is no longer wanted. What came between the cursor and the call counts as news.

        Raises:
            ConnectorFailure: the source cannot be watched now; it is tried again after a minute.
        """
        raise NotImplementedError

    def receive(self, delivery: Delivery) -> Received:
        """What a delivery to this source brings. Pure: decided by the delivery, its time and the configuration.

        Believe it first, over the raw bytes (``cxcore.sdk.signature.verify``), then read it. Its records have the keys
        and contents that a pull would give them, so that the pull repairs what deliveries miss. What is believed but
        cannot be read becomes a record that ``map`` rejects, lest it be lost.

        Raises:
            Refused: it is not believed. A connector that does not say otherwise is not delivered to, and refuses all.
        """
        raise Refused("The connector takes no deliveries.")

    @abstractmethod
    def map(self, record: Record) -> Iterable[Mapped]:
        """What a landed record means. Pure: depends on the record and the configuration without secrets, nothing else.

        Raises:
            RecordRejected: it cannot be understood; the reason is free of personal data.
        """
