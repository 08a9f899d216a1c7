"""The page in a real Chromium: two hundred monitors, three of which need somebody."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import ActionChains, Keys, Remote
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.chromium import resize, tell

from .asking import TOKEN, Visitor, page_of
from .scene import BARE, LOST, POOR, UNCOVERED, Scene, scene

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

AXE = Path(__file__).parents[2] / "browser" / "vendor" / "axe.min.js"
LOOKS = [(1440, False), (1440, True), (390, False), (390, True)]
PATHS = (
    "/",
    "/monitors/desk0/S40USDT/Buy",
    "/monitors/desk0/S0USDT/Buy",
    "/monitors/desk0/S40USDT/Buy/stop",
)
_EXPLAINED = 'a[href^="/runs/"]'
_RUN = "const done = arguments[0]; axe.run().then((found) => done(found.violations));"
_WIDEST = "return document.documentElement.scrollWidth"
_LETTERS = """
const height = (one) => parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a;
return [...document.querySelectorAll("svg text")].map(height);
"""
"""How many pixels high the letters of each drawing are."""
_LEAST = 11


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Two hundred monitors, each of which has run."""
    with scene(tmp_path_factory.mktemp("page"), 200) as made:
        yield made


@pytest.fixture(scope="module")
def visitor(many: Scene) -> Iterator[Visitor]:
    """The address of their page."""
    with page_of(many.url) as made:
        yield made


@pytest.fixture
def page(chromium: Remote, visitor: Visitor) -> Remote:
    """The overview, in a browser that has logged in by the form."""
    resize(chromium, 1440, 900)
    chromium.delete_all_cookies()
    chromium.get(visitor.origin)
    chromium.find_element(By.ID, "token").send_keys(TOKEN, Keys.ENTER)
    wait_for(chromium, "monitors")
    return chromium


def wait_for(window: Remote, element: str) -> None:
    WebDriverWait(window, 20, 0.05).until(lambda _: window.find_elements(By.ID, element))


def test_the_page_alone_says_which_since_when_how_much_why_and_what_to_do(page: Remote) -> None:
    assert page.title.startswith("3 of 200 need a person")
    rows = page.find_elements(By.CSS_SELECTOR, "tbody.monitor")
    said = {row.text.split()[0]: row.text for row in rows[: len(UNCOVERED)]}
    assert set(said) == set(UNCOVERED), "they stand first, without a click"
    for name, text in said.items():
        words = "no take-profit confirmed" if name == LOST else "no take-profit at all"
        assert f"What\n{words}" in text
        assert "Since\n20" in text
        assert "at the latest" in text
        assert "Next step\nStart the engine (trueup run)" in text, "nobody tries again by himself"
        assert "≈ 695 at the entry price" in text
    assert "1000 of 1000 uncovered" in said[POOR]
    assert "1000 of 1000 not known to be covered" in said[LOST]
    assert "TP1 0→850, TP2 0→50, TP3 0→50, TP4 0→50 refused: 110007" in said[POOR]
    assert "Give the monitor a ladder" not in said[POOR], "that is another case's remedy"
    assert "110007 ab not enough for new order" in said[POOR]
    assert "Free margin" in said[POOR]
    assert "no ladder" in said[BARE]
    assert "Give the monitor a ladder" in said[BARE]
    assert "502" in said[LOST]
    assert "look at the exchange's status page" in said[LOST]
    assert "needing" not in (rows[len(UNCOVERED)].get_attribute("class") or "")


def test_one_click_leads_to_all_that_is_known_of_one(page: Remote) -> None:
    page.find_element(By.PARTIAL_LINK_TEXT, POOR).click()
    wait_for(page, "prices")
    text = page.find_element(By.ID, "main").text
    for words in ("TP1, 85 %: nothing rests", "stop, for 1000", "1000 uncovered", "machine: Idle"):
        assert words in text
    assert "insufficient 110007" in text
    page.find_element(By.CSS_SELECTOR, _EXPLAINED).click()
    WebDriverWait(page, 20).until(lambda _: "What woke it" in page.page_source)
    assert not page.find_element(By.ID, "link").is_displayed(), "it follows nothing: it is past"


def test_what_needs_a_person_stands_above_all_else(page: Remote) -> None:
    assert page.find_element(By.ID, "engine").text == "▲ no engine has ever run"
    alarm = page.find_element(By.ID, "alarm").text
    assert "No engine is running: none of the 20 accounts is watched." in alarm
    assert "3 need a person:" in alarm
    resize(page, 390, 844)
    (first, *_) = page.find_elements(By.CSS_SELECTOR, ".jumps a")
    assert first.location["y"] + first.size["height"] < 844, "a phone shows them at once"
    first.click()
    wait_for(page, "prices")
    assert page.title.startswith(POOR)


def test_one_page_says_one_thing_of_an_unanswered_write(page: Remote) -> None:
    page.find_element(By.PARTIAL_LINK_TEXT, LOST).click()
    wait_for(page, "prices")
    text = page.find_element(By.ID, "main").text
    assert "Never uncovered" not in text
    assert "1000 not known to be covered since" in text
    assert "the run has used up its requests" in text
    assert "unanswered, not found" in text
    assert "looked up, not found at" in text
    assert "no stop at the first read" in text, "the run has set it"
    page.find_element(By.CSS_SELECTOR, _EXPLAINED).click()
    WebDriverWait(page, 20).until(lambda _: "What woke it" in page.page_source)
    assert "not known: 1000 was not known to be covered" in page.find_element(By.ID, "main").text


