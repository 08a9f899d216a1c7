"""What it costs to be imported, and to say the version: CPU of a new process, bytecode cached."""

import os
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory

from .measurement import CPU, Figure, Kind, Measurement, Sample, Scale, Tick, figures
from .sampling import interleave
from .target import ratio_at_most

IMPORT, VERSION = Kind("import", CPU.unit), Kind("--version", CPU.unit)

_FACE = "from trueup import *"
_PYBIT = "import pybit.unified_trading"
_TRUEUP_VERSION = """
import sys
from trueup.cli.main import main
sys.argv[1:] = ["--version"]
main()
"""
_BARE_VERSION = """
import typer
app = typer.Typer(add_completion=False)
def show(asked: bool):
    if asked:
        typer.echo("1.0.0")
        raise typer.Exit
@app.callback()
def program(version: bool = typer.Option(False, "--version", is_eager=True, callback=show)):
    pass
@app.command()
def command():
    pass
app(["--version"])
"""


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    with TemporaryDirectory(prefix="trueup-bytecode-") as cache:
        sides = {
            "trueup": _side(IMPORT, _FACE, Path(cache)),
            "pybit": _side(IMPORT, _PYBIT, Path(cache)),
            "trueup --version": _side(VERSION, _TRUEUP_VERSION, Path(cache)),
            "typer": _side(VERSION, _BARE_VERSION, Path(cache)),
        }
        taken = interleave(sides, scale.rounds, tick)
    return (
        *figures(taken["trueup"], taken["pybit"], _PYBIT, {IMPORT: ratio_at_most("2.2")}),
        *figures(
            taken["trueup --version"],
            taken["typer"],
            "a typer program of one command",
            {VERSION: ratio_at_most("1.5")},
        ),
    )


def _side(kind: Kind, code: str, cache: Path) -> Callable[[], Sample]:
    """Runs the code in a new interpreter, whose bytecode the first round has written."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(cache)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def sample() -> Sample:
        before = _children_ms()
        subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "-c", code],
            env=environment,
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=60,
        )
        return {kind: _children_ms() - before}

    return sample


def _children_ms() -> Decimal:
    """CPU of the processes that have ended."""
    used = getrusage(RUSAGE_CHILDREN)
    return Decimal(round((used.ru_utime + used.ru_stime) * 1_000_000)) / 1000


IMPORTS = Measurement("imports", "A program that imports trueup, and the command line", _measure)
