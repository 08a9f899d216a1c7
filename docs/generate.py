"""Writes what could drift from the code, pages and the store's SQL, or checks it.

::

    python -m docs.generate            writes them
    python -m docs.generate --check    names those that differ; then the exit code is 1
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from .writers.alerts import alerts
from .writers.bench import CHART, bench, chart
from .writers.clients import clients
from .writers.codes import codes
from .writers.commands import commands
from .writers.configuration import configuration
from .writers.conformance import conformance
from .writers.contributing import contributing
from .writers.database import database
from .writers.errors import errors
from .writers.machine import machine
from .writers.machine_picture import machine_picture
from .writers.meter import chaos
from .writers.operations import operations
from .writers.package_index import package_index
from .writers.paths import paths
from .writers.postgres import postgres_schema
from .writers.protection import FOLDER_OF_PICTURES, protection
from .writers.sql import control_statements, revisions, schema, statements, triggers
from .writers.stop_pictures import RULES, picture
from .writers.ten_questions import ten_questions

FOLDER = Path(__file__).parent
PAGES: Mapping[str, Callable[[], str]] = {
    "alerts.md": alerts,
    "bench.md": bench,
    CHART: chart,
    "chaos.md": chaos,
    "cli.md": commands,
    "clients.md": clients,
    "codes.md": codes,
    "configuration.md": configuration,
    "conformance.md": conformance,
    "database.md": database,
    "errors.md": errors,
    "machine.md": machine,
    "machine.svg": machine_picture,
    "protection.md": protection,
    "questions.md": ten_questions,
    "operations.md": operations,
    "package-index.md": package_index,
    "paths.md": paths,
    **{
        f"{FOLDER_OF_PICTURES}/{name}.svg": partial(picture, rule.stop)
        for name, rule in RULES.items()
    },
}
ROOT = FOLDER.parent
SOURCES: Mapping[str, Callable[[], str]] = {
    "storage/sqlite/generated/schema.py": schema,
    "storage/postgres/generated/schema.py": postgres_schema,
    "storage/sqlite/generated/guards.py": triggers,
    "storage/shared/generated/statements.py": statements,
    "storage/shared/generated/control_statements.py": control_statements,
    "storage/shared/generated/revisions.py": revisions,
    "CONTRIBUTING.md": contributing,
}


def write(folder: Path = FOLDER, root: Path = ROOT) -> None:
    """Writes the pages that differ into the folder, and whatever else differs below the root."""
    for _, path, text in _all(folder, root):
        written = text()
        if _read(path) != written:
            path.parent.mkdir(exist_ok=True)
            path.write_text(written, encoding="utf-8")


def differing(folder: Path = FOLDER, root: Path = ROOT) -> list[str]:
    """What is missing or is not what the code says, by its path in the repository."""
    return [name for name, path, text in _all(folder, root) if _read(path) != text()]


def main(arguments: Sequence[str] | None = None, folder: Path = FOLDER) -> int:
    """Runs the command and returns its exit code."""
    parser = argparse.ArgumentParser(prog="docs.generate", description="The generated pages.")
    parser.add_argument("--check", action="store_true", help="write nothing, name what differs")
    if not parser.parse_args(arguments).check:
        write(folder)
        return 0
    stale = differing(folder)
    for name in stale:
        sys.stdout.write(f"{name} is not what the code says: run `make docs`\n")
    return 1 if stale else 0


def _all(folder: Path, root: Path) -> Iterator[tuple[str, Path, Callable[[], str]]]:
    """The name of everything, where it is, and what makes its text."""
    for name, text in SOURCES.items():
        yield name, root / name, text
    for name, text in PAGES.items():
        yield f"docs/{name}", folder / name, text


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
