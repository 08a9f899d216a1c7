"""Which database a reading command means."""

from pathlib import Path

from ...domain.model.errors import ConfigurationError, StoreError
from ...storage import SqliteReader, open_reader
from ...storage.sqlite import database_path
from ..base.options import DEFAULT_CONFIG


def open_database(config: Path | None, url: str | None) -> SqliteReader:
    """Opens the database that --db names, or else the configuration; also beside an engine.

    Raises:
        ConfigurationError: both were named, or there is no database yet.
        StoreError: it cannot be read.
    """
    if config is not None and url is not None:
        raise ConfigurationError("--config and --db exclude each other: name one database")
    if url is None:
        from .loading import load  # noqa: PLC0415 - pydantic is slow to import, --db needs none

        url = load(config or DEFAULT_CONFIG).options.store.url
    check_there(url)
    return open_reader(url)


def check_there(url: str) -> None:
    """Checks that there is a database at the URL.

    Raises:
        ConfigurationError: there is none, the file is empty, or the URL names none.
    """
    try:
        path = database_path(url)
    except StoreError as error:
        raise ConfigurationError(f"--db: {error.message}") from None
    if not path.is_file():
        raise ConfigurationError(f"there is no database {path} yet: `trueup run` creates it")
    if not path.stat().st_size:
        raise ConfigurationError(f"the database {path} is empty: `trueup run` fills it")
