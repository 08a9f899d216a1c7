"""The statements of the store, made by `make docs`.

To change one, change ``storage/sql/statements.py`` or the tables.
"""

from ..prepared import Prepared, Query

COMMAND = Query(
    """
    SELECT command.id, command.command_id, command.kind, command.account, command.symbol,
    command.side, command.asked_at, command.asked_by, command.reason, command.arguments,
    command.changes, command.answered_at, command.answer
    FROM command
    WHERE command.command_id = ?
    """,
    "asked_id",
    """
    id command_id kind account symbol side asked_at:instant asked_by reason arguments:packed
    changes:packed answered_at:instant answer:packed
    """,
)
INSERT_COMMAND = Prepared(
    """
    INSERT INTO command (command_id, kind, account, symbol, side, asked_at, asked_by, reason,
    arguments, changes, answered_at, answer)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """,
    """
    command_id kind account symbol side asked_at:instant asked_by reason arguments:packed
    changes:packed answered_at:instant answer:packed
    """,
)
ANSWER_COMMAND = Prepared(
    "UPDATE command SET answered_at=?, answer=? WHERE command.command_id = ?",
    "answered_at:instant answer:packed asked_id",
)
