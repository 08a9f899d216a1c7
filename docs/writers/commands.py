"""``cli.md``: the help of every command, as the command line prints it."""

from importlib import import_module

import typer
from typer.testing import CliRunner

from trueup.cli.base.failures import ExitCode
from trueup.cli.group import COMMANDS
from trueup.cli.main import app

from ..markdown import fenced, page, table

_WIDTH = 88

_INTRODUCTION = """
The command is `trueup`, or `python -m trueup`. [configuration.md](configuration.md) describes the
file that it reads. trueup writes results to stdout, and the log and alerts to stderr. With
`--json`, stdout holds JSON only.
"""

_CODES = {
    ExitCode.OK: (
        "everything is as it should be; of `status` without `--check`: it was shown, whatever it "
        "says"
    ),
    ExitCode.NOT_TRUE: "something is not as it should be; the output says what",
    ExitCode.CONFIGURATION: (
        "the configuration or the command line is wrong; nothing was sent to the exchange"
    ),
    ExitCode.STORE: "the database cannot be used",
    ExitCode.LEASE_OVER: (
        "of a process that shares its accounts with others: its lease of them is over, and another "
        "process has them; start it again"
    ),
    ExitCode.INTERRUPTED: "interrupted",
}


def commands() -> str:
    """The whole page."""
    parts: list[str] = []
    for name in names():
        parts += [f"## trueup {name}", fenced(_help(*name.split()), "text")]
    return page(
        "Commands",
        _INTRODUCTION,
        fenced(_help(), "text"),
        "## Exit codes",
        _exit_codes(),
        *parts,
    )


def names() -> tuple[str, ...]:
    """The commands, in the order of the help; behind a group its own."""
    return tuple(name for command in COMMANDS for name in (command, *_within(command)))


def _within(command: str) -> list[str]:
    """The commands of a group, such as ``alerts list``; none of a command that is no group."""
    module = import_module(f"trueup.cli.{COMMANDS[command]}")
    group = getattr(module, command.replace("-", "_"))
    if not isinstance(group, typer.Typer):
        return []
    return [f"{command} {one.name}" for one in group.registered_commands]


def _exit_codes() -> str:
    rows = [(str(int(code)), _CODES[code]) for code in ExitCode]
    return table(("code", "meaning"), rows)


def _help(*command: str) -> str:
    shown = CliRunner().invoke(
        app,
        [*command, "--help"],
        prog_name="trueup",
        catch_exceptions=False,
        terminal_width=_WIDTH,
        max_content_width=_WIDTH,
        color=False,
    )
    if shown.exit_code:
        raise RuntimeError(f"the help of {command} ended with {shown.exit_code}: {shown.output}")
    return "\n".join(line.rstrip() for line in shown.stdout.splitlines())
