"""What a new PostgreSQL database is made of, from the same tables as SQLite's."""

from collections.abc import Callable, Iterator
from textwrap import indent
from typing import Any

from sqlalchemy import Column, UniqueConstraint
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from trueup.storage.postgres.types import use_types
from trueup.storage.sql.tables import metadata

from .sql import CLAUSE, block, laid_out, quoted

_VERSIONS = """
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
"""


def postgres_schema() -> str:
    """The module of what makes a new database on PostgreSQL."""
    return "\n".join(
        (
            '"""What makes a new database, made by `make docs`.',
            "",
            "To change it, change the tables and add a migration.",
            '"""',
            "",
            "STATEMENTS = (",
            *(f'    """{sql}""",' for sql in _definitions()),
            ")",
            "",
            "COLUMNS = {",
            *_columns(),
            "}",
            '"""Of each table the types of its columns; ``!`` says that it may not be NULL."""',
            "",
            f"INDEXES = {block(' '.join(sorted(_indexes())))}",
            '"""The names of all indexes."""',
            "",
        )
    )


def _dialect() -> Any:  # noqa: ANN401 - SQLAlchemy has no types for its dialects
    make: Callable[[], Any] = postgresql.dialect
    made = make()
    use_types(made)
    return made


def _definitions() -> Iterator[str]:
    dialect = _dialect()
    yield _VERSIONS.strip()
    for table in metadata.sorted_tables:
        yield laid_out(str(CreateTable(table).compile(dialect=dialect)))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield CLAUSE.sub(r"\n\1", str(CreateIndex(index).compile(dialect=dialect)))


def _columns() -> Iterator[str]:
    dialect = _dialect()
    for table in metadata.sorted_tables:
        words = " ".join(f"{each.name}:{_kind(each, dialect)}" for each in table.c)
        yield indent(f"{quoted(table.name)}: {block(words)},", "    ")


def _kind(column: Column[Any], dialect: Any) -> str:  # noqa: ANN401 - SQLAlchemy has no types for it
    kind = column.type.compile(dialect=dialect).partition(" ")[0].lower()
    return kind if column.nullable else f"{kind}!"


def _indexes() -> Iterator[str]:
    for table in metadata.sorted_tables:
        yield f"pk_{table.name}"
        yield from (str(index.name) for index in table.indexes)
        for constraint in table.constraints:
            if isinstance(constraint, UniqueConstraint):
                yield str(constraint.name)
