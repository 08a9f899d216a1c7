"""Which database a command means that works beside an engine."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...domain.model.errors import ConfigurationError, StoreError
from ...storage import SqlReader, open_reader
from ...storage.beside import named_server
from ...storage.sqlite import database_path, is_held, owner_of
from ..base.options import DEFAULT_CONFIG

if TYPE_CHECKING:
    from .loading import Loaded


@dataclass(frozen=True, slots=True)
class NamedDatabase:
    """A database, and the configuration that names it.

    Attributes:
        url: of the database.
        loaded: the configuration; None where the database was named by itself.
    """

    url: str
    loaded: "Loaded | None"


def named_database(config: Path | None, url: str | None) -> NamedDatabase:
    """The database that --db names, or else the configuration.

    Raises:
        ConfigurationError: both were named.
        StoreError: there is no database.
    """
    if config is not None and url is not None:
        raise ConfigurationError("--config and --db exclude each other: name one database")
    loaded = None
    if url is None:
        from .loading import load  # noqa: PLC0415 - pydantic is slow to import, --db needs none

        loaded = load(config or DEFAULT_CONFIG)
        url = loaded.options.store.url
    check_there(url)
    return NamedDatabase(url, loaded)


def open_database(config: Path | None, url: str | None) -> SqlReader:
    """Opens the database that --db names, or else the configuration; also beside an engine.

    Raises:
        ConfigurationError: both were named.
        StoreError: there is no database, or it cannot be read.
    """
    return open_reader(named_database(config, url).url)


def file_of(url: str, instead: str) -> Path:
    """The database's file, for a command that works on the file itself.

    Args:
        url: the database's.
        instead: what to do where it is on a server.

    Raises:
        ConfigurationError: it is on a server.
        StoreError: the URL names no file.
    """
    server = named_server(url)
    if server is not None:
        raise ConfigurationError(f"{server} is a database on a server: {instead}")
    return database_path(url)


def socket_place(url: str, loaded: "Loaded | None") -> Path | None:
    """What the socket of the engine stands beside by default: the file, or the configuration.

    Returns:
        None where the database is on a server, and no configuration is named.

    Raises:
        StoreError: the URL names no database.
    """
    if named_server(url) is None:
        return database_path(url)
    return None if loaded is None else loaded.path.resolve()


def check_there(url: str) -> None:
    """Checks that there is a database at the URL.

    Raises:
        ConfigurationError: the URL names none.
        StoreError: there is none, it is gone from under an engine, or the file is empty.
    """
    try:
        if named_server(url) is not None:
            return
        path = database_path(url)
    except StoreError as error:
        raise ConfigurationError(f"--db: {error.message}") from None
    if not path.is_file() and is_held(path):
        raise StoreError(
            f"the database {path} was deleted or moved while trueup (process "
            f"{owner_of(path) or 'unknown'}) has it open: it records and sends nothing more, and "
            "what rests on the exchange stays as it is. Put the file back, or the newest copy that "
            "`trueup backup` made of it, and start trueup again"
        )
    if not path.is_file():
        raise StoreError(f"there is no database {path}: `trueup run` creates it")
    if not path.stat().st_size:
        raise StoreError(f"the database {path} is empty: `trueup run` fills it")
