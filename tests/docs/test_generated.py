"""The generated pages are what the code says, however often and wherever they are written."""

from pathlib import Path

import pytest

from docs.generate import PAGES, differing, main, write
from docs.writers.commands import names
from docs.writers.stories import shortest_by_step
from tests.docs.pages import text
from trueup.states.machine import transitions


def test_the_pages_are_what_the_code_says() -> None:
    assert differing() == []


def test_a_page_that_differs_or_is_missing_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path)
    assert main(["--check"], tmp_path) == 0
    (tmp_path / "codes.md").write_text("old", encoding="utf-8")
    (tmp_path / "errors.md").unlink()
    assert main(["--check"], tmp_path) == 1
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in told] == ["docs/codes.md", "docs/errors.md"]
    assert (tmp_path / "codes.md").read_text("utf-8") == "old"
    assert main([], tmp_path) == 0
    assert differing(tmp_path) == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_does_not_depend_on_the_terminal(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("FORCE_COLOR", "1")
    narrow = PAGES[page]()
    monkeypatch.setenv("COLUMNS", "200")
    assert PAGES[page]() == narrow
    assert "\x1b" not in narrow


def test_every_transition_has_a_story() -> None:
    assert set(shortest_by_step()) == {each.step for each in transitions()}


def test_every_command_has_its_help() -> None:
    page = text("cli.md")
    assert [name for name in names() if f"Usage: trueup {name} " not in page] == []
