"""Serve a scenario file: `python -m trueup.simulator simulator/scenarios/band.toml`."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from .base.clock import ClockKind
from .server.scenario import load_scenario
from .server.server import SimulatorServer

_ENDING = (signal.SIGINT, signal.SIGTERM)


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve a scenario file until SIGINT or SIGTERM, and print the address."""
    parser = argparse.ArgumentParser(prog="trueup.simulator", description=__doc__)
    parser.add_argument("scenario", type=Path, help="a TOML scenario file")
    parser.add_argument("--port", type=int, default=0, help="the port; 0 for any free one")
    parser.add_argument(
        "--frozen",
        action="store_true",
        help="a virtual clock, which only POST /control/advance moves",
    )
    chosen = parser.parse_args(arguments)
    clock = ClockKind.VIRTUAL if chosen.frozen else ClockKind.REAL
    sim = load_scenario(chosen.scenario, clock)
    # Blocked in every thread, the signals wait for the main thread, also where the shell that
    # started the process in the background has it ignore them.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    with SimulatorServer(sim, chosen.port) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        signal.sigwait(_ENDING)


if __name__ == "__main__":
    main()
