"""What the running store needs of the tables, as modules that need neither SQLModel nor SQLAlchemy.

They are checked in beside the code that runs them: :mod:`trueup.storage.shared.generated` and
:mod:`trueup.storage.sqlite.generated`.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import fill, indent
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import Boolean
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.types import TypeEngine

from trueup.storage.sql.column_types import ExactDecimal, Packed, Sealed, UtcInstant
from trueup.storage.sql.guards import guards
from trueup.storage.sql.statements import QUERIES, WRITES
from trueup.storage.sql.tables import metadata
from trueup.storage.sqlite.migrating import migrate
from trueup.storage.sqlite.migrations import OURS
from trueup.storage.sqlite.shape.fingerprint import fingerprint, shape_of

_DIALECT = sqlite.dialect(paramstyle="qmark")
_WIDTH, _SHORT = 96, 80
CLAUSE = re.compile(r" (FROM|JOIN|WHERE|ORDER BY|SET|VALUES|ON CONFLICT)(?= )")
_VERSIONS = """
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
"""


def statements() -> str:
    """The module of every statement that the store runs, but for those of people's controls."""
    return _module(lambda name: not _is_of_control(name))


def control_statements() -> str:
    """The module of the statements that controls, and commands to the service, need."""
    return _module(_is_of_control)


def _is_of_control(name: str) -> bool:
    return "COMMAND" in name or "CONTROL" in name or name == "ACKNOWLEDGE"


def _module(has: Callable[[str], bool]) -> str:
    return "\n".join(
        (
            '"""The statements of the store, made by `make docs`.',
            "",
            "To change one, change ``storage/sql/statements.py`` or the tables.",
            '"""',
            "",
            "from ..prepared import Prepared, Query",
            "",
            *_queries(has),
            *_writes(has),
            "",
        )
    )


def revisions() -> str:
    """The module that says which migrations there are."""
    return "\n".join(
        (
            '"""The migrations of the databases, made by `make docs`.',
            "",
            "To change the schema, change the tables and add a migration.",
            '"""',
            "",
            "REVISIONS = (",
            *(f"    {quoted(one)}," for one in _revisions()),
            ")",
            '"""The migrations, oldest first; the last one is the schema of a new database."""',
            "",
        )
    )


def _revisions() -> list[str]:
    scripts = ScriptDirectory(str(OURS.location))
    return [script.revision for script in scripts.walk_revisions()][::-1]


def schema() -> str:
    """The module of what makes a new database."""
    return "\n".join(
        (
            '"""What makes a new database, made by `make docs`.',
            "",
            "To change it, change the tables and add a migration.",
            '"""',
            "",
            "FINGERPRINTS = {",
            *(f"    {quoted(one)}: {quoted(made)}," for one, made in _fingerprints(_revisions())),
            "}",
            '"""Of each revision what its tables are, as :mod:`..shape.fingerprint` has it."""',
            "",
            "STATEMENTS = (",
            *(f'    """{sql}""",' for sql in _definitions()),
            ")",
            "",
        )
    )


def triggers() -> str:
    """The module of the triggers."""
    return "\n".join(
        (
            '"""The triggers that keep rows as they were written, made by `make docs`.',
            "",
            "To change one, change ``storage/sql/guards.py`` or the tables.",
            '"""',
            "",
            "GUARDS = {",
            *(f'    {quoted(name)}: """{sql}""",' for name, sql in _guards().items()),
            "}",
            '"""Each by its name."""',
            "",
        )
    )


def _queries(has: Callable[[str], bool]) -> Iterator[str]:
    for name, statement in QUERIES.items():
        if not has(name):
            continue
        compiled: Any = statement.compile(dialect=_DIALECT)
        columns = ((column.name, column.type) for column in statement.selected_columns)
        parameters = " ".join(compiled.positiontup)
        yield _call(f"{name} = Query", block(str(compiled)), quoted(parameters), _fields(columns))


def _writes(has: Callable[[str], bool]) -> Iterator[str]:
    for name, write in WRITES.items():
        if not has(name):
            continue
        compiled: Any = write.statement.compile(dialect=_DIALECT, column_keys=write.columns)
        parameters = ((each, compiled.binds[each].type) for each in compiled.positiontup)
        yield _call(f"{name} = Prepared", block(str(compiled)), _fields(parameters))


def _definitions() -> Iterator[str]:
    yield _VERSIONS.strip()
    for table in metadata.sorted_tables:
        yield laid_out(str(CreateTable(table).compile(dialect=_DIALECT)))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield CLAUSE.sub(r"\n\1", str(CreateIndex(index).compile(dialect=_DIALECT)))


def _guards() -> dict[str, str]:
    """The triggers, made from the tables."""
    return guards({name: tuple(one.c.keys()) for name, one in metadata.tables.items()})


def _fingerprints(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What each revision makes of an empty database."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "trueup.db"
        for revision in names:
            migrate(path, OURS, revision)
            with closing(sqlite3.connect(path)) as connection:
                yield revision, fingerprint(shape_of(connection))


def laid_out(sql: str) -> str:
    """A definition as people see it with ``.schema``."""
    return "\n".join(
        line.rstrip().expandtabs(4) for line in sql.strip().splitlines() if line.strip()
    )


def _call(of: str, *arguments: str) -> str:
    return "\n".join((f"{of}(", *(indent(f"{each},", "    ") for each in arguments), ")"))


def _fields(columns: Iterable[tuple[str, TypeEngine[Any]]]) -> str:
    """The names of columns, each with its kind where it has one."""
    return block(" ".join(f"{name}{_kind(column)}" for name, column in columns))


def _kind(column: TypeEngine[Any]) -> str:
    """As :data:`trueup.storage.sql.columns.KINDS` names it."""
    match column:
        case ExactDecimal():
            return ":decimal"
        case UtcInstant():
            return ":instant"
        case Boolean():
            return ":flag"
        case Packed():
            return ":packed"
        case Sealed():
            return ":sealed"
        case _:
            return ""


def block(text: str) -> str:
    """A literal of the text, on as many lines as it needs."""
    words = " ".join(text.split())
    if len(words) <= _SHORT:
        return quoted(words)
    clauses = CLAUSE.sub(r"\n\1", words).splitlines()
    return "\n".join(
        ('"""', *(fill(each, _WIDTH, break_on_hyphens=False) for each in clauses), '"""')
    )


def quoted(text: str) -> str:
    """A literal of the text, on one line."""
    return f'"{text}"'
