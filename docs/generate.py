"""Writes the pages that could drift from the code, or checks them.

::

    python -m docs.generate            writes them
    python -m docs.generate --check    names those that differ; then the exit code is 1
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .writers.bench import CHART, bench, chart
from .writers.codes import codes
from .writers.commands import commands
from .writers.configuration import configuration
from .writers.database import database
from .writers.errors import errors
from .writers.machine import machine

FOLDER = Path(__file__).parent
PAGES: Mapping[str, Callable[[], str]] = {
    "bench.md": bench,
    CHART: chart,
    "cli.md": commands,
    "codes.md": codes,
    "configuration.md": configuration,
    "database.md": database,
    "errors.md": errors,
    "machine.md": machine,
}


def write(folder: Path = FOLDER) -> None:
    """Writes every page."""
    for name, text in PAGES.items():
        (folder / name).write_text(text(), encoding="utf-8")


def differing(folder: Path = FOLDER) -> list[str]:
    """The names of pages that are missing or are not what the code says."""
    return [name for name, text in PAGES.items() if _read(folder / name) != text()]


def main(arguments: Sequence[str] | None = None, folder: Path = FOLDER) -> int:
    """Runs the command and gives its exit code."""
    parser = argparse.ArgumentParser(prog="docs.generate", description="The generated pages.")
    parser.add_argument("--check", action="store_true", help="write nothing, name what differs")
    if not parser.parse_args(arguments).check:
        write(folder)
        return 0
    stale = differing(folder)
    for name in stale:
        sys.stdout.write(f"docs/{name} is not what the code says: run `make docs`\n")
    return 1 if stale else 0


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
