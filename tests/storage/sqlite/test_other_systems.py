"""Where files cannot be locked as trueup locks them, one line says so."""

import subprocess
import sys

WITHOUT = "import sys; sys.modules['fcntl'] = None; "


def python(code: str) -> str:
    """What Python writes to stderr, as on a system without POSIX locks."""
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", WITHOUT + code], capture_output=True, text=True, check=False
    ).stderr


def test_one_line_says_where_trueup_runs() -> None:
    last = python("import trueup; trueup.Reconciler").splitlines()[-1]
    assert last.startswith("ImportError: trueup keeps its database on Linux and macOS alone: on")


def test_the_simulator_needs_no_database() -> None:
    assert python("import trueup.simulator; trueup.simulator.Simulator") == ""
