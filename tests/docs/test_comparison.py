"""The comparison answers every question for every program, and each answer has its source."""

import re

import pytest

from tests.docs.pages import text

PROGRAMS = [
    "trueup",
    "nautilus_trader",
    "freqtrade",
    "hummingbot",
    "passivbot",
    "OctoBot",
    "Cornix",
    "3Commas",
    "Altrady",
]
NOT_FOUND = "not documented, as far as we found"
_SECTION = re.compile(r"^## ([^\n]+\?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| (\w+) \| (.+) \|$", re.MULTILINE)


def _sections() -> dict[str, list[tuple[str, str]]]:
    """The rows of each question: the program, and what is said of it."""
    return {
        question: [(name, said) for name, said in _ROW.findall(body) if name != "program"]
        for question, body in _SECTION.findall(text("comparison.md"))
    }


def test_every_question_is_answered_for_every_program() -> None:
    sections = _sections()
    assert len(sections) >= 8
    assert {
        question: [name for name, _ in rows] for question, rows in sections.items()
    } == dict.fromkeys(sections, PROGRAMS)


def test_every_answer_has_its_source_or_says_that_none_was_found() -> None:
    bare = [
        (question, name)
        for question, rows in _sections().items()
        for name, said in rows
        if "](" not in said and NOT_FOUND not in said
    ]
    assert bare == []


@pytest.mark.parametrize("registry", ["pypi.org", "crates.io", "npmjs"])
def test_no_source_is_a_package_registry(registry: str) -> None:
    assert registry not in text("comparison.md")
