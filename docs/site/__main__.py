"""``python -m docs.site``: builds the site into build/site; any warning is an error."""

import shutil
import subprocess
import sys
from pathlib import Path

from .pages import lay_out

_CONFIGURATION = Path(__file__).with_name("zensical.toml")
_BUILD = Path(__file__).parents[2] / "build"


def main() -> int:
    """Builds it; returns the exit code of what builds."""
    for name in ("pages", "site"):
        shutil.rmtree(_BUILD / name, ignore_errors=True)
    pages = _BUILD / "pages"
    pages.mkdir(parents=True)
    lay_out(pages)
    shutil.copyfile(_CONFIGURATION, _BUILD / _CONFIGURATION.name)
    command = (sys.executable, "-m", "zensical", "build", "--strict", "--clean")
    return subprocess.run(command, cwd=_BUILD, check=False).returncode  # noqa: S603 - no input in it


if __name__ == "__main__":
    sys.exit(main())
