"""The page of alerts explains whatever an alert says, and nothing that no alert says."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, text
from trueup.adapters.bybit.codes.classify import known_codes
from trueup.domain.model.intent import IntentStatus
from trueup.domain.model.outcomes import OutcomeClass
from trueup.domain.model.record import RunOutcome
from trueup.domain.reporting.alert_lines import LINES, explain
from trueup.domain.reporting.alert_text import MARKS
from trueup.domain.reporting.explanations import CLASSES, OUTCOMES, VARIES, WRITES, ExplainedLine

_PRODUCT = ("domain", "states", "engine", "adapters")
_TABLES = {"alert_lines.py", "explanations.py", "key_lines.py", "event_explanations.py"}
_LEVEL = re.compile(r"TP\d+(?:\.\d+)?: \S+→\S+ (?P<rest>.*)")
_HEAD = "📋 Summary:"


def _alerts() -> Iterator[tuple[Path, list[str]]]:
    """The result lines of every alert in every snapshot of the tests."""
    for path in sorted((ROOT / "tests").rglob("*.ambr")):
        lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
        for place, line in enumerate(lines):
            if line == _HEAD:
                yield path, lines[place + 1 : lines.index("", place)]


def _said(lines: list[str]) -> Iterator[str]:
    """What has to be explained: notes whole, and the reason behind a level's mark and code."""
    for line in lines:
        shown = line.removeprefix("• Results:").strip()
        if not shown or shown.startswith("• "):
            continue
        level = _LEVEL.fullmatch(shown)
        if level is None:
            yield shown
            continue
        mark = max((m for m in MARKS.values() if level["rest"].startswith(m)), key=len)
        reason = level["rest"].removeprefix(mark).strip()
        code, _, after = reason.partition(" ")
        if code.isdigit() and mark in (MARKS[IntentStatus.REFUSED], MARKS[IntentStatus.UNKNOWN]):
            continue  # The exchange's own words: the code explains them.
        reason = after if code.isdigit() else reason
        if reason:
            yield reason


def test_every_line_of_every_alert_in_the_stories_is_explained() -> None:
    alerts = list(_alerts())
    assert len(alerts) > 50
    unexplained = {
        f"{path.relative_to(ROOT)}: {line}"
        for path, lines in alerts
        for line in _said(lines)
        if explain(line) is None
    }
    assert unexplained == set()


@pytest.fixture(scope="module")
def texts() -> str:
    """Every text of the product from which an alert may be made, one a line."""
    found: list[str] = []
    for folder in _PRODUCT:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path.name not in _TABLES:
                found += _texts(ast.parse(path.read_text("utf-8")))
    return "\n".join(found)


def _texts(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (p.value if isinstance(p, ast.Constant) else VARIES for p in node.values)
            yield "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.text)
def test_no_explanation_is_of_a_line_that_the_product_no_longer_writes(
    line: ExplainedLine, texts: str
) -> None:
    parts = line.text.split(VARIES)
    pairs = [f"{one} {next_}" for part in parts for one, next_ in pairwise(part.split())]
    written = [pair for pair in pairs if pair in texts]
    # A line may be composed of several texts, so not every pair of its words stands in one.
    assert 2 * len(written) >= len(pairs)


def test_no_line_is_hidden_by_one_before_it() -> None:
    hidden = [line.text for line in LINES if explain(line.text.replace(VARIES, "7")) is not line]
    assert hidden == []


def test_whatever_can_be_in_an_alert_has_a_cause_and_a_remedy() -> None:
    assert set(OUTCOMES) == set(RunOutcome)
    assert set(WRITES) == set(IntentStatus)
    assert set(CLASSES) == set(OutcomeClass)
    page = text("alerts.md")
    numbers = set(map(int, re.findall(r"-?\d+", page.split("## Codes")[1])))
    assert {code.code for code in known_codes() if code.kind is not OutcomeClass.OK} <= numbers
