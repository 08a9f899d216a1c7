"""The socket below a stream, with a time limit on every step of the connection.

websocket-client connects without a limit: a host that swallows packets, or answers half a
handshake, would hold the thread forever. So the connection is made here and handed to it.
"""

import socket
import ssl
from functools import cache
from urllib.parse import urlsplit

_PORTS = {"ws": 80, "wss": 443}


def dial(url: str, timeout: float) -> socket.socket:
    """Connects to the URL's host, encrypted for ``wss``.

    Raises:
        OSError: a step failed, or took longer than ``timeout`` seconds.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    raw = socket.create_connection((host, parts.port or _PORTS[parts.scheme]), timeout)
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if parts.scheme != "wss":
        return raw
    try:
        return _trust().wrap_socket(raw, server_hostname=host)
    except BaseException:
        raw.close()
        raise


def hang_up(wire: socket.socket) -> None:
    """Ends the connection while another thread reads from it; returns at once.

    It shuts the plain socket down: the encrypted socket's own shutdown would take away state that
    the reading thread still uses.
    """
    try:
        socket.socket.shutdown(wire, socket.SHUT_RDWR)
    except OSError:
        return


@cache
def _trust() -> ssl.SSLContext:
    """One context for the process: each would hold the certificates of all authorities."""
    return ssl.create_default_context()
