"""The scenarios that ship: each is a TOML file in this folder, known by its name."""

from pathlib import Path

_FOLDER = Path(__file__).parent


def scenarios() -> dict[str, Path]:
    """The scenarios that ship, by name.

    >>> [*scenarios()]
    ['band', 'hedge', 'start']
    """
    return {path.stem: path for path in sorted(_FOLDER.glob("*.toml"))}


def says(scenario: Path) -> str:
    """What a scenario is: the first sentence of the comment that it begins with."""
    lines = scenario.read_text(encoding="utf-8").splitlines()
    comment = " ".join(line.removeprefix("#").strip() for line in lines[:3] if line[:1] == "#")
    return comment.partition(". ")[0].removesuffix(".")
