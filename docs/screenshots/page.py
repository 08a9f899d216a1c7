"""The pictures of the page: the overview and one monitor, wide and on a phone, light and dark."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from selenium.webdriver import Keys, Remote
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.chromium import browser, resize, screenshot

from .desk import TOKEN, desk

PATHS: Mapping[str, str] = {"page": "/", "monitor": "/monitors/main/ETHUSDT/Buy"}
"""The names of the pictures, and what they show."""
SIZES = ((1440, 1250), (390, 1420))
"""In CSS pixels; a longer page is cut off there."""
_FEW = 400
"""The window's height before: a page is at least as high as its window."""


def engine_page(folder: Path) -> None:
    """Takes them: of the page that `trueup run` serves."""
    with TemporaryDirectory() as place, browser() as window, desk(Path(place)) as origin:
        window.get(origin)
        window.find_element(By.ID, "token").send_keys(TOKEN, Keys.ENTER)
        _live(window)
        for name, path in PATHS.items():
            for width, height in SIZES:
                for dark in (False, True):
                    resize(window, width, _FEW, dark=dark)
                    window.get(origin + path)
                    _live(window)
                    screenshot(window, folder / _file(name, width, dark=dark), at_most=height)


def _file(name: str, width: int, *, dark: bool) -> str:
    return f"{name}-{width}{'-dark' if dark else ''}.webp"


def _live(window: Remote) -> None:
    """Until the page follows the database."""
    words = (By.ID, "link-words")
    WebDriverWait(window, 15, 0.05).until(
        lambda _: window.find_element(*words).text == "page up to date"
    )
