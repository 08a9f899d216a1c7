"""Environments of what the wheel asks for, and nothing else; made of what is installed here.

pip would install the same: the requirements of the wheel, and theirs, by their metadata. So no test
waits for an index, and none passes because of a library that only the developers have.
"""

import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PathDistribution, distribution
from pathlib import Path
from zipfile import Path as ZipPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.building import run


def environment(wheel: Path, home: Path, *extras: str) -> Path:
    """The programs of a new environment with the wheel and what it asks for with those extras."""
    run(sys.executable, "-m", "venv", "--without-pip", home, cwd=home.parent)
    (packages,) = home.glob("lib/python*/site-packages")
    for each in required(wheel, *extras):
        _link(each, packages)
    target = ("--python", home / "bin" / "python")
    offline = ("--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check")
    run(sys.executable, "-m", "pip", *target, "install", *offline, wheel, cwd=home)
    return home / "bin"


def metadata(wheel: Path) -> Distribution:
    """What the wheel says of itself."""
    (info,) = (each for each in ZipPath(wheel).iterdir() if each.name.endswith(".dist-info"))
    return PathDistribution(info)


def required(wheel: Path, *extras: str) -> Iterator[Distribution]:
    """The distributions that an install of the wheel brings, each once."""
    own = metadata(wheel)
    name = canonicalize_name(own.metadata["Name"])
    waiting = [(own, extra) for extra in ("", *extras)]
    seen = {(name, extra) for extra in ("", *extras)}
    found = {name}
    while waiting:
        asking, extra = waiting.pop()
        for line in asking.requires or ():
            asked = Requirement(line)
            if asked.marker is not None and not asked.marker.evaluate({"extra": extra}):
                continue
            each = canonicalize_name(asked.name)
            brought = own if each == name else distribution(each)
            news = {(each, more) for more in ("", *asked.extras)} - seen
            seen |= news
            waiting += ((brought, more) for _, more in news)
            if each not in found:
                found.add(each)
                yield brought


def _link(each: Distribution, packages: Path) -> None:
    """Puts what a distribution has in the folder of packages, as links; its programs are not."""
    for top in {file.parts[0] for file in each.files or ()} - {"..", "__pycache__"}:
        link = packages / top
        if not link.exists():
            link.symlink_to(str(each.locate_file(top)))
