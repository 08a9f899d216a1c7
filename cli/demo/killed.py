"""``python -m trueup.cli.demo.killed URL FILE``: the process that the demo kills at its work."""

import sys

from ... import Reconciler
from .accounts import accounts


def main(url: str, database: str) -> None:
    """Runs the monitors that have a stop once."""
    with Reconciler(f"sqlite:///{database}", accounts=accounts(url), sinks=()) as reconciler:
        for monitor in reconciler.monitors():
            if monitor.stop is not None:
                reconciler.reconcile(monitor)


if __name__ == "__main__":
    main(*sys.argv[1:])
