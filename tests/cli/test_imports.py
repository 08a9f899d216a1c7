"""What is not imported: a bot's hot path and a command pay for nothing that they don't use."""

import subprocess
import sys

import pytest

import trueup
from trueup.domain.model.stop import NO_STOP

SLOW = {"alembic", "pydantic", "pybit", "loguru", "rich", "sqlalchemy", "sqlmodel", "statemachine"}


def imported(code: str) -> set[str]:
    """Which of the slow libraries a new interpreter has imported after that code."""
    shown = f"{code}\nimport sys; print(*({SLOW!r} & set(sys.modules)))"
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", shown], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import trueup", set()),
        ("import trueup; trueup.__version__", set()),
        ("from trueup import *", {"pybit", "loguru", "statemachine"}),
        ("import trueup; trueup.Reconciler", {"pybit", "loguru", "statemachine"}),
        ("import trueup.storage", set()),
    ],
)
def test_a_bot_imports_what_it_runs_with(code: str, expected: set[str]) -> None:
    assert imported(code) == expected


def test_the_version_needs_no_library_but_typer() -> None:
    code = (
        "import sys; from trueup.cli.main import main\n"
        "sys.argv[1:] = ['--version']\n"
        "try: main()\n"
        "except SystemExit: pass"
    )
    assert imported(code) == set()


def test_the_names_are_those_that_editors_see() -> None:
    assert set(trueup.__all__) <= set(dir(trueup))
    named = {name: getattr(trueup, name) for name in trueup.__all__ if name != "NO_STOP"}
    assert all(shown.__name__ == name for name, shown in named.items())
    assert trueup.NO_STOP is NO_STOP
    with pytest.raises(AttributeError, match="module 'trueup' has no attribute 'Monitor'"):
        getattr(trueup, "Monitor")  # noqa: B009 - mypy knows that there is none
