"""Whether the database's file is still the one that was opened, as it was left."""

from dataclasses import dataclass
from pathlib import Path

from ....domain.model.errors import StoreError, StoreUnavailable


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file as its folder has it.

    Attributes:
        name: what tells it from all others, whatever its name: device and number.
        state: when it was last written, and how long it is.
    """

    name: tuple[int, int]
    state: tuple[int, int]


class StillThere:
    """Notices a file that is deleted, moved, replaced or overwritten: SQLite goes on writing to it.

    What is committed then is in a file that nobody will ever open again, or in one that is of two
    databases. As a commit writes the log alone, the file itself changes only when the log is moved
    into it: who does that tells by :meth:`written`.

    Args:
        path: the database's file, which has just been opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = _seen(path)

    def check(self) -> None:
        """Returns if it is.

        Raises:
            StoreError: it is not.
            StoreUnavailable: the file system does not say.
        """
        found = _seen(self._path)
        if found == self._known:
            return
        if found is None or self._known is None or found.name != self._known.name:
            what = "was deleted, moved or replaced"
        else:
            what = "was overwritten by another program"
        raise StoreError(
            f"the database {self._path} {what} while trueup had it open: nothing more is recorded "
            "or sent; put it back, without the files -wal and -shm of the other, and start trueup "
            "again"
        )

    def written(self) -> None:
        """Notes that this process has just written the file itself."""
        found = _seen(self._path)
        if found is not None and self._known is not None and found.name == self._known.name:
            self._known = found


def _seen(path: Path) -> _Seen | None:
    """The file by that name; None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreUnavailable(f"the database {path} cannot be used: {error.strerror}") from error
    return _Seen((found.st_dev, found.st_ino), (found.st_mtime_ns, found.st_size))
