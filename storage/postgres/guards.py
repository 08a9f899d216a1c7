"""Triggers that keep rows as they were written, as :mod:`trueup.storage.sql.guards` asks for.

Every program that writes meets them. PostgreSQL has no insert that replaces a row, so none is
refused; a table that is emptied as a whole is one more way to remove rows.
"""

from collections.abc import Iterator

from ..sql.guards import GUARDS, Guard
from .generated.schema import COLUMNS

_PREFIX = "trueup_guard"
_REFUSE = f"""
CREATE OR REPLACE FUNCTION {_PREFIX}_refuse() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $body$"""
_PRUNED = """
CREATE OR REPLACE FUNCTION {prefix}_{table}() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM (
            SELECT first_id, last_id FROM pruning
            WHERE from_table = '{table}' ORDER BY id DESC LIMIT 1) AS newest
        WHERE OLD.{number} BETWEEN first_id AND last_id)
    THEN
        RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $body$"""


def guards() -> Iterator[str]:
    """What makes every trigger anew, with the functions that they call."""
    yield _REFUSE
    for table, guard in GUARDS.items():
        yield from _of_table(table, guard)


def _of_table(table: str, guard: Guard) -> Iterator[str]:
    changed, removed = f"rows of {table} are never changed", f"rows of {table} are never removed"
    kept = [name for name in _columns(table) if name not in guard.changes]
    differs = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in kept)
    when = f"WHEN ({differs}) " if guard.changes else ""
    yield _trigger(table, "UPDATE", f"FOR EACH ROW {when}", "refuse", changed)
    yield _trigger(table, "TRUNCATE", "FOR EACH STATEMENT ", "refuse", removed)
    if not guard.is_pruned:
        yield _trigger(table, "DELETE", "FOR EACH ROW ", "refuse", removed)
        return
    yield _PRUNED.format(prefix=_PREFIX, table=table, number=guard.number)
    yield _trigger(table, "DELETE", "FOR EACH ROW ", table, f"{removed}, but by trueup prune")


def _trigger(table: str, when: str, each: str, function: str, why: str) -> str:
    return (
        f"CREATE OR REPLACE TRIGGER {table}_{when.lower()} BEFORE {when} ON {table} "
        f"{each}EXECUTE FUNCTION {_PREFIX}_{function}('{why}')"
    )


def _columns(table: str) -> list[str]:
    return [column.partition(":")[0] for column in COLUMNS[table].split()]
