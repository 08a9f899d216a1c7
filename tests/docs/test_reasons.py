"""Whoever silences the linter or the type checker says why, on the same line."""

import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

_SILENCED = re.compile(r"#\s*(?:ruff:\s*)?noqa|#\s*type:\s*ignore|#\s*mypy:|#\s*pylint:")
_WITH_A_REASON = re.compile(
    r"# (?:ruff: )?noqa: [A-Z]+\d+(?:, [A-Z]+\d+)* - \S.+"
    r"|# type: ignore\[[a-z-]+(?:, [a-z-]+)*\] +# \S.+"
)


def _sources() -> Iterator[Path]:
    yield from (ROOT / "src" / "trueup").glob("*.py")
    for folder in ROOT.iterdir():
        if (folder / "__init__.py").is_file() and folder.name != "src":
            yield from folder.rglob("*.py")


def _unexplained(path: Path) -> Iterator[str]:
    with tokenize.open(path) as source:
        for token in tokenize.generate_tokens(source.readline):
            silences = token.type == tokenize.COMMENT and _SILENCED.search(token.string)
            if silences and not _WITH_A_REASON.fullmatch(token.string):
                yield f"{path.name}:{token.start[0]}: {token.string}"


def test_every_exception_has_its_reason() -> None:
    sources = list(_sources())
    assert len(sources) > 100
    assert [line for path in sources for line in _unexplained(path)] == []


@pytest.mark.parametrize(
    ("comment", "is_explained"),
    [
        ("# noqa: S603 - our own command", True),
        ("# ruff: noqa: T201, D103 - an example shows what it does", True),
        ("# type: ignore[misc] # pybit ships no types", True),
        ("# noqa: S603", False),
        ("# noqa: S603 -", False),
        ("# noqa", False),
        ("# type: ignore[misc]", False),
        ("# type: ignore # pybit ships no types", False),
        ("# just a comment", True),
    ],
)
def test_what_counts_as_a_reason(tmp_path: Path, comment: str, is_explained: bool) -> None:  # noqa: FBT001 - a parameter of the test
    path = tmp_path / "module.py"
    path.write_text(f"x = 1  {comment}\n", encoding="utf-8")
    assert (list(_unexplained(path)) == []) is is_explained
