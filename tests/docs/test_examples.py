"""The examples run, and do what they are shown for."""

import inspect
import re
import runpy
from importlib import import_module

import pytest

from tests.docs.pages import ROOT, blocks, text
from tests.testing.running import pytest_prints
from trueup.testing import Stage

PINNED = "examples/pinned_bot"
FOLLOWED = ["SUCCESS", "TP1: 189.7→285.2 ✅", "TP2: 11.2→16.8 ✅"]


@pytest.mark.parametrize("name", ["embed", "embed_timer", "embed_async"])
def test_an_embedded_reconciler_follows_the_entry(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    runpy.run_module(f"examples.{name}", run_name="__main__")
    lines = capsys.readouterr().out.splitlines()
    begin = lines.index("SUCCESS")
    assert lines[begin : begin + len(FOLLOWED)] == FOLLOWED
    assert "✅ TP REBALANCING SUCCESS" in lines


def test_a_simulator_driven_by_hand_fills_the_order(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_module("examples.drive_simulator", run_name="__main__")
    assert capsys.readouterr().out == "Buy 50 at 0.69\n"


@pytest.mark.parametrize(
    ("folder", "tests", "passed"),
    [(".", "examples/own_bot_test.py", 3), (PINNED, "test_bot.py", 11)],
)
def test_the_tests_of_a_bot_pass(folder: str, tests: str, passed: int) -> None:
    exit_code, printed = pytest_prints(ROOT / folder, "-n", "0", tests)
    assert exit_code == 0, printed
    assert f"{passed} passed" in printed
    assert "unused" not in printed


def test_the_page_shows_what_is_pinned() -> None:
    pinned = [file.read_text("utf-8") for file in (ROOT / PINNED).rglob("*.txt")]
    (shown,) = blocks(text("testing.md"), "text")
    assert [shown in one for one in pinned].count(True) == 1


def test_the_page_names_all_there_is() -> None:
    page, plugin = text("testing.md"), import_module("trueup.testing.plugin")
    fixtures = {name for name, one in vars(plugin).items() if hasattr(one, "_fixture_function")}
    options = [*inspect.signature(Stage).parameters][1:]
    calls = {name for name in vars(Stage) if not name.startswith("_")} - {"close", "uid"}
    assert _named(page, "fixture") == fixtures
    assert _named(page, "argument") == set(options)
    assert _named(page, "call") == calls


def _named(page: str, title: str) -> set[str]:
    """What the rows of a table begin with."""
    _, table = page.split(f"\n| {title} | ")
    rows, _, _ = table.partition("\n\n")
    return set(re.findall(r"^\| `(\w+)` \|", rows, re.MULTILINE))


def test_a_bot_among_the_examples_says_on_one_screen_what_it_is() -> None:
    bots = sorted((ROOT / "examples").glob("*/requirements.in"))
    (made,) = re.findall(r"^BOTS := (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert [bot.parent.name for bot in bots] == made.split()
    for bot in bots:
        page = (bot.parent / "README.md").read_text("utf-8")
        assert len(page.splitlines()) <= 40, bot
        assert "requirements.lock" in page
        assert (bot.parent / "requirements.lock").is_file()
