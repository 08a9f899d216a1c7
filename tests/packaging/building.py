"""The wheel, built from a copy of the sources: what an earlier build left behind is not in it."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FACE = ROOT / "src" / "trueup"
FOLDERS = ("src", *(link.name for link in FACE.iterdir() if link.is_symlink()))
BESIDE = ("chaos", "oracle", "bench", "tests", "docs", "examples")
FILES = (
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Containerfile",
    "LICENSE",
    "MANIFEST.in",
    "Makefile",
    "README.md",
    "pyproject.toml",
    "requirements.lock",
    "service.lock",
)


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
    wheel_of(_copied(folder), folder)
    (built,) = folder.glob("*.whl")
    return built


def wheel_of(sources: Path, folder: Path) -> None:
    """Builds the wheel of a folder of sources into another folder, without the index."""
    offline = ("--no-build-isolation", "--no-deps", "--no-index", "--disable-pip-version-check")
    run(sys.executable, "-m", "pip", "wheel", *offline, "-w", folder, sources, cwd=folder)


def build_sources(folder: Path) -> Path:
    """Builds the source distribution into a folder, without the index."""
    ask = "import sys; from setuptools.build_meta import build_sdist; build_sdist(sys.argv[1])"
    run(sys.executable, "-c", ask, folder, cwd=_copied(folder))
    (built,) = folder.glob("*.tar.gz")
    return built


def _copied(folder: Path) -> Path:
    """A copy of what is in the repository, without what was made of it."""
    sources = folder / "sources"
    away = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in (*FOLDERS, *BESIDE, "fixtures"):
        shutil.copytree(ROOT / name, sources / name, symlinks=True, ignore=away)
    for name in FILES:
        shutil.copy(ROOT / name, sources)
    return sources
