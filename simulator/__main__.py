"""Serve a scenario: `python -m trueup.simulator fixtures/scenarios/band.toml`."""

import argparse
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from .server.scenario import load_scenario
from .server.server import SimulatorServer


def main(arguments: Sequence[str] | None = None) -> None:
    """Load a scenario, serve it until interrupted, and say where."""
    parser = argparse.ArgumentParser(prog="trueup.simulator", description=__doc__)
    parser.add_argument("scenario", type=Path, help="a TOML scenario file")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "--frozen", action="store_true", help="time stands still but for POST /control/advance"
    )
    chosen = parser.parse_args(arguments)
    sim = load_scenario(chosen.scenario)
    with SimulatorServer(sim, chosen.port, follow_wall=not chosen.frozen) as server:
        try:
            # Who reads the address may interrupt before the write returns.
            sys.stdout.write(f"{server.url}\n")
            sys.stdout.flush()
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
