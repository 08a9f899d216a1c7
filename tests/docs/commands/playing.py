"""A page is played: a shell in a folder of its own gives the page's commands, one block by one."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.docs.commands.blocks import Block
from tests.docs.commands.settings import NOT_RUN, Setting
from tests.docs.pages import ROOT

Marks = Mapping[tuple[str, str], str]
"""Blocks by their page and how they begin, each with a reason."""
_ADDRESS = "http://127.0.0.1:8480"
"""Of the simulator, as pages have it."""
_STAYS = re.compile(r"^trueup (simulator|serve|run)\b(?!.*(?:--once|--list|&)).*$", re.MULTILINE)
"""A command that goes on until its reader ends it, in a terminal of its own."""
_FAILED = "@failed@"
_DONE = "@done@"
_READY = {
    "run": "curl -sf --unix-socket trueup.db.sock http://localhost/healthz >/dev/null",
    "serve": "grep -qs http served.serve",
    "simulator": "grep -qs http served.simulator",
}
"""What finds that a command that stays does what it is for."""
_UNTIL = (
    "until {ready}; do kill -0 $! || "
    "{{ cat served.{kind}; echo '@failed@ 1 {kind}'; break; }}; sleep 0.1; done"
)


class Play:
    """A page's commands, as a reader gives them.

    Attributes:
        said: what they have printed up to now.
    """

    def __init__(self, folder: Path, programs: Path, setting: Setting) -> None:
        self.said = ""
        self._setting = setting
        self._folder = folder
        self._address = _ADDRESS
        self._stands: dict[str, str] = {}
        self._shell = subprocess.Popen(
            ["/bin/bash"],
            cwd=folder,
            env=_variables(programs),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._give(f"trap 'echo \"{_FAILED} $? $BASH_COMMAND\"' ERR")

    def page(self, blocks: Sequence[Block]) -> None:
        """Runs what comes before the page, and then each block that has no mark.

        Raises:
            AssertionError: a command failed, or what the page shows was not printed.
        """
        self._run(self._setting.before)
        for text, command in self._setting.stands_for.items():
            self._stands[text] = self._give(command).strip()
        number = 0
        for block in blocks:
            if block.language == "toml" and self._setting.configuration:
                toml = self._here(block.code)
                self._folder.joinpath("trueup.toml").write_text(toml, encoding="utf-8")
            if block.is_commands:
                self._run(self._setting.between.get(number, ""))
                number += 1
                if not marked(block, NOT_RUN):
                    self._run(block.commands)

    def close(self) -> None:
        """Ends the shell and all that it has left running."""
        with self._shell:
            os.killpg(self._shell.pid, signal.SIGKILL)

    def _run(self, commands: str) -> None:
        """Gives the commands; each that stays is in the background, and ready when this returns."""
        given, rest = "", commands
        while (stays := _STAYS.search(rest)) is not None:
            kind = stays[1]
            line = stays[0].partition("#")[0].replace(" --port 8480", "")
            given = f"{rest[: stays.start()]}\nrm -f served.{kind}; {line} > served.{kind} 2>&1 &\n"
            given += _UNTIL.format(ready=_READY[kind], kind=kind)
            self._check(self._give(self._here(given)))
            rest = rest[stays.end() :]
            if kind == "simulator":
                self._served()
        self._check(self._give(self._here(rest)))

    def _served(self) -> None:
        """The page's address is that of the simulator from now on."""
        self._address = self._folder.joinpath("served.simulator").read_text("utf-8").split()[0]
        self._give(f"export SIMULATOR={self._address}")

    def _here(self, text: str) -> str:
        """What stands for the page's examples."""
        for example, here in {_ADDRESS: self._address, **self._stands}.items():
            text = text.replace(example, here)
        return text

    def _check(self, said: str) -> None:
        for line in said.splitlines():
            if line.startswith(_FAILED):
                _, code, command = line.split(" ", 2)
                assert self._setting.exits.get(command) == int(code), said

    def _give(self, commands: str) -> str:
        """What all of them print."""
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        self._shell.stdin.write(f"{commands}\necho; echo {_DONE}\n")
        self._shell.stdin.flush()
        said = ""
        for line in self._shell.stdout:
            if line == f"{_DONE}\n":
                break
            said += line
        else:
            raise AssertionError(said)
        self.said += said
        return said


def marked(block: Block, marks: Marks) -> bool:
    """Whether the list has the block."""
    return any(True for _ in marks_of(block, marks))


def marks_of(block: Block, marks: Marks) -> Iterator[tuple[str, str]]:
    """The marks of the list that are for the block."""
    for page, begin in marks:
        if page == block.page and block.code.startswith(begin):
            yield page, begin


def _variables(programs: Path) -> dict[str, str]:
    """The reader's environment: the wheel's programs first, and nothing of the checkout's own."""
    given = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "TRUEUP": str(programs.parent / "environment" / "bin" / "trueup"),
        "CHECKOUT": str(ROOT),
        "DEVELOPER": str(programs / "developer"),
        "MAKEFLAGS": f" -- VENV={programs.parent / 'environment'}",
        "COLUMNS": "200",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return kept | given
