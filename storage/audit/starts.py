"""The starts of the engine, with versions and settings."""

import json
from typing import Any

from ..shared.reader import SqlReader
from .rows import moment

_STARTS = """
SELECT started_at, stopped_at, trueup_version, schema_version, pybit_version, settings
FROM engine_start ORDER BY id DESC LIMIT :most"""


def engine_starts(reader: SqlReader, most: int) -> list[dict[str, Any]]:
    """The last starts, newest first; no setting of them is a secret.

    Raises:
        StoreError: the database cannot be read.
    """
    with moment(reader) as now:
        found = now.select(_STARTS, most=most)
    return [{**row, "settings": json.loads(str(row["settings"]))} for row in found]
