"""``python -m chaos``: runs campaigns, replays histories, proves the campaign, compares, soaks."""

import sys

from .command_line import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
