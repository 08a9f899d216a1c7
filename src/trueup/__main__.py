"""The ``trueup`` command, also as ``python -m trueup``: it starts without any extra.

A bare install is what a bot needs that embeds the engine. Commands need more; this module and what
it imports need nothing, so that a command can say which extra it is missing.
"""

import sys

from .extras import extra_for


def main() -> None:
    """Runs the command line; ends the process with its exit code, 2 where an extra is missing."""
    try:
        from .cli.main import main as command_line  # noqa: PLC0415 - it needs an extra

        command_line()
    except ModuleNotFoundError as error:
        extra = extra_for(error, sys.argv[1:])
        if extra is None:
            raise
        sys.stderr.write(f"trueup: {extra}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
