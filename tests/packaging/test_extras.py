"""The extras: what a bare install can do, and what each extra brings."""

import subprocess
import tomllib
from collections.abc import Callable
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.building import ROOT, run
from tests.packaging.environment import environment
from trueup.cli.group import COMMANDS
from trueup.extras import EXTRAS, extra_for

EMBEDDED = """
import sys, trueup
from pathlib import Path
from trueup.testing import Stage
with Stage(Path(), trueup.Ladder.of((2, 60), (3, 40))) as stage:
    stage.enter(1000, price=1)
    print(stage.run().outcome.value)
"""
ALL_COMMANDS = f"""
import sys
from trueup.cli.group import Commands
from trueup.cli.main import app
from typer.main import get_command
group = get_command(app)
print(*(group.get_command(None, name).name for name in {[*COMMANDS]!r}))
"""
Made = Callable[..., Path]


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Makes an environment with those extras; returns the folder of its programs."""

    def make(*extras: str) -> Path:
        return environment(wheel, tmp_path_factory.mktemp("home") / "environment", *extras)

    return make


def refused(*command: str | Path, cwd: Path) -> tuple[int, str]:
    """The exit code of a command, and all that it prints."""
    done = subprocess.run(  # noqa: S603 - ours
        command, cwd=cwd, capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout + done.stderr


def test_a_bare_install_runs_the_engine_and_says_what_a_command_needs(
    programs: Made, tmp_path: Path
) -> None:
    bare = programs()
    assert run(bare / "python", "-c", EMBEDDED, cwd=tmp_path) == "SUCCESS\n"
    for command, words in (
        ((bare / "trueup", "run", "--once"), "the command run needs typer"),
        ((bare / "python", "-m", "trueup", "status"), "the command status needs typer"),
        ((bare / "trueup", "--version"), "the command line needs typer"),
    ):
        line = f"trueup: {words}, which is not installed: pip install 'trueup[cli]'\n"
        assert refused(*command, cwd=tmp_path) == (2, line)
    code, line = refused(bare / "trueup", "simulator", cwd=tmp_path)
    assert (code, line.endswith(": pip install 'trueup[simulator]'\n")) == (2, True)


def test_the_command_line_has_all_that_its_commands_import(programs: Made, tmp_path: Path) -> None:
    printed = run(programs("cli") / "python", "-c", ALL_COMMANDS, cwd=tmp_path)
    assert printed.split() == [*COMMANDS]


def test_no_library_is_missing_from_what_is_said() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = {
        extra: {canonicalize_name(Requirement(line).name) for line in lines}
        for extra, lines in project["optional-dependencies"].items()
    }
    brought = packages_distributions()
    said = {
        extra: {canonicalize_name(name) for module in modules for name in brought[module]}
        for extra, modules in EXTRAS.items()
    }
    assert said == {name: asked[name] for name in asked if name not in ("simulator", "testing")}
    assert asked["simulator"] == {"trueup"}


def test_a_library_of_somebody_else_s_is_none_of_ours() -> None:
    assert extra_for(ModuleNotFoundError(name="my_bot.settings"), ["run"]) is None
