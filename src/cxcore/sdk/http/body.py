"""A body read within its limits, as it is sent and as it is decompressed."""

import time
import zlib
from collections.abc import AsyncIterator

from cxcore.sdk.errors import SourceUnavailable
from cxcore.sdk.http.patience import MIB, Limits

ENCODINGS = "gzip, deflate"
_WINDOWS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


class TooSlow(Exception):
    """A body of which too little comes in its time."""


async def read(chunks: AsyncIterator[bytes], *, encoding: str, length: str | None, limits: Limits) -> bytes:
    """The whole body. ``encoding`` and ``length`` are the headers Content-Encoding and Content-Length.

    Raises:
        SourceUnavailable: it is larger than the limit, or cannot be decompressed.
        TooSlow: it drips.
    """
    if length is not None and length.isascii() and length.isdigit() and int(length[:20]) > limits.most_bytes:
        raise _too_large(limits)
    unpack = _Unpack(encoding.strip().lower(), limits)
    began, taken, body = time.monotonic(), 0, bytearray()
    total = 0
    async for chunk in chunks:
        total += len(chunk)
        if total > limits.most_bytes:
            raise _too_large(limits)
        body += unpack(chunk, limits.most_bytes - len(body))
        taken += len(chunk)
        if (now := time.monotonic()) - began > limits.window:
            if taken < limits.progress:
                raise TooSlow
            began, taken = now, 0
    if total:
        unpack.end()
    return bytes(body)


class _Unpack:
    """Decompresses piece by piece, and never more than there is room for."""

    def __init__(self, encoding: str, limits: Limits) -> None:
        if encoding not in {"", "identity", *_WINDOWS}:
            raise SourceUnavailable("The source compresses its answers in a way it was not asked for.")
        self._limits = limits
        self._inner = zlib.decompressobj(_WINDOWS[encoding]) if encoding in _WINDOWS else None
        self._raw_deflate = encoding == "deflate"

    def __call__(self, chunk: bytes, room: int) -> bytes:
        if self._inner is None:
            return chunk
        try:
            made = self._inner.decompress(chunk, room + 1)
        except zlib.error as exc:
            if not self._raw_deflate:
                raise _broken() from exc
            self._inner = zlib.decompressobj(-zlib.MAX_WBITS)  # without its wrapping, as some servers send it
            self._raw_deflate = False
            return self(chunk, room)
        self._raw_deflate = False
        if len(made) > room:
            raise _too_large(self._limits)
        return made

    def end(self) -> None:
        """Say that all has come."""
        if self._inner is not None and not self._inner.eof:
            raise _broken()


def _broken() -> SourceUnavailable:
    return SourceUnavailable("The source's answer cannot be decompressed.", hint="It is broken or was cut short.")


def _too_large(limits: Limits) -> SourceUnavailable:
    size = f"{limits.most_bytes // MIB} MiB" if limits.most_bytes >= MIB else f"{limits.most_bytes} bytes"
    return SourceUnavailable(f"The source's answer is larger than {size}.", hint="Ask for smaller pages.")
