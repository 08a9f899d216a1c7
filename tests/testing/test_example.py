"""The example in the docstring of ``trueup.testing`` runs as it is printed there."""

import inspect
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from trueup import testing

_INDENTED = re.compile(r"::\n\n((?:    .*\n|\n)+)")


def _run(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    module = folder / "test_bot.py"
    module.write_text(code, "utf-8")
    options = ["-rs", "-W", "error", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *options, str(module)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - our own code


def test_the_documented_example_passes(tmp_path: Path) -> None:
    (code,) = _INDENTED.findall(inspect.getdoc(testing) or "")
    done = _run(tmp_path, dedent(code))
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_every_export_is_described() -> None:
    text = inspect.getdoc(testing) or ""
    assert [name for name in testing.__all__ if f"`{name}`" not in text] == []
    exports = [getattr(testing, name) for name in testing.__all__]
    assert [one for one in exports if callable(one) and not inspect.getdoc(one)] == []


@pytest.mark.parametrize("missing", ["starlette", "uvicorn"])
def test_without_the_extra_the_server_s_tests_are_skipped(tmp_path: Path, missing: str) -> None:
    code = f"""
        import sys

        sys.modules[{missing!r}] = None  # as if it were not installed
        pytest_plugins = ["trueup.testing.fixtures"]


        def test_it_is_served(simulator_server): ...
        """
    done = _run(tmp_path, dedent(code))
    assert done.returncode == 0, done.stdout
    assert "1 skipped" in done.stdout
    assert "pip install 'trueup[simulator]'" in done.stdout
