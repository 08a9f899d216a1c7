"""What tables, columns and indexes a database has, as one short text that can be compared.

Views and triggers are left out: they are recreated wherever they differ. The sequence of columns
is left out too, as statements name them.
"""

from hashlib import blake2b
from sqlite3 import Connection

_TABLES = (
    "SELECT name, sql FROM sqlite_master "
    "WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
)
_COLUMNS = 'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?)'
_REFERENCES = 'SELECT "from", "table", "to" FROM pragma_foreign_key_list(?)'
_UNIQUE = """
SELECT (SELECT group_concat(name) FROM pragma_index_info(i.name))
FROM pragma_index_list(?) AS i WHERE i.origin = 'u'"""
_INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"


def shape_of(connection: Connection) -> frozenset[str]:
    """A line for each table, column, reference and index."""
    lines: set[str] = set()
    for table, sql in connection.execute(_TABLES).fetchall():
        numbered = " numbers its rows once" if "AUTOINCREMENT" in sql.upper() else ""
        lines.add(f"table {table}{numbered}")
        for name, *about in connection.execute(_COLUMNS, (table,)):
            lines.add(f"column {table}.{name}: {' '.join(map(str, about))}")
        for own, other, theirs in connection.execute(_REFERENCES, (table,)):
            lines.add(f"reference {table}.{own} to {other}.{theirs}")
        for (names,) in connection.execute(_UNIQUE, (table,)):
            lines.add(f"unique {table}: {names}")
    for name, sql in connection.execute(_INDEXES):
        lines.add(f"index {name}: {' '.join(sql.split())}")
    return frozenset(lines)


def fingerprint(shape: frozenset[str]) -> str:
    """The lines as one short text."""
    return blake2b("\n".join(sorted(shape)).encode(), digest_size=8).hexdigest()


def differences(found: frozenset[str], expected: frozenset[str]) -> str:
    """What is missing and what is too much, in words: the names alone."""
    missing = sorted(line.partition(":")[0] for line in expected - found)
    more = sorted(line.partition(":")[0] for line in found - expected)
    parts = [f"it lacks {', '.join(missing)}"] if missing else []
    return "; ".join([*parts, *([f"it has {', '.join(more)}"] if more else [])])
