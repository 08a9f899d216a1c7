"""The first five minutes: a shell runs the page's commands as they stand there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import blocks, text

PORT = "8480"
DONE = "@done@"
MOST = 40


class _Shell:
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


def _until_true(shell: _Shell, commands: str) -> str:
    """What the block says once its first command, the check, finds all as it should be."""
    check = commands.partition("\n")[0]
    said = ""
    for _ in range(MOST):
        code, said = shell(check)
        if code == 0 and "BTCUSDT" in said:
            return shell(commands)[1]
    raise AssertionError(said)


@pytest.mark.timeout(300)
def test_the_page_does_what_it_says(tmp_path: Path) -> None:
    page = text("first-hour.md")
    command = [sys.executable, "-um", "trueup", "simulator"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as simulator:  # noqa: S603 - ours
        assert simulator.stdout is not None
        shell = _Shell(tmp_path)
        try:
            url = simulator.stdout.readline().split()[0]
            code = [one.replace(f"http://127.0.0.1:{PORT}", url) for one in blocks(page, "sh")]
            first, start, look, kill, look_again, _why, end = code
            assert shell(first)[0] == 0
            assert shell(start)[0] == 0
            assert "the ladder asks for" in _until_true(shell, look)
            assert shell(kill)[0] == 0
            again = _until_true(shell, look_again)
            assert "amend TP1: 0.05 → 0.1" in again, again
            assert shell(f"{end}wait $(cat trueup.pid)")[0] == 0
        finally:
            shell.close()
            simulator.terminate()
            simulator.communicate(timeout=20)
