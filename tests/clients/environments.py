"""Environments of clients: made once for each lock file, and kept in `.clients/`."""

import fcntl
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.packaging.building import ROOT, run

CACHE = ROOT / ".clients"
EXAMPLES = ROOT / "examples"
LIMIT_S = 300.0


class CannotBeHadError(Exception):
    """The packages of a lock file cannot be installed here; the text says why."""


def python_of(lock: Path, *, built: Sequence[str] = (), interpreter: str = sys.executable) -> Path:
    """The interpreter of an environment that holds what a lock file pins, and nothing else.

    Args:
        lock: the lock file.
        built: the packages of which there is no wheel; pip builds them.
        interpreter: the Python that the environment has.

    Raises:
        CannotBeHadError: pip, configured as it is, did not find or install a package.
    """
    python = sys.version if interpreter == sys.executable else interpreter
    digest = hashlib.sha256(lock.read_bytes() + python.encode()).hexdigest()[:16]
    home = CACHE / f"{lock.parent.name}-{digest}"
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # other processes of the same test run want it too
        if not (home / "complete").exists():
            shutil.rmtree(home, ignore_errors=True)
            _make(home, lock, built, interpreter)
            (home / "complete").touch()
    return home / "bin" / "python"


def printed_in(lock: Path, module: str, *arguments: str) -> dict[str, Any]:
    """The JSON object that a module of the tests prints in an environment.

    Raises:
        AssertionError: it failed; the message is what it printed.
        CannotBeHadError: the environment cannot be made here.
    """
    out = run(python_of(lock), "-m", module, *arguments, cwd=ROOT, limit_s=110)
    loaded: dict[str, Any] = json.loads(out)
    return loaded


def with_wheel(python: Path, wheel: Path, home: Path) -> Path:
    """The interpreter of an environment beside another one: what that has, and trueup's wheel."""
    _run(python, "-m", "venv", "--without-pip", home)
    (base,), (packages,) = (
        each.glob("lib/python*/site-packages") for each in (python.parents[1], home)
    )
    (packages / "dependencies.pth").write_text(f"{base}\n", encoding="utf-8")
    pip = (sys.executable, "-m", "pip", "--python", home / "bin" / "python")
    _run(
        *pip, "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index", wheel
    )
    return home / "bin" / "python"


def _make(home: Path, lock: Path, built: Sequence[str], interpreter: str) -> None:
    _run(interpreter, "-m", "venv", "--without-pip", home)
    pip = (sys.executable, "-m", "pip", "--python", home / "bin" / "python")
    options = ["--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
    if built:
        options += ["--no-binary", ",".join(built)]
    _run(*pip, "install", *options, "--require-hashes", "-r", lock)


def _run(*command: str | Path) -> None:
    try:
        subprocess.run(  # noqa: S603 - our own interpreter
            command, check=True, capture_output=True, text=True, timeout=LIMIT_S
        )
    except subprocess.TimeoutExpired as error:
        raise CannotBeHadError(f"pip took more than {LIMIT_S:.0f} s") from error
    except subprocess.CalledProcessError as error:
        said = [line for line in error.stderr.splitlines() if line.startswith("ERROR")]
        raise CannotBeHadError(said[0] if said else error.stderr[-200:]) from error
