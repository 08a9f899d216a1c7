"""Triggers that keep rows as they were written: append-only, but for pruning.

They hold for every program that writes, ``sqlite3`` too. Like the views they are recreated wherever
a database has different ones, so that no migration meets them. `make docs` writes them into
:mod:`trueup.storage.sqlite.generated.guards`.

A row may leave only in the transaction of a pruning: the row ids that leave are a range in the
newest row that the table ``pruning`` has of that table, and no row of the range stays. So nothing
is left that a later deletion could go by.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_TAKEN = """EXISTS (
    SELECT 1 FROM {table} WHERE {same})"""
_PRUNED = """NOT EXISTS (
    SELECT 1 FROM (
        SELECT first_id, last_id FROM pruning
        WHERE from_table = '{table}' ORDER BY id DESC LIMIT 1)
    WHERE OLD.{number} BETWEEN first_id AND last_id)"""


@dataclass(frozen=True, slots=True)
class Guard:
    """What of a table stays as it was written.

    Attributes:
        number: the column that numbers its rows.
        changes: the columns that may change later.
        unique: other columns that tell its rows apart.
        is_pruned: whether a pruning may remove its rows.
    """

    number: str = "id"
    changes: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    is_pruned: bool = True


GUARDS: Mapping[str, Guard] = {
    "journal": Guard(),
    "phrase": Guard(unique=("state", "text"), is_pruned=False),
    "pruning": Guard(is_pruned=False),
    "alert": Guard(changes=("delivered_at", "attempts", "deliveries")),
    "control": Guard("number", changes=("ended_by", "acknowledged_at")),
    "command": Guard(changes=("answered_at", "answer"), unique=("command_id",)),
    "engine_start": Guard(changes=("stopped_at",)),
    "unwatched": Guard(changes=("until", "why")),
}
"""The tables whose rows stay as they were written."""


def guards(columns: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The statement that makes each trigger, by the trigger's name.

    Args:
        columns: those of each table.
    """
    return {
        (name := f"{table}_{when.lower()}"): (
            f"CREATE TRIGGER {name} BEFORE {when} ON {table}\n"
            f"{condition}BEGIN SELECT RAISE(ABORT, '{why}'); END"
        )
        for table, guard in GUARDS.items()
        for when, condition, why in _refused(table, guard, columns[table])
    }


def _refused(table: str, guard: Guard, columns: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """What is refused: a kind of write, on which condition, and what the refusal says."""
    changed = f"rows of {table} are never changed"
    yield "INSERT", _when(_TAKEN.format(table=table, same=_same(guard))), changed
    kept = [name for name in columns if name not in guard.changes]
    differs = _when("\n    OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in kept))
    yield "UPDATE", differs if guard.changes else "", changed
    removed = f"rows of {table} are never removed"
    if guard.is_pruned:
        pruned = _when(_PRUNED.format(table=table, number=guard.number))
        yield "DELETE", pruned, f"{removed}, but by trueup prune"
    else:
        yield "DELETE", "", removed


def _when(condition: str) -> str:
    return f"WHEN {condition}\n"


def _same(guard: Guard) -> str:
    """Whether a row is one that a new row would take the place of."""
    found = f"{guard.number} = NEW.{guard.number}"
    if guard.unique:
        found += f" OR ({' AND '.join(f'{name} = NEW.{name}' for name in guard.unique)})"
    return found
