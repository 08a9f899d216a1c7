"""Opens a connection, through a proxy if there is one; whatever fails here, nothing was sent."""

import asyncio
import re
import ssl
from asyncio import AbstractEventLoop
from typing import cast

from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import ConnectTimeout, ProxyError, SSLError

from .channel import Channel
from .lean_request import Origin
from .surroundings import Proxy, tls_context

_NEXT_ADDRESS_S = 0.25
_LONGEST_HEAD = 1 << 16
_AGREES = re.compile(rb"HTTP/1\.\d 2\d\d\b")


class NothingSent(Exception):  # noqa: N818 - a fact, inside the error that says what went wrong
    """No byte of the request has left."""


async def open_channel(
    origin: Origin, proxy: Proxy | None, ca_bundle: str, patience_s: float
) -> Channel:
    """A connection to the server, its certificate checked.

    Raises:
        ConnectTimeout: it was not ready in time: the name's address, TLS and proxy included.
        SSLError: TLS refused it.
        ProxyError: the proxy refused it.
        ConnectionError: of requests; any other reason.
    """
    loop = asyncio.get_running_loop()
    try:
        context = tls_context(ca_bundle) if origin.is_https else None
        async with asyncio.timeout(patience_s):
            if proxy is not None and context is not None:
                channel = await _through(loop, proxy, origin, context)
            else:
                _, channel = await loop.create_connection(
                    lambda: Channel(loop),
                    proxy.host if proxy else origin.host,
                    proxy.port if proxy else origin.port,
                    ssl=context,
                    happy_eyeballs_delay=_NEXT_ADDRESS_S,
                )
    except TimeoutError as error:
        raise ConnectTimeout(NothingSent(type(error).__name__)) from None
    except ssl.SSLError as error:
        raise SSLError(NothingSent(type(error).__name__)) from None
    except ProxyError:
        raise
    except OSError as error:
        kind = RequestsConnectionError if proxy is None else ProxyError
        raise kind(NothingSent(type(error).__name__)) from None
    if channel.is_ending:
        raise RequestsConnectionError(NothingSent("closed"))
    return channel


async def _through(
    loop: AbstractEventLoop, proxy: Proxy, origin: Origin, context: ssl.SSLContext
) -> Channel:
    transport, tunnel = await loop.create_connection(
        lambda: _Tunnel(loop),
        proxy.host,
        proxy.port,
        happy_eyeballs_delay=_NEXT_ADDRESS_S,
    )
    try:
        place = origin.address
        ask = f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n{proxy.header}\r\n"
        transport.write(ask.encode("latin-1"))
        await tunnel.is_through
        channel = Channel(loop)
        secured = await loop.start_tls(transport, channel, context, server_hostname=origin.host)
        channel.connection_made(cast("asyncio.Transport", secured))
    except BaseException:
        transport.abort()
        raise
    return channel


class _Tunnel(asyncio.Protocol):
    """Waits for what the proxy says."""

    def __init__(self, loop: AbstractEventLoop) -> None:
        self._head = b""
        self.is_through: asyncio.Future[None] = loop.create_future()

    def data_received(self, data: bytes) -> None:
        """Reads the head of the answer, after which nobody speaks before we do."""
        self._head += data
        if b"\r\n\r\n" in self._head or len(self._head) > _LONGEST_HEAD:
            self._end(_AGREES.match(self._head))

    def connection_lost(self, error: Exception | None) -> None:
        """The proxy hung up."""
        self._end(None, error)

    def _end(self, agreed: object, error: Exception | None = None) -> None:
        if self.is_through.done():
            return
        if agreed:
            self.is_through.set_result(None)
        else:
            self.is_through.set_exception(ProxyError(NothingSent(type(error).__name__)))
