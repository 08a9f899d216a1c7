"""``trueup demo``: a typical repair, live, against a simulated exchange on this machine."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from ...domain.model.errors import ConfigurationError
from ...storage.sqlite import FileLock, database_path

DATABASE = Path("trueup-demo.db")


def demo(
    database: Annotated[
        Path | None,
        typer.Option(
            "--db",
            metavar="FILE",
            help="A new file for the demo's database.  "
            f"[default: {DATABASE}, replaced if it exists]",
        ),
    ] = None,
    *,
    fast: Annotated[
        bool,
        typer.Option(
            "--fast", help="Do not pause for readers, as where the output is no terminal."
        ),
    ] = False,
) -> None:
    """Show a ladder brought back to its position.

    It also shows what goes wrong on the way: stale orders, a wiped record, 110072, 110001. It needs
    no account and no network: it serves a simulated exchange on 127.0.0.1 and talks to it through
    the real pybit. The database stays for you to inspect.
    """
    from .story import play  # noqa: PLC0415 - the help needs none of this

    if database is None:
        _remove_last_demo()
    else:
        _check_new(database)
    play(database or DATABASE, pause=sys.stdout.isatty() and not fast)


def _files(database: Path) -> tuple[Path, ...]:
    return (database, Path(f"{database}-wal"), Path(f"{database}-shm"))


def _check_new(database: Path) -> None:
    for path in _files(database):
        if path.is_dir():
            raise ConfigurationError(f"--db: {path} is a folder: name a new file")
        if os.path.lexists(path):
            raise ConfigurationError(f"--db: {path} exists already: name a new file")


def _remove_last_demo() -> None:
    """Removes the database that the last demo left, under its lock: it may still be running.

    Raises:
        ConfigurationError: a folder has the database's name.
        StoreLocked: a running trueup uses the database.
    """
    if DATABASE.is_dir():
        raise ConfigurationError(f"{DATABASE.resolve()} is a folder: name a new file with --db")
    lock = FileLock(database_path(f"sqlite:///{DATABASE}"))
    try:
        for leftover in _files(DATABASE):
            leftover.unlink(missing_ok=True)
    finally:
        lock.release()
