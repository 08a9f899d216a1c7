"""``python -m tests.clients``: makes every call of ccxt on the simulator, keeps the outcomes."""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.clients.ccxt.running import OUTCOMES, outcomes


def main() -> int:
    """Writes the outcomes, from which docs/clients.md is generated."""
    with TemporaryDirectory() as folder:
        told = outcomes(Path(folder))
    OUTCOMES.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
