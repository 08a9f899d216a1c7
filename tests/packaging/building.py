"""The wheel, built from a copy of the sources: what an earlier build left behind is not in it."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FACE = ROOT / "src" / "trueup"
FOLDERS = ("src", *(link.name for link in FACE.iterdir() if link.is_symlink()))
BESIDE = ("chaos", "oracle", "bench", "tests", "docs", "examples")


def run(*command: str | Path, cwd: Path, limit_s: float = 60) -> str:
    """What a command prints.

    Raises:
        AssertionError: it failed; the message is what it printed.
    """
    done = subprocess.run(  # noqa: S603 - our own interpreter and what it installed
        command, cwd=cwd, capture_output=True, text=True, check=False, timeout=limit_s
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(folder: Path) -> Path:
    """Builds the wheel into a folder, without the index."""
    sources = folder / "sources"
    for name in (*FOLDERS, *BESIDE):
        away = shutil.ignore_patterns("__pycache__", "*.egg-info", "__snapshots__")
        shutil.copytree(ROOT / name, sources / name, symlinks=True, ignore=away)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, sources)
    offline = ("--no-build-isolation", "--no-deps", "--no-index", "--disable-pip-version-check")
    run(sys.executable, "-m", "pip", "wheel", *offline, "-w", folder, sources, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built
