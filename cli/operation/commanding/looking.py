"""``trueup command``: what became of a command, from the record alone."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from ....domain.stopping.command import UNANSWERED, Became, Command, CommandRecord, Part, worst
from ....storage.sqlite import open_reader
from ...base import options
from ...base.failures import ExitCode
from ...base.tables import show_json
from ...configuration.database import named_database
from .giving import changes_shown, code_of, part_shown, show_parts


def command(
    number: Annotated[
        str, typer.Argument(metavar="ID", help="Of the command.", show_default=False)
    ],
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Say what became of a command, by its id; nothing is done, nor done again.

    It reads the record alone, with an engine or without one. A command is on record before anything
    of it is done: of one that is not, nothing was done so far. One without an answer is unknown: it
    is under way, or the engine ended before it could answer.

    It exits with 0 where all is done, or was so already, with 2 where all was refused, and with 1
    for the rest, and where no command of that id is on record.
    """
    with open_reader(named_database(config, db).url) as reader:
        known = reader.command(number)
    if known is None:
        if as_json:
            show_json({"id": number, "on_record": False})
        else:
            typer.echo(
                f"no command {number} is on record: so far nothing was done for it. An id is on "
                "record for as long as [retention] command_days says"
            )
        raise typer.Exit(ExitCode.NOT_TRUE)
    unknown = Part(known.command.scope, Became.UNKNOWN, UNANSWERED)
    parts = known.answer.parts if known.answer else (unknown,)
    if as_json:
        show_json(_document(known, parts))
    else:
        _show(known.command, parts)
    if code := code_of([part.became for part in parts]):
        raise typer.Exit(code)


def _document(known: CommandRecord, parts: Sequence[Part]) -> dict[str, Any]:
    command = known.command
    return {
        "id": command.id,
        "on_record": True,
        "kind": command.kind.value,
        "by": command.by,
        "at": command.at.isoformat(),
        "reason": command.reason,
        "became": worst(part.became for part in parts).value,
        "changes": changes_shown(known.changes),
        "parts": [part_shown(part) for part in parts],
    }


def _show(command: Command, parts: Sequence[Part]) -> None:
    why = f": {command.reason}" if command.reason else ""
    typer.echo(f"{command.kind}, by {command.by} at {command.at:%F %T} UTC{why}")
    show_parts(parts)
