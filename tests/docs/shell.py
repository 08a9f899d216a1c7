"""A shell that runs the commands of a page as they stand there."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ADDRESS = "http://127.0.0.1:8480"
"""Of the simulator, as pages have it."""
DONE = "@done@"
MOST = 40


class Shell:
    """A shell that is fed one block after the other."""

    def __init__(self, folder: Path) -> None:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self._process = subprocess.Popen(
            ["/bin/bash"],
            cwd=folder,
            env={**os.environ, "PATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __call__(self, commands: str) -> tuple[int, str]:
        """The exit code of the last command, and what all of them printed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{commands}\necho {DONE} $?\n")
        self._process.stdin.flush()
        said = ""
        for line in self._process.stdout:
            before, mark, code = line.partition(DONE)
            said += before
            if mark:
                return int(code), said
        raise AssertionError(said)

    def close(self) -> None:
        """Ends it, and the engine that it may have left running."""
        self("kill -9 $(cat trueup.pid)")
        self._process.communicate("exit\n", timeout=20)


def until_true(shell: Shell, commands: str) -> str:
    """What the block says once its first command, the check, finds all as it should be."""
    check = commands.partition("\n")[0]
    said = ""
    for _ in range(MOST):
        code, said = shell(check)
        if code == 0 and "BTCUSDT" in said:
            return shell(commands)[1]
    raise AssertionError(said)


@contextmanager
def beside_a_simulator(folder: Path) -> Iterator[tuple[Shell, str]]:
    """A shell in the folder, and the address of a simulator that runs; both end with it."""
    command = [sys.executable, "-um", "trueup", "simulator"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as simulator:  # noqa: S603 - ours
        assert simulator.stdout is not None
        shell = Shell(folder)
        try:
            yield shell, simulator.stdout.readline().split()[0]
        finally:
            shell.close()
            simulator.terminate()
            simulator.communicate(timeout=20)
