"""A database of an older trueup, read without being touched."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ...domain.model.errors import SchemaMismatch
from ..opening import open_reader
from ..shared.reader import SqlReader
from ..sqlite import SqliteReader, database_path
from ..sqlite.access.connections import reading_connection, store_errors
from ..sqlite.schema import prepare


@contextmanager
def open_of_any_age(url: str) -> Iterator[SqlReader]:
    """Opens a database for reading; of one of an older schema, a temporary copy that is upgraded.

    Raises:
        SchemaMismatch: a newer trueup wrote it.
        StoreError: there is none, or it cannot be read.
    """
    try:
        reader = open_reader(url)
    except SchemaMismatch:
        with TemporaryDirectory(prefix="trueup-copy-") as folder:
            copy = Path(folder) / "copy.db"
            _copy_upgraded(database_path(url), copy)
            with SqliteReader(copy) as reader:
                yield reader
        return
    with reader:
        yield reader


def _copy_upgraded(path: Path, copy: Path) -> None:
    with (
        store_errors(path),
        closing(reading_connection(path)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
    prepare(copy)
