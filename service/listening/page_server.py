"""The page by itself: `trueup serve` listens where it is told to, and runs no engine."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from ...domain.model.errors import ConfigurationError
from ..page.access.site import Listening, Tls
from ..page.application import build_page
from ..page.source import Database
from .thread import Face, ServingThread


@contextmanager
def page_served(
    url: str, listening: Listening, token: str, say: Callable[[str], object]
) -> Iterator[str]:
    """Serves the page of a database until the context ends; gives the address for browsers.

    Args:
        url: the database's.
        listening: where to listen.
        token: what a log-in has to give.
        say: called with the reason, where it ends by itself.

    Raises:
        ConfigurationError: the port is another one's, or the token or the certificate is no good.
        StoreError: the database cannot be read.
    """
    family = socket.AF_INET6 if ":" in listening.host else socket.AF_INET
    with (
        closing(Database(url)) as source,
        socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener,
    ):
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((listening.host, listening.port))
            listener.listen()
        except OSError as error:
            where = f"{listening.host} port {listening.port}"
            raise ConfigurationError(
                f"{where} cannot be listened to: {error.strerror or error}"
            ) from None
        site = listening.site(listener.getsockname()[1], token)
        tls = _checked(listening.tls)
        files = None if tls is None else (tls.certificate, tls.key)
        thread = ServingThread((Face(listener, build_page(source, site), files),), say)
        with closing(thread):
            yield min(site.origins)


def _checked(tls: Tls | None) -> Tls | None:
    """The same certificate, once it is known that it can be used.

    Raises:
        ConfigurationError: it cannot.
    """
    if tls is None:
        return None
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tls.certificate, tls.key)
    except OSError as error:  # ssl.SSLError is one
        raise ConfigurationError(
            f"the certificate {tls.certificate} with the key {tls.key} cannot be used: "
            f"{error.strerror or error}"
        ) from None
    return tls
