"""pytest, run on a module of its own: as in a bot's repository, where warnings are errors."""

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent


def pytest_prints(folder: Path, *options: str) -> tuple[int, str]:
    """The exit code of pytest in a folder, and what it printed; it knows nothing of this pytest."""
    around = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options]
    done = subprocess.run(  # noqa: S603 - our own interpreter
        command, cwd=folder, env=around, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def played(folder: Path, code: str, *options: str) -> tuple[int, str]:
    """The exit code of pytest, and what it printed."""
    module = folder / "test_bot.py"
    module.write_text(dedent(code), "utf-8")
    return pytest_prints(folder, "-rs", "-W", "error", "--strict-markers", *options, str(module))


def passed(folder: Path, code: str, *options: str) -> str:
    """What pytest printed; its tests pass."""
    exit_code, printed = played(folder, code, *options)
    assert exit_code == 0, printed
    return printed


def failed(folder: Path, code: str, *options: str) -> str:
    """What pytest printed; a test fails."""
    exit_code, printed = played(folder, code, *options)
    assert exit_code == 1, printed
    return printed
