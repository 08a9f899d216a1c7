"""Where a service listens, and who may ask it there."""

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Self

from ..domain.model.errors import ConfigurationError

LEAST_TOKEN = 16
"""A token has so many characters at least: nobody tries out all of them."""
_MOST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Address:
    """A port on loopback.

    Attributes:
        host: ``127.0.0.1``, another address of its network, or ``::1``.
        port: 0 for any free one.
    """

    host: str
    port: int

    @classmethod
    def of(cls, text: str) -> Self:
        """The address of a text, such as ``127.0.0.1:8710``, ``localhost:8710`` or ``[::1]:8710``.

        Raises:
            ConfigurationError: it is none, or not on loopback.
        """
        host, _, port = text.rpartition(":")
        host = "127.0.0.1" if host == "localhost" else host.removeprefix("[").removesuffix("]")
        try:
            is_loopback = ip_address(host).is_loopback
            number = int(port) if port.isdecimal() else -1
        except ValueError:
            is_loopback, number = False, -1
        if not is_loopback or not 0 <= number <= _MOST_PORT:
            raise ConfigurationError(
                f"{text!r} is no address on loopback: it must be such as 127.0.0.1:8710. Nothing "
                "else is listened to: for another machine, lead an SSH tunnel here"
            )
        return cls(host, number)

    def __str__(self) -> str:
        """``127.0.0.1:8710``, ``[::1]:8710``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """Where a service listens.

    Attributes:
        socket: the path of its Unix socket; None for none.
        listen: a port on loopback beside it; None for none.
        token: what a request on loopback has to carry.

    Raises:
        ConfigurationError: a port without a token that is long enough.
    """

    socket: Path | None = None
    listen: Address | None = None
    token: str = ""

    def __post_init__(self) -> None:
        if self.listen is not None:
            check_token(self.token)


def check_token(token: str) -> None:
    """Checks that a token is one that a header can carry and nobody guesses.

    Raises:
        ConfigurationError: it is not.
    """
    if len(token) < LEAST_TOKEN or not (token.isascii() and token.isprintable()) or " " in token:
        raise ConfigurationError(
            f"the token must have at least {LEAST_TOKEN} characters, all of them ASCII and none a "
            "space: such as the output of `openssl rand -hex 32`"
        )


def socket_beside(database: Path) -> Path:
    """The socket of the service that runs on a database: ``trueup.db.sock`` of ``trueup.db``."""
    return database.with_name(f"{database.name}.sock")
