"""One writer per database: an advisory lock beside the file, gone with the process that held it."""

import os
from pathlib import Path
from time import sleep

from ....domain.model.errors import StoreLocked
from ...shared.forked import gives_up_in_children

try:
    import fcntl
except ModuleNotFoundError:  # pragma: no cover - Windows
    raise ImportError(
        "trueup keeps its database on Linux and macOS alone: on Windows run it in WSL 2 or in a "
        "container; trueup.simulator needs none"
    ) from None

_TRIES, _BETWEEN_SECONDS = 3, 0.02


def owner_of(database: Path) -> int | None:
    """The process that took the lock last, which may be gone; takes nothing itself."""
    try:
        text = _lock_path(database).read_text(errors="replace").strip()
    except OSError:
        return None
    return int(text) if text.isdecimal() and int(text) else None


def is_held(database: Path) -> bool:
    """Whether somebody holds the lock now: an engine, or a command that writes as one.

    A shared lock tells for a moment: whoever wants the exclusive one meanwhile tries again.
    """
    try:
        file = os.open(_lock_path(database), os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


def _lock_path(database: Path) -> Path:
    return database.with_name(database.name + ".lock")


class FileLock:
    """The exclusive lock of a database, held from construction to :meth:`release`.

    The lock file stays on disk and holds the owner's process id. Whoever removes it would let two
    owners lock two files of one name: :meth:`keep` notices.

    Args:
        database: the database's file; the lock is the file beside it, ``<name>.lock``.

    Raises:
        StoreLocked: somebody else holds it.
        OSError: the lock file cannot be made.
    """

    def __init__(self, database: Path) -> None:
        self._database, path = database, _lock_path(database)
        self._file: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(self._file)
        except BlockingIOError:
            owner = os.read(self._file, 32).decode(errors="replace").strip()
            self.release()
            raise StoreLocked(
                f"{database} is in use by another trueup (process {owner or 'unknown'}): stop it "
                "first, or give this one a database of its own; status and history can be read "
                "while it runs"
            ) from None
        except OSError:
            self.release()
            raise
        os.ftruncate(self._file, 0)
        os.write(self._file, f"{os.getpid()}\n".encode())
        gives_up_in_children(self)

    def keep(self) -> None:
        """Takes the lock anew where somebody has removed its file.

        Raises:
            StoreLocked: somebody else has it since: another trueup was started.
        """
        if self._file is None or _is_named(self._file, _lock_path(self._database)):
            return
        again = FileLock(self._database)
        self.release()
        self._file, again._file = again._file, None

    def give_up(self) -> None:
        """In a forked process: the lock stays the parent's, and ends with it."""
        self.release()

    def release(self) -> None:
        """Releases the lock; a second call does nothing."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _is_named(file: int, path: Path) -> bool:
    """Whether the file that is open is the one of that name."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _lock(file: int) -> None:
    """Takes the exclusive lock; tries again where somebody only asks whether it is held.

    Raises:
        BlockingIOError: somebody holds it.
    """
    for again in range(_TRIES, -1, -1):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not again:
                raise
            sleep(_BETWEEN_SECONDS)
        else:
            return
