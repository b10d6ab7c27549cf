"""Walking pages by ``next``."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Protocol, TypeVar

from cxcore_client.calling import result
from cxcore_client.v1.models.problem import Problem


class Page(Protocol):
    """An answer that says where the next one begins."""

    next_: str | None


_P = TypeVar("_P", bound=Page)


def pages(call: Callable[..., Problem | _P | None], /, *arguments: Any, **named: Any) -> Iterator[_P]:
    """All pages of an operation that takes ``cursor``, one by one: ``pages(read_timeline.sync, customer, client=client)``.

    What arrives meanwhile is neither shown twice nor does it push out what is old.
    """
    page = result(call(*arguments, **named))
    yield page
    while page.next_ is not None:
        page = result(call(*arguments, **named, cursor=page.next_))
        yield page


async def pages_async(
    call: Callable[..., Awaitable[Problem | _P | None]], /, *arguments: Any, **named: Any
) -> AsyncIterator[_P]:
    """The same with an operation's ``asyncio``."""
    page = result(await call(*arguments, **named))
    yield page
    while page.next_ is not None:
        page = result(await call(*arguments, **named, cursor=page.next_))
        yield page
