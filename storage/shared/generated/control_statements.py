"""The statements of the store, made by `make docs`.

To change one, change ``storage/sql/statements.py`` or the tables.
"""

from ..prepared import Prepared, Query

CONTROLS = Query(
    """
    SELECT control.number, control.kind, control.account, control.symbol, control.side,
    control.asked_at, control.asked_by, control.reason, control.ended_by, control.acknowledged_at,
    control.share, control.cycle
    FROM control
    WHERE (ended_by IS NULL AND kind IN ('pause', 'halt')) OR acknowledged_at IS NULL
    ORDER BY control.number
    """,
    "",
    """
    number kind account symbol side asked_at:instant asked_by reason ended_by
    acknowledged_at:instant share:decimal cycle
    """,
)
CONTROL = Query(
    """
    SELECT control.number, control.kind, control.account, control.symbol, control.side,
    control.asked_at, control.asked_by, control.reason, control.ended_by, control.acknowledged_at,
    control.share, control.cycle
    FROM control
    WHERE control.number = ?
    """,
    "control_number",
    """
    number kind account symbol side asked_at:instant asked_by reason ended_by
    acknowledged_at:instant share:decimal cycle
    """,
)
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
INSERT_CONTROL = Prepared(
    """
    INSERT INTO control (kind, account, symbol, side, asked_at, asked_by, reason, ended_by,
    acknowledged_at, share, cycle)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """,
    """
    kind account symbol side asked_at:instant asked_by reason ended_by acknowledged_at:instant
    share:decimal cycle
    """,
)
END_CONTROLS = Prepared(
    """
    UPDATE control
    SET ended_by=?
    WHERE control.number IN (SELECT CAST(anon_1.value AS INTEGER) AS value
    FROM json_each(?) AS anon_1)
    """,
    "ended_by numbers:packed",
)
ACKNOWLEDGE = Prepared(
    "UPDATE control SET acknowledged_at=? WHERE control.number = ?",
    "acknowledged_at:instant control_number",
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
