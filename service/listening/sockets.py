"""The sockets that a service listens on: its owner's, and a port of this machine's own."""

import os
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ...domain.model.errors import TrueupError
from ..settings import Address

LONGEST_PATH = 107
"""So many bytes the path of a Unix socket may have: the kernel's limit."""
_OWNER_ONLY = 0o600
_SECONDS = 1.0


class CannotListen(TrueupError):  # noqa: N818 - says the state of the service
    """A socket of the service could not be opened; the engine runs without it."""


@contextmanager
def unix_socket(path: Path) -> Iterator[socket.socket]:
    """A Unix socket that only its owner can connect to, and that listens; its file goes with it.

    What an engine that was killed left behind is replaced.

    Raises:
        CannotListen: the path is too long, another service listens there, something else than a
            socket is there, everybody may rename what is in the folder, or the system refuses.
    """
    if len(os.fsencode(path)) > LONGEST_PATH:
        raise CannotListen(
            f"the path of the socket is longer than {LONGEST_PATH} bytes, which the system does "
            f"not allow: name a shorter one as [service] socket: {path}"
        )
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with _refused_for(path):
            _make_room(path)
            listener.bind(os.fspath(path))
            # Before it listens: until then every connection is refused.
            path.chmod(_OWNER_ONLY)
            made = path.stat().st_ino
            listener.listen()
        yield listener
        with suppress(OSError):
            if path.lstat().st_ino == made:
                path.unlink()
    finally:
        listener.close()


@contextmanager
def loopback_socket(address: Address) -> Iterator[socket.socket]:
    """A port on loopback that listens.

    Raises:
        CannotListen: somebody else has the port, or the system refuses.
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        with _refused_for(address):
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address.host, address.port))
            listener.listen()
        yield listener
    finally:
        listener.close()


@contextmanager
def _refused_for(where: Path | Address) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotListen(f"{where} cannot be listened to: {error.strerror or error}") from None


def _make_room(path: Path) -> None:
    """Removes a socket that nobody listens to any more.

    Raises:
        CannotListen: there is something else, or the folder is everybody's.
    """
    folder = path.parent.stat().st_mode
    if folder & stat.S_IWOTH and not folder & stat.S_ISVTX:
        raise CannotListen(
            f"everybody may write into {path.parent}, and could put a socket of his own there: "
            "take that right away, or name another [service] socket"
        )
    try:
        found = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(found):
        raise CannotListen(f"{path} is not a socket: name another one as [service] socket")
    if _answers(path):
        raise CannotListen(f"another service listens to {path}: give each a socket of its own")
    path.unlink()


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.settimeout(_SECONDS)
        try:
            asking.connect(os.fspath(path))
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        except OSError:
            return True
        return True
