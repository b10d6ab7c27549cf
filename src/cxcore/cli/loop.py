"""The event loop that cxcore's processes run in."""

import asyncio
import gc
from collections.abc import Coroutine
from typing import Any, TypeVar

import uvloop

ResultT = TypeVar("ResultT")
_SELDOM = (50_000, 25, 25)


def run(main: Coroutine[Any, Any, ResultT]) -> ResultT:
    """Run in uvloop, with a garbage collector that looks less often: else it takes 12 % of a digest, finding nothing."""
    gc.set_threshold(*_SELDOM)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)
