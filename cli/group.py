"""The commands by name: one that is not given is not imported."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer
from typer.main import get_command

from .base.failures import EXIT_CODES, OneLineErrors

COMMANDS: Mapping[str, str] = {
    "demo": "demo.demo",
    "init": "starting.init",
    "check": "starting.check",
    "run": "commands.run",
    "worker": "commands.worker",
    "fleet": "operation.fleet",
    "plan": "commands.plan",
    "status": "commands.status",
    "history": "commands.history",
    "explain": "audit.explain",
    "diff": "audit.diff",
    "replay": "audit.replay",
    "export": "audit.export",
    "watch": "operation.commanding.asking",
    "unwatch": "operation.unwatch",
    "ladder": "operation.commanding.ladder",
    "stop": "operation.commanding.stop",
    "breakeven": "operation.commanding.asking",
    "serve": "operation.serve",
    "close": "operation.close",
    "pause": "operation.control",
    "resume": "operation.control",
    "halt": "operation.control",
    "reconcile": "operation.commanding.asking",
    "reload": "operation.commanding.asking",
    "command": "operation.commanding.looking",
    "alerts": "operation.alerts",
    "backup": "operation.backup",
    "verify": "operation.verify",
    "prune": "operation.prune",
    "discover": "commands.discover",
    "doctor": "commands.doctor",
    "import-legacy": "importing.import_legacy",
    "recognise": "commands.recognise",
    "diagram": "commands.diagram",
    "simulator": "simulating.command",
}
"""The module of each command, in the order of the help.

The function is called as the command; a group of commands is a `typer.Typer` of that name.
"""


class Commands(OneLineErrors):
    """The group of all commands; each is imported when it is given, or its help is shown."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - typer keeps its context's type private
        """The names, in the order of the help."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - and its command's
        """The command of that name; None if there is no such command."""
        del ctx
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        function = getattr(import_module(f".{module}", __package__), cmd_name.replace("-", "_"))
        if isinstance(function, typer.Typer):
            return get_command(function)
        alone = typer.Typer(
            add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
        )
        alone.command(cmd_name, epilog=EXIT_CODES)(function)
        return get_command(alone)
