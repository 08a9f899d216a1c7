"""A bug report as one file: recorded runs, and what they ran in."""

import json
import platform
import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from ...domain.model.errors import ConfigurationError
from ...engine.replay.scrubbing import Scrubber
from ...storage import SqlReader
from ...storage.audit import engine_starts

_LINES = 2000
"""So many lines of the log are taken, from its end."""
_STARTS = 10
_PACKAGES = ("trueup", "pybit", "python-statemachine", "sqlmodel")


@dataclass(frozen=True, slots=True)
class Part:
    """A file in a bundle."""

    name: str
    text: str


def surroundings(reader: SqlReader, scrubber: Scrubber, log: Path | None) -> Iterator[Part]:
    """What the runs ran in, with other names and ids.

    Raises:
        ConfigurationError: the log cannot be read.
        StoreError: the database cannot be read.
    """
    yield Part("versions.json", _document(_versions()))
    starts = _document(engine_starts(reader, _STARTS))
    yield Part("starts.json", scrubber.text(starts))
    if log is not None:
        try:
            with log.open(encoding="utf-8", errors="replace") as lines:
                yield Part("log.txt", scrubber.text("".join(deque(lines, _LINES))))
        except OSError as error:
            raise ConfigurationError(f"the log cannot be read: {error}") from error


def write_bundle(path: Path, parts: Iterable[Part]) -> None:
    """Writes the parts into a zip file, which must not be there yet.

    Raises:
        ConfigurationError: it is there, or cannot be written.
    """
    taken = tuple(parts)
    try:
        with path.open("xb") as file, ZipFile(file, "w", ZIP_DEFLATED) as bundle:
            for part in taken:
                bundle.writestr(part.name, part.text)
    except FileExistsError:
        raise ConfigurationError(f"{path} is there already: name another file") from None
    except OSError as error:
        raise ConfigurationError(f"the bundle cannot be written: {error}") from error


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version(), "system": platform.platform()}
    found["sqlite"] = sqlite3.sqlite_version
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _document(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
