"""``/changes``: says that something has changed, as server-sent events; the page then asks anew."""

from asyncio import sleep
from collections.abc import AsyncIterator, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from ...domain.model.errors import TrueupError
from .parts import Parts
from .source import Watch

_EVERY_S = 1.0
_AT_LEAST_EVERY = 10
"""After so many looks without a change the page is asked for all the same: ages have grown."""
_CHANGED = "event: changed\ndata: {}\n\n"


def routes(parts: Parts) -> Sequence[BaseRoute]:
    """The routes of this module."""
    watch = Watch(parts.source)

    async def changes(request: Request) -> Response:
        """The events, for as long as the browser listens."""
        del request
        return StreamingResponse(_events(watch), media_type="text/event-stream")

    return (Route("/changes", changes),)


async def _events(watch: Watch) -> AsyncIterator[str]:
    seen, quiet = await _version(watch), 0
    yield "retry: 2000\n\n"
    while True:
        await sleep(_EVERY_S)
        version = await _version(watch)
        quiet += 1
        if version != seen or quiet >= _AT_LEAST_EVERY:
            seen, quiet = version, 0
            yield _CHANGED.format(version)


async def _version(watch: Watch) -> int:
    """The version; -1 while the database cannot be read, which is a change too."""
    try:
        return await run_in_threadpool(watch.version)
    except TrueupError:
        return -1
