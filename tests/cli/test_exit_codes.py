"""Every command beside a database that cannot be used ends as the table of exit codes says."""

import pickle
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from trueup.cli.base.failures import ExitCode
from trueup.cli.group import COMMANDS

from .desk import Desk


def _missing(_path: Path) -> None:
    """There is no file, as after somebody has deleted it."""


def _empty(path: Path) -> None:
    path.touch()


def _garbage(path: Path) -> None:
    path.write_bytes(b"x" * 5000)


def _of_something_else(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE other (one)")


STATES: Mapping[Callable[[Path], None], str] = {
    _missing: "absent",
    _empty: "absent",
    _garbage: "broken",
    _of_something_else: "broken",
}
NO_DATABASE = {"demo", "init", "check", "recognise", "diagram", "simulator"}
MAKES_ONE = {
    "run": ("--once",),
    "plan": (),
    "discover": (),
    "doctor": (),
    "import-legacy": ("FILE", "--apply"),
}
"""What fills a database that is not there, or works before there is one."""
NEEDS_ONE = {
    "status": (),
    "history": ("main", "BANDUSDT", "Buy"),
    "explain": ("main", "BANDUSDT", "Buy", "TP1"),
    "diff": ("one", "other"),
    "replay": ("--all",),
    "export": ("one",),
    "pause": ("main",),
    "resume": ("main",),
    "halt": (),
    "backup": ("COPY",),
    "verify": (),
    "alerts": ("list",),
    "prune": (),
    "close": ("main", "BANDUSDT", "Buy"),
    "unwatch": ("mirror", "ETHUSDT", "Sell"),
    "watch": ("mirror", "ETHUSDT", "Sell"),
    "ladder": ("set", "main", "BANDUSDT", "Buy", "0.72:100"),
    "stop": ("set", "main", "BANDUSDT", "Buy", "false"),
    "breakeven": ("--all",),
    "reconcile": ("--all",),
    "reload": (),
    "command": ("c-1",),
    "serve": ("--listen", "127.0.0.1:0"),
}
GIVEN = {**MAKES_ONE, **NEEDS_ONE}
ON_A_SERVER = {"worker": (), "fleet": ("status",)}
"""What no file serves as a database of."""


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("command", GIVEN)
def test_it_ends_as_the_table_says(desk: Desk, command: str, state: Callable[[Path], None]) -> None:
    state(desk.database)
    nothing = desk.folder / "enhanced_positions.pkl"
    nothing.write_bytes(pickle.dumps({"enhanced_tp_sl_monitors": {}}))
    places = {"FILE": str(nothing), "COPY": str(desk.folder / "copy.db")}
    result = desk(command, *(places.get(word, word) for word in GIVEN[command]))
    expected = ExitCode.STORE
    if STATES[state] == "absent" and command in MAKES_ONE:
        # Nothing is watched yet, so nothing is as it should be.
        expected = ExitCode.NOT_TRUE if command == "discover" else ExitCode.OK
    elif command == "doctor":
        expected = ExitCode.NOT_TRUE  # it says what is wrong with it
    assert result.exit_code == expected, result.output


def test_every_command_is_tried_that_uses_a_database() -> None:
    assert set(GIVEN) | NO_DATABASE | set(ON_A_SERVER) == set(COMMANDS)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("command", ON_A_SERVER)
def test_workers_want_no_file(desk: Desk, command: str, state: Callable[[Path], None]) -> None:
    state(desk.database)
    result = desk(command, *ON_A_SERVER[command])
    if STATES[state] == "absent" and command == "fleet":
        assert result.exit_code == ExitCode.STORE
        return
    assert result.exit_code == ExitCode.CONFIGURATION
    assert "processes share a database on PostgreSQL alone, not a file" in result.output
