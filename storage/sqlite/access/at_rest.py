"""A database in a folder that this user may not write, as a copy on a read-only disk is."""

import os
from pathlib import Path

from ....domain.model.errors import StoreError


def is_at_rest(path: Path) -> bool:
    """Whether the file is the whole database, and nobody can write a log beside it.

    SQLite makes two files beside a database that it opens, for reading too, unless they are there:
    the log ``-wal`` and its index ``-shm``. Where it may not, a file without a log can be read as
    one that nobody changes.

    Raises:
        StoreError: the log of an engine that did not end well is there, and cannot be read without
            an index.
    """
    if os.access(path.parent, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        return False
    log, index = (path.with_name(path.name + end) for end in ("-wal", "-shm"))
    if index.exists():
        return False
    if log.exists() and log.stat().st_size:
        raise StoreError(
            f"{path} is in a folder that you may not write, and its log {log.name} holds what is "
            "not in the file yet: copy both into a folder of your own and name that copy, or give "
            "the command as a user who may write there"
        )
    return True
