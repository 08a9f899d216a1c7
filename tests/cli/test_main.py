"""The command itself: version, help, and what happens to a wrong command line."""

from pathlib import Path

import pytest

from trueup import __version__

from .desk import Desk, start

COMMANDS = (
    "run",
    "plan",
    "status",
    "history",
    "discover",
    "import-legacy",
    "unwatch",
    "recognise",
    "diagram",
    "simulator",
)


def test_the_version(tmp_path: Path) -> None:
    result = Desk(tmp_path).bare("--version")
    assert (result.exit_code, result.stdout) == (0, f"trueup {__version__}\n")


def test_alone_it_shows_help() -> None:
    process = start([])
    stdout, stderr = process.communicate()
    text = stdout + stderr
    assert text.startswith("Usage: trueup [OPTIONS] COMMAND [ARGS]...")
    listed = text[text.index("Commands:") :]
    table = listed.split("Exit codes")[0].strip().splitlines()
    told = dict(line.split(maxsplit=1) for line in table[1:])
    assert told.keys() >= {*COMMANDS}
    assert not any(told[command].endswith("...") for command in COMMANDS)


def test_a_terminal_without_all_signs_is_no_reason_to_fail() -> None:
    process = start(["diagram", "--format", "table"], {"PYTHONIOENCODING": "ascii"})
    stdout, stderr = process.communicate()
    assert (process.returncode, stderr) == (0, "")
    assert stdout.isascii()


@pytest.mark.parametrize("command", COMMANDS)
def test_help_tells_every_option_and_the_exit_codes(tmp_path: Path, command: str) -> None:
    result = Desk(tmp_path).bare(command, "--help")
    assert result.exit_code == 0
    assert "Exit codes: 0 all is as it should be" in result.stdout
    options = result.stdout[result.stdout.index("Options:") :].split("Exit codes")[0]
    for line in options.splitlines()[1:]:
        name, _, text = line.strip().partition("  ")
        assert text.strip() or not name.startswith("-"), line


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (("walk",), "No such command 'walk'."),
        (("run", "--twice"), "No such option: --twice"),
        (("history", "main", "BANDUSDT", "Long"), "'Long' is not one of"),
        (("status", "--limit", "3"), "No such option: --limit"),
    ],
)
def test_a_wrong_command_line_is_exit_code_2(
    tmp_path: Path, args: tuple[str, ...], line: str
) -> None:
    result = Desk(tmp_path).bare(*args)
    assert result.exit_code == 2
    assert line in result.stderr
