"""``python -m tests.packaging``: the example project in an environment of its own, from the wheel.

Builds the wheel, makes an environment, installs the wheel there with the extra ``testing``, and
runs the example's tests in a copy of it. The dependencies come from the index that pip is
configured with, in the versions of requirements.lock.
"""

import re
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from tests.packaging.building import ROOT, build, run

EXAMPLE = ROOT / "examples" / "pinned_bot"
LIMIT_S = 600.0
_PINNED = re.compile(r"^[\w.-]+==\S+(?: ; [^\\\n]+?)?(?= \\$)", re.MULTILINE)


def constraints() -> str:
    """The versions of requirements.lock, without hashes: the wheel, just built, has none there."""
    pinned = _PINNED.findall((ROOT / "requirements.lock").read_text("utf-8"))
    return "".join(f"{line}\n" for line in pinned)


def main() -> int:
    """Runs the example's tests; the exit code is 0, and everything else raises."""
    began = monotonic()
    with TemporaryDirectory() as name:
        folder = Path(name)
        wheel, environment = build(folder), folder / "environment"
        run(sys.executable, "-m", "venv", "--without-pip", environment, cwd=folder)
        python, limits = environment / "bin" / "python", folder / "constraints.txt"
        limits.write_text(constraints(), encoding="utf-8")
        pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
        options = ("--quiet", "--no-compile", "-c", limits)
        extra = f"trueup[testing] @ {wheel.as_uri()}"
        run(*pip, "install", *options, extra, cwd=folder, limit_s=LIMIT_S)
        example = folder / "example"
        shutil.copytree(EXAMPLE, example, ignore=shutil.ignore_patterns("__pycache__"))
        printed = run(python, "-m", "pytest", cwd=example, limit_s=LIMIT_S)
    sys.stdout.write(f"{printed}{monotonic() - began:.0f} s in all\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
