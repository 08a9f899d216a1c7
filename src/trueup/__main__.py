"""``python -m trueup``: the same as the ``trueup`` command."""

from .cli.main import main

if __name__ == "__main__":
    main()
