"""``python -m docs.screenshots [FOLDER]``: takes all pictures, into docs/pictures by default."""

import sys
from pathlib import Path

from .page import engine_page
from .simulated import simulator_page


def main(folder: Path) -> int:
    """Writes the pictures."""
    engine_page(folder)
    simulator_page(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(*sys.argv[1:] or (Path(__file__).parents[1] / "pictures",))))
