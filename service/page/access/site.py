"""Where the page is reached, and with which token: what a browser must say for it to answer."""

from collections.abc import Collection
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from ....domain.model.errors import ConfigurationError
from ...settings import Address, check_token

_MOST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Tls:
    """The files of a certificate and its key, as PEM."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Site:
    """The page as browsers reach it.

    Attributes:
        origins: its own, such as ``http://127.0.0.1:8711``; what a request names besides is
            refused.
        token: what a log-in has to give.
    """

    origins: frozenset[str]
    token: str = field(repr=False)

    def __post_init__(self) -> None:
        check_token(self.token)

    @classmethod
    def on_loopback(cls, address: Address, token: str) -> Self:
        """The page on a port of this machine's own loopback, without TLS.

        Raises:
            ConfigurationError: the token can be guessed.
        """
        return cls(
            frozenset(f"http://{name}" for name in _names(str(address), address.port)), token
        )

    @property
    def hosts(self) -> Collection[str]:
        """What a request may have as its ``Host``."""
        return {origin.partition("://")[2] for origin in self.origins}

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach it by TLS alone."""
        return all(origin.startswith("https://") for origin in self.origins)


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a page of its own listens.

    Attributes:
        host: an address of this machine.
        port: 0 for any free one.
        tls: its certificate; None without one.
        proxy: the origin under which a proxy serves it by TLS, such as
            ``https://trueup.example``; empty where browsers reach it themselves.

    Raises:
        ConfigurationError: beyond loopback and neither by TLS nor behind a proxy, or both.
    """

    host: str
    port: int
    tls: Tls | None = None
    proxy: str = ""

    def __post_init__(self) -> None:
        if self.tls is not None and self.proxy:
            raise ConfigurationError("either the page speaks TLS, or the proxy does: name one")
        if self.proxy:
            _check_origin(self.proxy)
        if not (ip_address(self.host).is_loopback or self.tls is not None or self.proxy):
            raise ConfigurationError(
                f"{self.host} can be reached from other machines, and the token would cross the "
                "network for all to read: give a certificate (--tls-certificate, --tls-key), or "
                "name the proxy that speaks TLS (--behind-proxy https://trueup.example)"
            )

    @classmethod
    def of(cls, text: str, tls: Tls | None = None, proxy: str = "") -> Self:
        """Where a text says, such as ``127.0.0.1:8711``, ``localhost:8711`` or ``[::1]:8711``.

        Raises:
            ConfigurationError: it is no address with a port, or one that may not be listened to.
        """
        host, _, port = text.rpartition(":")
        host = "127.0.0.1" if host == "localhost" else host.removeprefix("[").removesuffix("]")
        number = int(port) if port.isascii() and port.isdecimal() and len(port) < 6 else -1  # noqa: PLR2004 - longer than any
        try:
            ip_address(host)
        except ValueError:
            number = -1
        if not 0 <= number <= _MOST_PORT:
            raise ConfigurationError(f"{text!r} is no address and port, such as 127.0.0.1:8711")
        return cls(host, number, tls, proxy.rstrip("/"))

    def site(self, port: int, token: str) -> Site:
        """The page as browsers reach it there, once its port is known.

        Raises:
            ConfigurationError: the token can be guessed.
        """
        if self.proxy:
            return Site(frozenset((self.proxy,)), token)
        address = f"[{self.host}]:{port}" if ":" in self.host else f"{self.host}:{port}"
        scheme = "http" if self.tls is None else "https"
        is_loopback = ip_address(self.host).is_loopback
        names = _names(address, port) if is_loopback else (address,)
        return Site(frozenset(f"{scheme}://{name}" for name in names), token)


def _names(address: str, port: int) -> tuple[str, str]:
    return address, f"localhost:{port}"


def _check_origin(proxy: str) -> None:
    parts = urlsplit(proxy)
    if parts.scheme != "https" or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ConfigurationError(
            f"{proxy!r} is no place that a proxy serves by TLS, such as https://trueup.example"
        )
