"""Serve a scenario file: `python -m trueup.simulator fixtures/scenarios/band.toml`."""

import argparse
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from .server.scenario import load_scenario
from .server.server import SimulatorServer


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve a scenario file until interrupted, and print the address."""
    parser = argparse.ArgumentParser(prog="trueup.simulator", description=__doc__)
    parser.add_argument("scenario", type=Path, help="a TOML scenario file")
    parser.add_argument("--port", type=int, default=0, help="the port; 0 for any free one")
    parser.add_argument(
        "--frozen",
        action="store_true",
        help="let time stand still, except for POST /control/advance",
    )
    chosen = parser.parse_args(arguments)
    sim = load_scenario(chosen.scenario)
    with SimulatorServer(sim, chosen.port, follow_wall=not chosen.frozen) as server:
        try:
            # A caller that reads the address may send the interrupt before the write returns.
            sys.stdout.write(f"{server.url}\n")
            sys.stdout.flush()
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
