"""The blocks of every page, in their order: what is a command, and what one prints."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import dedent

from docs.site.pages import ONLY_THERE
from tests.docs.pages import DOCS, ROOT

PAGES = (
    ROOT / "README.md",
    *(page for page in sorted(DOCS.glob("**/*.md")) if page.name not in ONLY_THERE),
    *sorted((ROOT / "examples").glob("*/README.md")),
)
_BLOCK = re.compile(
    r"^(?P<in> *)```(?P<of>\S*)[^\n]*\n(?P<code>.*?)^(?P=in)```$", re.MULTILINE | re.DOTALL
)
_SHELLS = ("sh", "bash", "shell", "console", "shell-session")
_PROMPT = "$ "


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page.

    Attributes:
        page: its path in the repository.
        language: as the fence says; may be empty.
        code: without the indentation of the fence.
    """

    page: str
    language: str
    code: str

    @property
    def is_commands(self) -> bool:
        """Whether it is for a shell."""
        return self.language in _SHELLS

    @property
    def commands(self) -> str:
        """What is given to the shell: of a console, the lines behind a prompt."""
        if not self.language.endswith(("console", "session")):
            return self.code
        lines = self.code.splitlines(keepends=True)
        return "".join(line.removeprefix(_PROMPT) for line in lines if line.startswith(_PROMPT))

    @property
    def printed(self) -> str:
        """What the block says that is printed: all of a text, of a console the other lines."""
        if not self.is_commands:
            return self.code
        lines = self.code.splitlines(keepends=True)
        return "".join(line for line in lines if not line.startswith(_PROMPT))


def every_block() -> Iterator[Block]:
    """The blocks of all pages."""
    for page in PAGES:
        for match in _BLOCK.finditer(page.read_text("utf-8")):
            name = page.relative_to(ROOT).as_posix()
            yield Block(name, match["of"], dedent(match["code"]))


def printed_by(said: str, shown: str) -> bool:
    """Whether the paragraphs shown were said, in their order: figures and spaces may be others.

    >>> printed_by("it took 12.5 ms in all", "it took 3 ms"), printed_by("2 runs", "2 rows")
    (True, False)
    """
    pattern = ".*".join(_pattern(paragraph) for paragraph in shown.strip().split("\n\n"))
    return re.search(pattern, said, re.DOTALL) is not None


def _pattern(paragraph: str) -> str:
    escaped = re.escape(re.sub(r"\s+", " ", paragraph)).replace(r"\ ", r"\s+")
    return re.sub(r"\d+(?:\\\.\d+)?", r"\\d+(?:\\.\\d+)?", escaped)