def test_one_outcome_has_one_word_and_the_alert_names_what_is_bare(page: Remote) -> None:
    page.find_element(By.PARTIAL_LINK_TEXT, BARE).click()
    wait_for(page, "prices")
    text = page.find_element(By.ID, "main").text
    assert "IN_SYNC" not in text
    assert "Ladder from\nnone" in text
    assert "no ladder is given: trueup places no take-profit for the 1000" in text
    assert "to sink ‘nobody’" in text


def test_every_page_leads_back(page: Remote, visitor: Visitor) -> None:
    page.get(f"{visitor.origin}/monitors/desk0/S40USDT/Buy/levels/1")
    trail = page.find_element(By.CLASS_NAME, "trail")
    assert trail.text == "All / desk0 / S40USDT long / TP1"
    assert page.find_element(By.ID, "link").is_displayed()
    page.find_element(By.CSS_SELECTOR, _EXPLAINED).click()
    WebDriverWait(page, 20).until(lambda _: "What woke it" in page.page_source)
    page.find_element(By.LINK_TEXT, "S40USDT long").click()
    wait_for(page, "prices")
    assert page.current_url.endswith("/monitors/desk0/S40USDT/Buy")


def test_a_filter_without_a_connection_does_not_count(page: Remote) -> None:
    network = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    tell(page, "Network.enable", {})
    tell(page, "Network.emulateNetworkConditions", network)
    try:
        page.find_element(By.ID, "text").send_keys("s17usdt")
        WebDriverWait(page, 20, 0.05).until(
            lambda _: page.find_element(By.ID, "shown").text.startswith("No connection")
        )
    finally:
        tell(page, "Network.emulateNetworkConditions", network | {"offline": False})
    WebDriverWait(page, 30, 0.05, (StaleElementReferenceException,)).until(
        lambda _: page.find_element(By.ID, "shown").text.startswith("1 shown"),
        "it is asked for again",
    )


def test_the_list_is_filtered_as_one_types(page: Remote) -> None:
    page.find_element(By.ID, "text").send_keys("s17usdt")
    WebDriverWait(page, 20, 0.05).until(
        lambda _: len(page.find_elements(By.CSS_SELECTOR, "tbody.monitor")) == 1
    )
    assert page.current_url.endswith("?text=s17usdt&account=&show=&sort=")
    assert page.switch_to.active_element.get_attribute("id") == "text"


def test_the_page_follows_what_happens(page: Remote, many: Scene) -> None:
    link = page.find_element(By.ID, "link-words")
    WebDriverWait(page, 20, 0.05).until(lambda _: link.text == "page up to date")
    many.reconciler.pause("desk17", by="ann", reason="<b>news</b>")
    try:
        WebDriverWait(page, 20, 0.05, (StaleElementReferenceException,)).until(
            lambda _: "by ann" in page.find_element(By.ID, "board").text
        )
        WebDriverWait(page, 20, 0.05, (StaleElementReferenceException,)).until(
            lambda _: "<b>news</b>" in page.find_element(By.ID, "notices").text,
            "what somebody wrote is text",
        )
    finally:
        many.reconciler.resume("desk17", by="ann")


def test_the_page_is_used_by_keyboard_alone(page: Remote) -> None:
    names = []
    for _ in range(14):
        ActionChains(page).send_keys(Keys.TAB).perform()
        focused = page.switch_to.active_element
        names.append(focused.accessible_name)
        assert focused.value_of_css_property("outline-style") != "none", names
    text = " | ".join(names)
    for name in ("Log out", "Symbol or account", "Sort by"):
        assert name in text
    assert any(name.startswith("S") and "USDT" in name for name in names)


@pytest.mark.parametrize(("width", "dark"), LOOKS)
@pytest.mark.parametrize("path", PATHS)
def test_everybody_can_read_it(
    page: Remote, visitor: Visitor, path: str, *, width: int, dark: bool
) -> None:
    resize(page, width, 900, dark=dark)
    page.get(visitor.origin + path)
    _is_readable(page, width)


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_everybody_can_read_a_run(
    page: Remote, visitor: Visitor, *, width: int, dark: bool
) -> None:
    resize(page, width, 900, dark=dark)
    page.get(f"{visitor.origin}/monitors/desk0/S40USDT/Buy")
    page.get(page.find_element(By.CSS_SELECTOR, _EXPLAINED).get_attribute("href") or "")
    assert page.find_elements(By.CSS_SELECTOR, "svg.calls"), "its requests are drawn"
    _is_readable(page, width)


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_everybody_can_read_the_log_in(
    chromium: Remote, visitor: Visitor, *, width: int, dark: bool
) -> None:
    chromium.delete_all_cookies()
    resize(chromium, width, 844, dark=dark)
    chromium.get(visitor.origin)
    assert chromium.find_elements(By.ID, "token")
    _is_readable(chromium, width)


def _is_readable(window: Remote, width: int) -> None:
    """Axe finds nothing grave, nothing is cut off at the side, and drawn letters are no dots."""
    window.execute_script(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = window.execute_async_script(_RUN)
    grave = [
        (one["id"], one["impact"], [node["html"][:120] for node in one["nodes"]][:3])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert grave == []
    assert window.execute_script(_WIDEST) <= width
    letters: list[float] = window.execute_script(_LETTERS)
    assert min(letters, default=_LEAST) >= _LEAST
