"""A session for fibers: while a request is under way, its thread goes on with other fibers."""

from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import Mapping
from contextlib import suppress
from functools import partial

from requests import Request
from requests.exceptions import TooManyRedirects

from ....aio.fibers import suspended
from ....aio.loop_thread import at_end
from .channel import Channel
from .lean_reply import LeanReply
from .lean_request import LeanRequest, Origin, lean_request
from .opening import open_channel
from .surroundings import Surroundings

_REDIRECTS = frozenset((301, 302, 303, 307, 308))


class LeanSession:
    """Connections that stay open between requests; a request is sent once and never again.

    Args:
        headers: that all requests have.
        pool_size: how many connections may stay open while nobody uses them.
        surroundings: between the process and the host.
    """

    def __init__(
        self, headers: Mapping[str, str], pool_size: int, surroundings: Surroundings
    ) -> None:
        self._headers = dict(headers)
        self._pool_size = pool_size
        self._proxy = surroundings.plain_proxy
        self._ca_bundle = surroundings.ca_bundle
        self._idle: dict[tuple[AbstractEventLoop, Origin], list[Channel]] = {}
        self._is_closed = False

    def prepare_request(self, request: Request) -> LeanRequest:
        """The request as bytes.

        Raises:
            RequestException: it cannot be sent.
        """
        return lean_request(request, self._headers, self._proxy)

    def send(self, request: LeanRequest, *, timeout: tuple[float, float]) -> LeanReply:
        """Sends it; the calling fiber suspends until the whole answer is there.

        Raises:
            RequestException: there is no answer, or it is no more than a redirect.
        """
        loop = get_running_loop()
        connect_s, silence_s = timeout
        channel = self._idle_channel(loop, request.origin)
        if channel is None:
            channel = suspended(
                open_channel(request.origin, self._proxy, self._ca_bundle, connect_s)
            )
        try:
            incoming = suspended(channel.ask(request.content, silence_s))
        except BaseException:
            channel.abort()
            raise
        self._keep(loop, request.origin, channel)
        reply = LeanReply(request.url, *incoming)
        if incoming.status in _REDIRECTS and "location" in reply.headers:
            raise TooManyRedirects
        return reply

    def close(self) -> None:
        """Closes the connections, from any thread; those in use as soon as they are not."""
        self._is_closed = True
        for loop, origin in tuple(self._idle):
            for channel in self._idle.pop((loop, origin), ()):
                with suppress(RuntimeError):  # the loop has ended
                    loop.call_soon_threadsafe(channel.abort)

    def _end(self, loop: AbstractEventLoop, origin: Origin) -> None:
        """Closes the connections of a loop that ends."""
        for channel in self._idle.pop((loop, origin), ()):
            channel.abort()

    def _idle_channel(self, loop: AbstractEventLoop, origin: Origin) -> Channel | None:
        idle = self._idle.get((loop, origin))
        while idle:
            channel = idle.pop()
            if channel.is_silent:
                return channel
            channel.abort()
        return None

    def _keep(self, loop: AbstractEventLoop, origin: Origin, channel: Channel) -> None:
        idle = self._idle.get((loop, origin))
        if idle is None:
            idle = self._idle[loop, origin] = []
            at_end(loop, partial(self._end, loop, origin))
        if channel.is_ending:
            return
        if len(idle) < self._pool_size:
            idle.append(channel)
        # Asked last: the thread that closes the session may not have seen this connection.
        if self._is_closed or idle[-1] is not channel:
            channel.abort()
