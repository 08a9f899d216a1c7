"""Commands on record: each id once, and its answer."""

from dataclasses import replace

from ...domain.reporting.one_line import one_line
from ...domain.stopping.command import Answer, CommandRecord
from ..sql.control_rows import answer_values, command_of, command_row
from .connection import Connection
from .generated import control_statements as statements


def read_command(connection: Connection, command_id: str) -> CommandRecord | None:
    """The command of that id, or None."""
    row = statements.COMMAND.row(connection, asked_id=command_id)
    return None if row is None else command_of(row)


def begin_command(connection: Connection, record: CommandRecord) -> CommandRecord | None:
    """Adds a command; returns the one that has its id already, and adds nothing then."""
    found = read_command(connection, record.command.id)
    if found is None:
        command = record.command
        # A line break in what a person says could forge a line of a report.
        safe = replace(command, by=one_line(command.by), reason=one_line(command.reason))
        statements.INSERT_COMMAND.insert(connection, command_row(replace(record, command=safe)))
    return found


def write_answer(connection: Connection, command_id: str, answer: Answer) -> None:
    """Notes the answer to a command."""
    statements.ANSWER_COMMAND.run(connection, {"asked_id": command_id, **answer_values(answer)})
