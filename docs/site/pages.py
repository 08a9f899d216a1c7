"""The pages of docs/ as the site shows them: the index by its name, links within the site only."""

import posixpath
import re
import shutil
from pathlib import Path

DOCS = Path(__file__).parents[1]
ONLY_THERE = frozenset({"package-index.md"})
"""Pages that are for somewhere else."""
_PICTURES = (".svg", ".webp")
_LINK = re.compile(r"(?<!!)\[(?P<words>[^\]]+)\]\((?P<target>[^)\s]+)\)")


def lay_out(folder: Path) -> list[str]:
    """Writes the pages and their pictures into an empty folder; returns the names of the pages."""
    for picture in sorted(DOCS.rglob("*")):
        if picture.suffix in _PICTURES:
            copy = folder / picture.relative_to(DOCS)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(picture, copy)
    names = []
    for page in sorted(DOCS.glob("*.md")):
        if page.name not in ONLY_THERE:
            names.append(on_site(page.name))
            folder.joinpath(names[-1]).write_text(inward(page.read_text("utf-8")), encoding="utf-8")
    return names


def on_site(name: str) -> str:
    """The name that a page has on the site."""
    return "index.md" if name == "README.md" else name


def inward(markdown: str) -> str:
    """A page without links to what is not on the site, which is the sources: their words stay.

    >>> inward("see [the machine](../states/machine.py#L3) and [keys](keys.md#doctor)")
    'see the machine and [keys](keys.md#doctor)'
    >>> inward("back to [the index](README.md), as the [index](package-index.md) shows it")
    'back to [the index](index.md), as the index shows it'
    """

    def replaced(link: re.Match[str]) -> str:
        target, words = link["target"], link["words"]
        name, hash_, anchor = target.partition("#")
        if target.startswith("https://"):
            return link[0]
        if name in ONLY_THERE or posixpath.normpath(name).startswith(".."):
            return words
        return f"[{words}]({on_site(name)}{hash_}{anchor})"

    return _LINK.sub(replaced, markdown)
