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

PICTURES = DOCS / "pictures"
AT_MOST = 400_000
"""Bytes of all of them: whoever clones the repository has them, too."""
_NAMED = re.compile(r"[\w-]+\.md")


def test_the_menu_has_every_page_once() -> None:
    menu = tomllib.loads((DOCS / "site" / "zensical.toml").read_text("utf-8"))["project"]["nav"]
    pages = {on_site(path.name) for path in DOCS.glob("*.md")} - ONLY_THERE
    assert sorted(_NAMED.findall(str(menu))) == sorted(pages)


def test_the_site_is_built_without_a_warning() -> None:
    assert main() == 0
    page = (ROOT / "build" / "site" / "machine.html").read_text("utf-8")
    assert 'src="machine.svg"' in page
    for journey, picture in (("beside-my-bot", "page-1440"), ("alerts", "monitor-1440")):
        page_of = (ROOT / "build" / "site" / f"{journey}.html").read_text("utf-8")
        assert f'src="pictures/{picture}.webp"' in page_of
        assert (ROOT / "build" / "site" / "pictures" / f"{picture}.webp").is_file()
    assert "stepper.py" in page
    assert "../engine" not in page


def test_pictures_are_laid_out_beside_the_pages(tmp_path: Path) -> None:
    lay_out(tmp_path)
    pictures = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.svg")}
    assert {"machine.svg", "time-to-true.svg", "stops/breakeven.svg"} <= pictures


def test_every_picture_is_shown_by_a_page_and_together_they_are_small(tmp_path: Path) -> None:
    lay_out(tmp_path)
    pages = "".join(page.read_text("utf-8") for page in tmp_path.glob("*.md"))
    pictures = sorted(PICTURES.glob("*"))
    assert [one.name for one in pictures if f"](pictures/{one.name})" not in pages] == []
    assert len({one.suffix for one in pictures}) == 1
    assert sum(one.stat().st_size for one in pictures) <= AT_MOST


def test_the_page_is_shown_wide_and_on_a_phone_light_and_dark() -> None:
    names = {one.stem for one in PICTURES.glob("*")}
    looks = [f"{width}{dark}" for width in (1440, 390) for dark in ("", "-dark")]
    assert {f"{what}-{look}" for what in ("page", "monitor") for look in looks} <= names


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[a](b.md)", "[a](b.md)"),
        ("[a](README.md#c)", "[a](index.md#c)"),
        ("[a](../README.md)", "a"),
        ("[a](https://b.org/c)", "[a](https://b.org/c)"),
        ("[a](#b)", "[a](#b)"),
        ("![a](b.webp)", "![a](b.webp)"),
    ],
)
def test_links(written: str, shown: str) -> None:
    assert inward(written) == shown


def test_the_picture_shows_every_transition() -> None:
    shown = re.findall(r'fill="#8c959f">([a-z, ]+)</text>', machine_picture())
    assert sorted(event for events in shown for event in events.split(", ")) == sorted(
        each.event for each in transitions() if each.event != "broke"
    )
