"""``package-index.md``: the README as the package index shows it, without relative links.

None works there: a file is named by its path instead, and a picture of ours is left out.
"""

import re

from ..house.rooms import ROOT

_LINK = re.compile(r"\[([^\]]+)\]\((?!https?://)([^)#]+)(#[^)]*)?\)")
_PICTURE = re.compile(r"^!\[[^\]]*\]\((?!https?://)[^)]+\)\n\n", re.MULTILINE)
_WHERE = "The files that this page names are in the source distribution."


def package_index() -> str:
    """README.md as it is shown there."""
    readme = (ROOT / "README.md").read_text("utf-8")
    return f"{without_files(readme).rstrip()}\n\n{_WHERE}\n"


def without_files(readme: str) -> str:
    r"""The page without pictures and links that are files beside it.

    >>> without_files("See [a](a.md):\n\n![A picture](a.webp)\n\nand [x](https://x.org).")
    'See a (`a.md`):\n\nand [x](https://x.org).'
    """
    return _LINK.sub(_as_path, _PICTURE.sub("", readme))


def _as_path(link: re.Match[str]) -> str:
    text, path = link[1], link[2]
    return f"`{path}`" if text.strip("`") == path else f"{text} (`{path}`)"
