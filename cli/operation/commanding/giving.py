"""Giving a command to the engine that runs, through its socket: plan, question, answer."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import typer

from ....adapters.control.client import Client, Commanded
from ....domain.model.errors import ConfigurationError, NotAnswered, TrueupError
from ....domain.stopping.command import Became, Change, CommandKind, Part
from ....domain.stopping.control import Scope
from ....service.settings import socket_beside
from ....storage import open_reader
from ....storage.beside import is_held, owner_of
from ...base.failures import ExitCode
from ...base.output import STDERR, error_line
from ...base.tables import show_json, show_table
from ...configuration.database import NamedDatabase, socket_place
from .given import How

_URGENT = (CommandKind.PAUSE, CommandKind.HALT)
"""These only stop writes: whoever cannot be asked wants them done."""
_MOMENT_SECONDS = 3.0
"""So long an engine may start or reload. A pause then goes on record without it: it may hang."""
_BETWEEN_SECONDS = 0.1
_MOST_NAMED = 3


class NoEngine(TrueupError):  # noqa: N818 - says the state of the service
    """No engine takes the command; nothing was done."""


def give(
    named: NamedDatabase,
    kind: CommandKind,
    scope: Scope,
    how: How,
    arguments: Mapping[str, object] | None = None,
) -> None:
    """Shows what a command would change, asks, gives it, and shows its answer.

    Raises:
        NoEngine: none takes it; nothing was done.
        NotAnswered: it was given, and no answer came.
        ConfigurationError: it is no command, or it has an id and no engine takes it; nothing was
            done.
        Exit: with the code that says what became of it, unless all is as it was to be.
    """
    try:
        _give(named, kind, scope, how, dict(arguments or {}))
    except NoEngine as error:
        if how.command_id and kind not in _URGENT:
            raise _held_id(named, how.command_id, error) from None
        raise


def _give(
    named: NamedDatabase,
    kind: CommandKind,
    scope: Scope,
    how: How,
    given: Mapping[str, object],
) -> None:
    """See :func:`give`."""
    side = scope.side.value if scope.side else None
    names = (scope.account, scope.symbol, side)
    path = _socket(named)

    def ask(seconds: float) -> Client:
        return Client(path, by=how.by, timeout=seconds)

    number = how.command_id or uuid4().hex
    is_known = bool(how.command_id) and bool(_on_record(named, how.command_id))
    # What is on record is not done again: its first answer comes, whatever a plan would say now.
    planned = (
        ()
        if is_known
        else _planned(
            named,
            how,
            kind in _URGENT,
            lambda seconds: ask(seconds).plan(kind, *names, arguments=given),
        )
    )
    if not how.as_json and not is_known:
        _show_plan(planned)
    if not is_known and not _is_to_be_given(planned, how, kind in _URGENT):
        if how.as_json:
            show_json(_document(number, kind, planned))
        _end(code_of(_foreseen(planned)))
        return
    try:
        if not how.as_json:
            typer.echo(f"command {number}")
        answer = ask(how.patience).command(
            kind, *names, arguments=given, reason=how.reason, command_id=number
        )
    except NotAnswered as error:
        raise NotAnswered(f"{error.message}. {_may_be(number)}", command_id=number) from None
    except KeyboardInterrupt:
        STDERR.write(error_line(f"you have not waited for the answer. {_may_be(number)}"))
        raise typer.Exit(ExitCode.INTERRUPTED) from None
    if how.as_json:
        show_json(_document(number, kind, planned, answer))
    else:
        _show_answer(answer)
    _end(code_of([part.became for part in answer.parts]))


def _may_be(number: str) -> str:
    """What to know of a command whose answer did not come."""
    return (
        f"It may have been done: `trueup command {number}` says what became of it. The same "
        f"command with --id {number} does it only if it was not done: it is not done twice"
    )


def agreed(kind: CommandKind, change: Change, how: How) -> bool:
    """Shows the plan of what is done without an engine, and whether whoever asks wants it done.

    Raises:
        Exit: it is not wanted.
    """
    if how.as_json:
        if not how.is_sure:
            show_json(_document("", kind, (change,)))
        return how.is_sure
    _show_plan((change,))
    return _is_to_be_given((change,), how, is_urgent=False)


def _held_id(named: NamedDatabase, command_id: str, why: NoEngine) -> ConfigurationError:
    """Why a command with an id is not done without an engine, which alone does each id once."""
    known = _on_record(named, command_id)
    if not known:
        return ConfigurationError(
            f"{why.message}. Only an engine keeps an id from being done twice: start `trueup run`, "
            "or give it without --id"
        )
    (row,) = known
    became = "it has no answer, and may have been done, wholly or in part"
    if row["answer"] is not None:
        parts = json.loads(str(row["answer"]))
        became = "; ".join(f"{part['became']}: {part['detail']}" for part in parts)
    return ConfigurationError(
        f"the command {command_id} is on record, by {row['asked_by']} at {row['asked_at']}: "
        f"{became}; nothing was done now"
    )


def _on_record(named: NamedDatabase, command_id: str) -> Sequence[Mapping[str, object]]:
    """The command that has the id already; nothing where none has."""
    with open_reader(named.url) as reader:
        return [row for row in reader.rows("command_log") if row["command_id"] == command_id]


def _planned(
    named: NamedDatabase,
    how: How,
    is_urgent: bool,  # noqa: FBT001 - a fact
    plan: Callable[[float], tuple[Change, ...]],
) -> tuple[Change, ...]:
    """The plan; asks again for a moment, as an engine that starts or reloads takes no commands.

    Raises:
        NoEngine: there is none.
    """
    moment = min(how.patience, _MOMENT_SECONDS)
    until = monotonic() + moment
    while True:
        try:
            return plan(moment if is_urgent else how.patience)
        except NotAnswered as error:
            if monotonic() >= until or not is_held(named.url):
                raise NoEngine(
                    f"the engine ({owner_of(named.url) or 'process unknown'}) takes no commands, "
                    f"and nothing was done: {error.message}"
                ) from None
            sleep(_BETWEEN_SECONDS)


def _socket(named: NamedDatabase) -> Path:
    """The socket of the engine that runs on the database.

    Raises:
        NoEngine: none runs, or it has no socket.
        StoreError: the database cannot be read.
    """
    with open_reader(named.url) as reader:
        name = reader.name  # a database that cannot be used is said before anything else
    if not is_held(named.url):
        raise NoEngine(
            f"no engine runs on {name}: start `trueup run`, or write it into the configuration"
        )
    place = socket_place(named.url, named.loaded)
    if place is None:
        raise NoEngine("a database on a server has no socket beside it: name the configuration")
    if named.loaded is None:
        return socket_beside(place)
    path = named.loaded.options.service.socket_of(place)
    if path is None:
        raise NoEngine(
            "the engine takes no commands: its configuration says `socket = false` in [service]"
        )
    return path


def _is_to_be_given(
    planned: Sequence[Change],
    how: How,
    is_urgent: bool,  # noqa: FBT001 - a fact
) -> bool:
    """Whether there is something to do, and whoever asks wants it done.

    Raises:
        Exit: it is not wanted.
    """
    if not any(one.changes for one in planned):
        # Nothing would be done; an id may be that of a command that was given before.
        return bool(how.command_id)
    can_ask = sys.stdin.isatty() and not how.as_json
    if how.is_sure or (is_urgent and not can_ask):
        return True
    if how.as_json:
        return False
    if can_ask:
        if typer.confirm("Do this?", err=True):
            return True
        STDERR.write(error_line("nothing was done"))
    else:
        STDERR.write(error_line("nothing was done: to do it, give the command with --yes"))
    raise typer.Exit(ExitCode.NOT_TRUE)


def _foreseen(planned: Iterable[Change]) -> list[Became]:
    """What became of what was only planned: what would change was not done."""
    return [
        Became.REFUSED if one.refusal else Became.UNKNOWN if one.changes else Became.UNCHANGED
        for one in planned
    ]


def code_of(became: Sequence[Became]) -> ExitCode:
    """The exit code that says what became of the parts of a command."""
    if became and all(one is Became.REFUSED for one in became):
        return ExitCode.CONFIGURATION
    good = (Became.DONE, Became.UNCHANGED)
    return ExitCode.OK if all(one in good for one in became) else ExitCode.NOT_TRUE


def _end(code: ExitCode) -> None:
    if code:
        raise typer.Exit(code)


def _show_plan(planned: Sequence[Change]) -> None:
    if not planned:
        typer.echo("nothing that it names is watched")
        return
    rows = []
    for one in planned:
        after = f"refused: {one.refusal}" if one.refusal else one.after
        rows.append(
            (
                str(one.scope),
                one.before or ("" if one.refusal else "–"),
                after if one.refusal or one.changes else "=",
            )
        )
    show_table(("for", "from", "to"), rows)
    for line in _beneath(planned):
        typer.echo(line)


def _beneath(planned: Sequence[Change]) -> Iterator[str]:
    """What follows from the changes; what is true of several is said once."""
    changing = [one for one in planned if one.changes]
    is_one = len(changing) <= 1
    said: dict[str, list[str]] = {}
    for one in changing:
        yield from (
            f"  → {request if is_one else f'{one.scope}: {request}'}" for request in one.sends
        )
        for note in one.notes:
            said.setdefault(note, []).append(str(one.scope))
    for note, names in said.items():
        is_of_all = len(names) == len(changing)
        yield f"  ! {note if is_of_all else f'{_listed(names)}: {note}'}"


def _listed(names: Sequence[str]) -> str:
    """The monitors that a note is about; how many they are, where they are many."""
    return ", ".join(names) if len(names) <= _MOST_NAMED else f"{len(names)} monitors"


def _show_answer(answer: Commanded) -> None:
    show_parts(answer.parts)
    if answer.is_repeated:
        typer.echo("this command was given before: that is its first answer, nothing was done now")


def show_parts(parts: Iterable[Part]) -> None:
    """Shows what became of each part of a command."""
    for part in parts:
        why = f": {part.detail}" if part.detail else ""
        typer.echo(f"{part.scope}: {part.became}{why}")


def _document(
    number: str, kind: CommandKind, planned: Iterable[Change], answer: Commanded | None = None
) -> dict[str, Any]:
    return {
        "id": number,
        "kind": kind.value,
        "became": answer.became.value if answer else None,
        "repeated": answer is not None and answer.is_repeated,
        "changes": changes_shown(answer.changes if answer else planned),
        "parts": [part_shown(part) for part in (answer.parts if answer else ())],
    }


def changes_shown(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """The changes as JSON."""
    return [
        {
            **_names(one.scope),
            "before": one.before,
            "after": one.after,
            "refusal": one.refusal,
            "sends": one.sends,
            "notes": one.notes,
        }
        for one in changes
    ]


def part_shown(part: Part) -> dict[str, str]:
    """What became of one part, as JSON."""
    return {**_names(part.scope), "became": part.became.value, "detail": part.detail}


def _names(scope: Scope) -> dict[str, str]:
    side = scope.side.value if scope.side else ""
    return {"account": scope.account, "symbol": scope.symbol, "side": side}
