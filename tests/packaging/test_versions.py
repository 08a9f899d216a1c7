"""Later versions of Python, where a machine has them: the engine repairs, the commands start.

All other tests run on the version that the environment is made of.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clients.environments import CannotBeHadError, python_of, with_wheel
from tests.packaging.building import ROOT, run
from trueup.cli.group import COMMANDS

LATER = ("3.12", "3.13", "3.14")
REPAIRS = """
import sys, trueup
from pathlib import Path
from trueup.cli.main import app
from trueup.testing import Stage
from typer.main import get_command
with Stage(Path(), trueup.Ladder.of((2, 60), (3, 40))) as stage:
    stage.enter(1000, price=1)
    outcome = stage.run().outcome.value
group = get_command(app)
names = [name for name in group.list_commands(None) if group.get_command(None, name)]
print("%d.%d" % sys.version_info[:2], outcome, len(names))
"""


PYENV = "PYENV_ROOT"


@pytest.mark.clients
@pytest.mark.timeout(400)
@pytest.mark.parametrize("version", LATER)
def test_it_works_on_a_later_python(version: str, wheel: Path, tmp_path: Path) -> None:
    interpreter = _interpreter(version)
    if interpreter is None:
        pytest.skip(f"there is no Python {version} on this machine")
    try:
        base = python_of(ROOT / "service.lock", interpreter=interpreter)
    except CannotBeHadError as error:
        pytest.skip(f"trueup's libraries cannot be had for Python {version} here: {error}")
    python = with_wheel(base, wheel, tmp_path / "environment")
    printed = run(python, "-W", "error", "-c", REPAIRS, cwd=tmp_path)
    assert printed.split() == [version, "SUCCESS", str(len(COMMANDS))]


def _interpreter(version: str) -> str | None:
    """A Python of that version: on the path, or one of pyenv's."""
    pyenv = Path(os.environ.get(PYENV, Path.home() / ".pyenv"))
    found = (
        shutil.which(f"python{version}"),
        *map(str, pyenv.glob(f"versions/{version}.*/bin/python")),
    )
    return next((each for each in found if each is not None and _starts(each)), None)


def _starts(python: str) -> bool:
    """Whether it does: pyenv's stand-ins on the path are there for versions that are not chosen."""
    return subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0  # noqa: S603 - a Python
