"""An environment of what the wheel brings, made once a session, whichever process comes first."""

import fcntl
import sys
from pathlib import Path
from shlex import quote

import pytest

from tests.packaging.building import run
from tests.packaging.environment import environment, metadata

_PROGRAM = Path(__file__).with_name("program.sh")


@pytest.fixture(scope="session")
def programs(shared: Path, wheel: Path) -> Path:
    """The folder of programs that a reader has who installed the wheel with all its extras."""
    home = shared / "reader"
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "programs").is_dir():
            home.mkdir()
            _furnish(home, wheel)
    return home / "programs"


def _furnish(home: Path, wheel: Path) -> None:
    extras = metadata(wheel).metadata.get_all("Provides-Extra") or ()
    bare = environment(wheel, home / "environment", *extras)
    (package,) = home.glob("environment/lib/python*/site-packages/trueup")
    run(bare / "python", "-m", "compileall", "-q", package, cwd=home)
    (home / "environment" / ".installed").touch()
    (home / "making").mkdir()
    own, its = quote(sys.executable), quote(f"{bare}/python")
    pip = f"{own} -m pip --python {its} --disable-pip-version-check"
    runs = {
        "python": its,
        "pytest": f"{its} -m pytest -p no:cacheprovider",
        "pip": f"env PIP_NO_INDEX=1 {pip}",
        "developer": own,
    }
    scripts = {name: f'#!/bin/sh\nexec {command} "$@"\n' for name, command in runs.items()}
    scripts["trueup"] = _PROGRAM.read_text("utf-8")
    for name, script in scripts.items():
        path = home / "making" / name
        path.write_text(script, encoding="utf-8")
        path.chmod(0o755)
    (home / "making").rename(home / "programs")
