"""``python -m bench [NAME ...] [--quick] [--write]``."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from loguru import logger
from rich.console import Console

from .catalogue import MEASUREMENTS
from .measurement import FULL, QUICK, Figure, Measurement, Scale
from .report import table, write

RESULTS = Path(__file__).with_name("results.json")


def main(arguments: Sequence[str] | None = None, results: Path = RESULTS) -> None:
    """Takes the named measurements, or all of them, and prints the table."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    unknown = [name for name in asked.names if name not in MEASUREMENTS]
    if unknown:
        parser.error(f"no such measurement: {', '.join(unknown)}")
    scale = QUICK if asked.quick else FULL
    chosen = [MEASUREMENTS[name] for name in asked.names or MEASUREMENTS]
    figures: dict[Measurement, tuple[Figure, ...]] = {}
    # A run that waits for a timeout may log long after its reconciler was closed.
    logger.disable("trueup")
    try:
        for measurement in chosen:
            load = f"{os.getloadavg()[0]:.2f}"
            figures[measurement] = _measured(measurement, scale)
            if asked.write:
                taken = {measurement: figures[measurement]}
                write(taken, scale, results, {measurement.name: load})
    finally:
        logger.enable("trueup")
    Console(width=None if sys.stdout.isatty() else 140).print(table(figures))


def _measured(measurement: Measurement, scale: Scale) -> tuple[Figure, ...]:
    print(f"{measurement.name} ", end="", file=sys.stderr, flush=True)
    try:
        return measurement.measure(scale, lambda: print(".", end="", file=sys.stderr, flush=True))
    finally:
        print(file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Measures trueup beside baselines, in one run."
    )
    names = ", ".join(MEASUREMENTS)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"what to measure, of {names}; all by default"
    )
    parser.add_argument("--quick", action="store_true", help="few rounds: does it run at all?")
    parser.add_argument(
        "--write",
        action="store_true",
        help=f"write {RESULTS.name}; `make docs` turns it into the page and the chart",
    )
    return parser


if __name__ == "__main__":
    main()
