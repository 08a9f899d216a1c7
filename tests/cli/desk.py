"""A trader's desk: a configuration, keys in the environment, a database, and the command."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from trueup.cli.main import app

MAIN, MIRROR = "101", "202"
SYMBOL = "BANDUSDT"
KEYS = {
    "MAIN_KEY": "main-key-Qx71",
    "MAIN_SECRET": "main-secret-Zw82",
    "MIRROR_KEY": "mirror-key-Rt93",
    "MIRROR_SECRET": "mirror-secret-Pl04",
}
LADDER = """ladder = [
    {price = "0.7200", share = 85},
    {price = 0.7400, share = 5},
    {price = "0.7600", share = "5"},
    {price = "0.8000", share = 5},
]"""
NOWHERE = "http://127.0.0.1:9"

TEXT = """
[store]
url = "sqlite:///{database}"

[engine]
interval_seconds = 0.05
read_budget_seconds = 0.05
grace_seconds = "0.05"
reads_late_seconds = 0.15
pause_seconds = 0.01
retry_after_seconds = 30
streams = false

[accounts.main]
role = "main"
environment = "{url}"
api_key_env = "MAIN_KEY"
api_secret_env = "MAIN_SECRET"

[accounts.mirror]
role = "mirror"
follows = "main"
environment = "{url}"
api_key_env = "MIRROR_KEY"
api_secret_env = "MIRROR_SECRET"

[[monitors]]
account = "main"
symbol = "BANDUSDT"
side = "Buy"
{ladder}

[[monitors]]
account = "mirror"
symbol = "BANDUSDT"
side = "Buy"
"""


@dataclass
class Desk:
    """Where the commands are given.

    Attributes:
        url: the exchange.
        env: what the environment says on top of the test's own; None takes a variable away.
        started: the processes that were started here.
    """

    folder: Path
    url: str = NOWHERE
    env: dict[str, str | None] = field(default_factory=lambda: dict(KEYS))
    started: list["Process"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.write()

    @property
    def config(self) -> Path:
        """The configuration's file."""
        return self.folder / "trueup.toml"

    @property
    def database(self) -> Path:
        """The database's file."""
        return self.folder / "trueup.db"

    @property
    def text(self) -> str:
        """The configuration as the desk starts with it."""
        return TEXT.format(database=self.database, url=self.url, ladder=LADDER)

    def write(self, *changes: tuple[str, str]) -> None:
        """Writes the configuration anew, with some text replaced by other text."""
        text = self.text
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        self.config.write_text(text, encoding="utf-8")

    def __call__(self, command: str, *args: str) -> Result:
        """Gives a command with the configuration."""
        return self.bare(command, *args, "--config", str(self.config))

    def bare(self, *args: str) -> Result:
        """Gives a command as it stands."""
        result = CliRunner().invoke(app, args, env=self.env, catch_exceptions=False)
        for secret in KEYS.values():
            assert secret not in result.output
        return result

    def json(self, command: str, *args: str, code: int = 0) -> Any:  # noqa: ANN401 - any JSON
        """Gives a command with --json; what it said."""
        result = self(command, *args, "--json")
        assert result.exit_code == code, result.output
        return json.loads(result.stdout)

    def process(self, command: str, *args: str, stderr: Any = subprocess.PIPE) -> "Process":  # noqa: ANN401 - as Popen
        """Starts the command as a process of its own."""
        process = start(
            [command, *args, "--config", str(self.config)],
            {name: value for name, value in self.env.items() if value is not None},
            stderr=stderr,
        )
        self.started.append(process)
        return process

    def clear(self) -> None:
        """Ends what a failed test left running."""
        for process in self.started:
            if process.poll() is None:
                process.kill()
                process.communicate()


def reasons(text: str) -> str:
    """Mistakes without their lines and columns in the file, and without the examples."""
    said = re.sub(r"(\.toml):\d+:\d+:", r"\1:", text)
    return re.sub(r"\n    such as: [^\n]*", "", said)


Process = subprocess.Popen[str]


def start(
    args: Sequence[str],
    env: dict[str, str] | None = None,
    *,
    stderr: Any = subprocess.PIPE,  # noqa: ANN401 - as Popen
) -> Process:
    """Starts ``python -m trueup`` with these arguments."""
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "trueup", *args],
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    )
