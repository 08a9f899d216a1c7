"""``package-index.md``: the README as the package index shows it, where no relative link works."""

import re

from ..house.rooms import ROOT

_LINK = re.compile(r"\[([^\]]+)\]\((?!https?://)([^)#]+)(#[^)]*)?\)")
_WHERE = "The files that this page names are in the source distribution."


def package_index() -> str:
    """README.md, with paths in place of relative links."""
    readme = (ROOT / "README.md").read_text("utf-8")
    return f"{_LINK.sub(_as_path, readme).rstrip()}\n\n{_WHERE}\n"


def _as_path(link: re.Match[str]) -> str:
    text, path = link[1], link[2]
    return f"`{path}`" if text.strip("`") == path else f"{text} (`{path}`)"
