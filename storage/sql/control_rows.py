"""What people ask for and its row, both ways: pauses, halts, resumes and closes, and commands."""

import json
from typing import Any

from ...domain.model.identity import Side
from ...domain.recording.codec import Form, to_text
from ...domain.stopping.command import (
    Answer,
    Change,
    Command,
    CommandKind,
    CommandRecord,
    Part,
)
from ...domain.stopping.control import Control, ControlKind, Scope
from .monitor_rows import Row, Values

_CHANGES = Form[tuple[Change, ...]](tuple[Change, ...])
_PARTS = Form[tuple[Part, ...]](tuple[Part, ...])


def control_row(control: Control) -> Values:
    """The row of a control; the database numbers it."""
    return {
        "kind": control.kind.value,
        "account": control.scope.account,
        "symbol": control.scope.symbol,
        "side": control.scope.side.value if control.scope.side else "",
        "asked_at": control.at,
        "asked_by": control.by,
        "reason": control.reason,
        "ended_by": control.ended_by,
        "acknowledged_at": control.acknowledged_at,
        "share": control.share,
        "cycle": control.cycle,
    }


def control_of(row: Row) -> Control:
    """The control of its row."""
    return Control(
        kind=ControlKind(row.kind),
        scope=Scope(row.account, row.symbol, Side(row.side) if row.side else None),
        at=row.asked_at,
        by=row.asked_by,
        reason=row.reason,
        number=row.number,
        ended_by=row.ended_by,
        acknowledged_at=row.acknowledged_at,
        share=row.share,
        cycle=row.cycle,
    )


def command_row(record: CommandRecord) -> Values:
    """The row of a command; the database numbers it."""
    command = record.command
    return {
        "command_id": command.id,
        "kind": command.kind.value,
        "account": command.scope.account,
        "symbol": command.scope.symbol,
        "side": command.scope.side.value if command.scope.side else "",
        "asked_at": command.at,
        "asked_by": command.by,
        "reason": command.reason,
        "arguments": dict(command.arguments),
        "changes": _packed(record.changes),
        "answered_at": None,
        "answer": None,
    }


def answer_values(answer: Answer) -> Values:
    """What of a row has the answer."""
    return {"answered_at": answer.at, "answer": _packed(answer.parts)}


def command_of(row: Row) -> CommandRecord:
    """The command of its row."""
    command = Command(
        id=row.command_id,
        kind=CommandKind(row.kind),
        scope=Scope(row.account, row.symbol, Side(row.side) if row.side else None),
        by=row.asked_by,
        at=row.asked_at,
        reason=row.reason,
        arguments=row.arguments,
    )
    answer = None if row.answer is None else Answer(_PARTS.read(row.answer), row.answered_at)
    return CommandRecord(command, _CHANGES.read(row.changes), answer)


def _packed(value: object) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(to_text(value))
