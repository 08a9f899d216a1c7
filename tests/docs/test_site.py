"""The site: every page is in its menu, every link on it leads somewhere, its pictures are there."""

import re
import tomllib
from pathlib import Path

import pytest

from docs.site.__main__ import main
from docs.site.pages import DOCS, ONLY_THERE, inward, lay_out, on_site
from docs.writers.machine_picture import machine_picture
from tests.docs.pages import ROOT
from trueup.states.machine import transitions

_NAMED = re.compile(r"[\w-]+\.md")


def test_the_menu_has_every_page_once() -> None:
    menu = tomllib.loads((DOCS / "site" / "zensical.toml").read_text("utf-8"))["project"]["nav"]
    pages = {on_site(path.name) for path in DOCS.glob("*.md")} - ONLY_THERE
    assert sorted(_NAMED.findall(str(menu))) == sorted(pages)


def test_the_site_is_built_without_a_warning() -> None:
    assert main() == 0
    page = (ROOT / "build" / "site" / "machine.html").read_text("utf-8")
    assert 'src="machine.svg"' in page
    assert "stepper.py" in page
    assert "../engine" not in page


def test_pictures_are_laid_out_beside_the_pages(tmp_path: Path) -> None:
    lay_out(tmp_path)
    pictures = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.svg")}
    assert {"machine.svg", "time-to-true.svg", "stops/breakeven.svg"} <= pictures


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[a](b.md)", "[a](b.md)"),
        ("[a](README.md#c)", "[a](index.md#c)"),
        ("[a](../README.md)", "a"),
        ("[a](https://b.org/c)", "[a](https://b.org/c)"),
        ("[a](#b)", "[a](#b)"),
        ("![a](b.png)", "![a](b.png)"),
    ],
)
def test_links(written: str, shown: str) -> None:
    assert inward(written) == shown


def test_the_picture_shows_every_transition() -> None:
    shown = re.findall(r'fill="#8c959f">([a-z, ]+)</text>', machine_picture())
    assert sorted(event for events in shown for event in events.split(", ")) == sorted(
        each.event for each in transitions() if each.event != "broke"
    )
