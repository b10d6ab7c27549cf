"""What a server has sent and nobody has taken yet: whole lines and literals without waiting, where they are there."""

import asyncio

_AT_ONCE = 1 << 18
_TAKEN = 1 << 20
"""Bytes that were taken are thrown away when there are so many."""


class Inflow:
    """The bytes of a connection in their order."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._held = bytearray()
        self._at = 0
        self._searched = 0

    @property
    def held(self) -> int:
        """How many bytes wait to be taken."""
        return len(self._held) - self._at

    @property
    def unread(self) -> bool:
        """Whether anything has come that nobody has taken, here or before it is read."""
        return bool(self.held or self._reader._buffer)  # type: ignore[attr-defined]  # noqa: SLF001 - nothing else tells

    async def more(self) -> None:
        """Wait for more.

        Raises:
            IncompleteReadError: the server has hung up.
        """
        came = await self._reader.read(_AT_ONCE)
        if not came:
            raise asyncio.IncompleteReadError(b"", None)
        if self._at > _TAKEN or self._at == len(self._held):
            del self._held[: self._at]
            self._searched -= self._at
            self._at = 0
        self._held += came

    def line(self) -> bytes | None:
        """The next line with its end, None if it has not come whole yet."""
        end = self._held.find(b"\n", max(self._searched, self._at)) + 1
        if not end:
            self._searched = len(self._held)
            return None
        return self._taken(end)

    def literal(self, size: int) -> bytes | None:
        """The next ``size`` bytes, None if they have not come yet."""
        end = self._at + size
        return self._taken(end) if end <= len(self._held) else None

    def _taken(self, end: int) -> bytes:
        with memoryview(self._held) as view:
            taken = bytes(view[self._at : end])
        self._at = end
        return taken
