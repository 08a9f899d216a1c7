"""Whether the database's file is still the one that was opened."""

from pathlib import Path

from ....domain.model.errors import StoreError, StoreUnavailable


class StillThere:
    """Notices a file that is deleted, moved or replaced: SQLite itself goes on writing to it.

    What is committed then is in a file that nobody will ever open again.

    Args:
        path: the database's file, which has just been opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened = _identity(path)

    def check(self) -> None:
        """Returns if it is.

        Raises:
            StoreError: it is not.
            StoreUnavailable: the file system does not say.
        """
        if _identity(self._path) != self._opened:
            raise StoreError(
                f"the database {self._path} was deleted, moved or replaced while trueup had it "
                "open: nothing more is recorded or sent; put it back and start trueup again"
            )


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from all others, whatever its name; None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreUnavailable(f"the database {path} cannot be used: {error.strerror}") from error
    return found.st_dev, found.st_ino
