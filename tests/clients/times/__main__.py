"""``python -m tests.clients.times``: measures, and keeps what it has measured (ten minutes)."""

import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.clients.times.freqtrades import freqtrades
from tests.clients.times.knowing import known

RECORD = Path(__file__).parent / "times.json"


def main() -> int:
    """Writes the figures, from which docs/clients.md is generated, as they come."""
    told: dict[str, object] = {"cpus": os.cpu_count(), "load": _load()}
    with TemporaryDirectory() as folder:
        told["known"], rounds = known(Path(folder))
        for figures in freqtrades(Path(folder), rounds):
            told |= figures | {"load_after": _load()}
            RECORD.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return 0


def _load() -> float:
    """The machine's load over the last minute."""
    return round(os.getloadavg()[0], 1)


if __name__ == "__main__":
    sys.exit(main())
