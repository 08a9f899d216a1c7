"""Brings a database to the schema of this trueup, or says why it cannot be used.

A new one begins with the tables of today: what SQLite's older migrations did was never needed here.
From there on both go through the same migrations. Views and triggers are made anew wherever they
are not those of this trueup; a comment on the table of revisions says which ones a database has.
"""

from collections.abc import Iterator

from ...domain.model.errors import SchemaMismatch, StoreError
from ..shared.generated.revisions import REVISIONS
from .access.address import Address
from .access.connections import connected
from .access.errors import store_errors
from .access.session import Raw
from .generated.schema import COLUMNS, INDEXES, STATEMENTS
from .view_definitions import renew_views, views_agree

_TABLES = b"""
SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"""
_SHAPE = b"""
SELECT c.relname, a.attname,
       format_type(a.atttypid, NULL) || CASE WHEN a.attnotnull THEN '!' ELSE '' END
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND a.attnum > 0
  AND NOT a.attisdropped"""
_INDEXES = b"SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
_STAMP = b"INSERT INTO alembic_version VALUES (%s)"


def prepare(address: Address, revisions: tuple[str, ...] = REVISIONS) -> None:
    """Makes or upgrades the database, each in one transaction; the caller owns it.

    Raises:
        SchemaMismatch: a newer trueup wrote it, or its tables are not those of its revision;
            nothing was changed.
        StoreError: it is of something else, or cannot be read or written.
    """
    with store_errors(address.name):
        raw = connected(address)
        try:
            found = _revision(address, raw, revisions)
            if found is None:
                _create(raw)
            elif found != revisions[-1]:
                _upgrade(address)
                _check_shape(address, raw)
            else:
                _check_shape(address, raw)
                if not views_agree(raw):
                    with raw.transaction():
                        renew_views(raw)
        finally:
            raw.close()


def check(address: Address) -> None:
    """Checks that the database can be read as it is.

    Raises:
        SchemaMismatch: another trueup wrote it.
        StoreError: there is none, or it is not trueup's.
    """
    with store_errors(address.name):
        raw = connected(address)
        try:
            found = _revision(address, raw, REVISIONS)
            if found is None:
                raise StoreError(f"{address.name} is empty yet: the engine fills it when it starts")
            if found != REVISIONS[-1]:
                raise SchemaMismatch(
                    f"{address.name} has the schema {found} of an older trueup: start the engine "
                    "once to upgrade it"
                )
            _check_shape(address, raw)
        finally:
            raw.close()


def _revision(address: Address, raw: Raw, revisions: tuple[str, ...]) -> str | None:
    """The database's revision; None if it has no tables at all."""
    tables = {name for (name,) in raw.execute(_TABLES).fetchall()}
    if not tables:
        return None
    if not {"alembic_version", "monitor"} <= tables:
        raise StoreError(
            f"{address.name} is a database of something else: trueup needs one, or a schema, of "
            "its own"
        )
    found = raw.execute(b"SELECT version_num FROM alembic_version").fetchall()
    revision = ", ".join(str(version) for (version,) in found)
    if revision not in revisions:
        raise SchemaMismatch(
            f"{address.name} has the schema {revision or 'of an unfinished upgrade'}, which this "
            f"trueup does not know (its own is {revisions[-1]}): use the newer trueup that wrote "
            "it, or another database"
        )
    return revision


def _check_shape(address: Address, raw: Raw) -> None:
    """Checks that the tables are those of this trueup, whatever else the database has.

    Raises:
        SchemaMismatch: they are not.
    """
    wrong = next(_differences(raw), None)
    if wrong is not None:
        raise SchemaMismatch(
            f"the tables of {address.name} are not those of the schema {REVISIONS[-1]} ({wrong}): "
            "somebody has changed them by hand; restore a dump, or use another database"
        )


def _differences(raw: Raw) -> Iterator[str]:
    found = {(table, column): kind for table, column, kind in raw.execute(_SHAPE).fetchall()}
    for table, text in COLUMNS.items():
        wanted = dict(word.split(":") for word in text.split())
        for column, kind in wanted.items():
            if found.get((table, column)) != kind:
                yield f"{table}.{column} is {found.get((table, column), 'missing')}"
        yield from (
            f"{table}.{column} is not ours"
            for of, column in found
            if of == table and column not in wanted
        )
    indexes = {name for (name,) in raw.execute(_INDEXES).fetchall()}
    yield from (f"the index {name} is missing" for name in INDEXES.split() if name not in indexes)


def _create(raw: Raw) -> None:
    with raw.transaction():
        for statement in STATEMENTS:
            raw.execute(statement.encode(), prepare=False)
        raw.execute(_STAMP, (REVISIONS[-1],))
        renew_views(raw)


def _upgrade(address: Address) -> None:
    from .migrating import migrate  # noqa: PLC0415 - slow to import, and seldom needed

    migrate(address)
