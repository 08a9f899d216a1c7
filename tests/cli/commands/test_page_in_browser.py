"""A person commands a running engine from its page, in a real Chromium: a plan, then the deed."""

from collections.abc import Iterator

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import ActionChains, Keys, Remote
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.chromium import resize
from trueup.simulator import Simulator, SimulatorServer
from trueup.storage import Row, open_reader

from ...service.asking import TOKEN
from ..conftest import build
from ..desk import MAIN, MIRROR, SYMBOL, Desk
from .paging import paged

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

MAIN_PAGE, MIRROR_PAGE = f"/monitors/main/{SYMBOL}/Buy", f"/monitors/mirror/{SYMBOL}/Buy"


@pytest.fixture(scope="module")
def exchange() -> Simulator:
    """Two longs, which these tests share."""
    return build()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, exchange: Simulator) -> Iterator[Desk]:
    """The desk of these tests."""
    with SimulatorServer(exchange) as server:
        made = Desk(tmp_path_factory.mktemp("desk"), server.url)
        yield made
        made.clear()


@pytest.fixture(scope="module")
def origin(desk: Desk) -> Iterator[str]:
    """The address of the page of their engine."""
    with paged(desk) as address:
        yield address


@pytest.fixture
def page(chromium: Remote, origin: str) -> Remote:
    """The overview, in a browser that has logged in."""
    resize(chromium, 1440, 900)
    chromium.get(origin)
    chromium.delete_all_cookies()
    chromium.get(origin)
    chromium.find_element(By.ID, "token").send_keys(TOKEN, Keys.ENTER)
    wait_for(chromium, "monitors")
    return chromium


def wait_for(page: Remote, element: str) -> str:
    """Waits for a part of a page; what it says."""
    ignored = (StaleElementReferenceException,)
    text: str = WebDriverWait(page, 30, 0.05, ignored).until(
        lambda _: [one.text for one in page.find_elements(By.ID, element)]
    )[0]
    return text


def says(page: Remote, words: str) -> None:
    """Waits until the part that follows the database says so by itself."""
    WebDriverWait(page, 30, 0.05, (StaleElementReferenceException,)).until(
        lambda _: words in page.find_element(By.ID, "board").text, words
    )


def planned(page: Remote, address: str, button: str) -> str:
    """Presses a button on a page; what the plan says, and nothing is done."""
    page.get(address)
    path = f"//button[normalize-space()='{button} …']"

    def pressed(_: Remote) -> bool:
        page.find_element(By.XPATH, path).click()
        return True

    WebDriverWait(page, 30, 0.05, (StaleElementReferenceException,)).until(pressed)
    wait_for(page, "ask")
    text = page.find_element(By.ID, "main").text
    assert "Nothing was done yet" in text
    return text


def confirmed(page: Remote, reason: str = "") -> str:
    """Confirms the plan; what became of it."""
    if reason:
        page.find_element(By.NAME, "reason").send_keys(reason)
    page.find_element(By.CSS_SELECTOR, "button.main").click()
    wait_for(page, "became")
    return page.find_element(By.ID, "main").text


def commands(desk: Desk) -> list[Row]:
    with open_reader(f"sqlite:///{desk.database}") as reader:
        return list(reader.rows("command_log"))


def last(desk: Desk) -> tuple[object, ...]:
    """The command that is on record last."""
    row = commands(desk)[-1]
    return (row["kind"], row["account"], row["asked_by"], row["reason"])


def test_a_monitor_runs_now(page: Remote, origin: str, desk: Desk) -> None:
    before = len(commands(desk))
    plan = planned(page, origin + MAIN_PAGE, "Run now")
    assert f"main {SYMBOL} Buy" in plan
    assert len(commands(desk)) == before, "a plan is not a command"
    answer = confirmed(page, "a look")
    assert "Run now: unchanged" in answer, "the engine has done what there was to do"
    assert "IN_SYNC, writes 0" in answer
    assert last(desk) == ("reconcile", "main", "the page", "a look")


def test_what_is_paused_is_shown_so_until_it_is_resumed(
    page: Remote, origin: str, desk: Desk
) -> None:
    assert "writes leave → no write leaves: pause" in planned(page, origin + MAIN_PAGE, "Pause")
    assert "Pause: done" in confirmed(page, "news")
    assert last(desk) == ("pause", "main", "the page", "news")
    page.get(origin + MAIN_PAGE)
    says(page, "paused by the page: news")
    plan = planned(page, origin + MAIN_PAGE, "Pause")
    assert "it is so already" in plan
    assert page.find_elements(By.CSS_SELECTOR, "button.main") == [], "there is nothing to confirm"
    assert "→ writes leave" in planned(page, origin + MAIN_PAGE, "Resume")
    assert "Resume: done" in confirmed(page)
    assert last(desk) == ("resume", "main", "the page", "")
    page.get(origin + MAIN_PAGE)
    assert "paused" not in page.find_element(By.ID, "board").text


def test_a_halt_stops_everything_until_it_is_ended(page: Remote, origin: str, desk: Desk) -> None:
    planned(page, origin, "Halt everything")
    assert "Halt everything: done" in confirmed(page)
    assert last(desk) == ("halt", None, "the page", "")
    page.get(origin)
    says(page, "Halted: everything")
    planned(page, origin, "End the halt, and every pause")
    assert "Resume: done" in confirmed(page)
    page.get(origin)
    assert "Halted" not in page.find_element(By.ID, "board").text


def test_a_stop_goes_to_breakeven(
    page: Remote, origin: str, desk: Desk, exchange: Simulator
) -> None:
    assert desk("stop", "set", "mirror", SYMBOL, "Buy", "percent = 5", "--yes").exit_code == 0
    plan = planned(page, origin + MIRROR_PAGE, "Stop to breakeven")
    assert "percent 5 → percent 5, breakeven" in plan
    assert "Stop to breakeven: done" in confirmed(page)
    assert last(desk) == ("breakeven", "mirror", "the page", "")
    page.get(origin + MIRROR_PAGE)
    says(page, "at 0.695, for 400")
    stops = [order.trigger_price for order in exchange.orders(MIRROR) if order.trigger_price]
    assert [str(stop) for stop in stops] == ["0.695"]


def test_a_refused_command_says_why_and_cannot_be_confirmed(
    page: Remote, origin: str, desk: Desk
) -> None:
    before = len(commands(desk))
    plan = planned(page, origin + MAIN_PAGE, "Stop to breakeven")
    assert "refused:" in plan
    assert "has no stop of its own: set one first" in plan
    assert page.find_elements(By.CSS_SELECTOR, "button.main") == []
    assert len(commands(desk)) == before


def test_a_double_press_does_it_once(page: Remote, origin: str, desk: Desk) -> None:
    before = len(commands(desk))
    planned(page, origin + MAIN_PAGE, "Pause")
    button = page.find_element(By.CSS_SELECTOR, "button.main")
    ActionChains(page).double_click(button).perform()
    wait_for(page, "became")
    assert "Pause: done" in page.find_element(By.ID, "main").text
    page.refresh()  # sends the form again: a headless browser does not ask
    wait_for(page, "became")
    assert "asked for before; nothing was done a second time" in page.page_source
    assert [row["kind"] for row in commands(desk)[before:]] == ["pause"]
    planned(page, origin + MAIN_PAGE, "Resume")
    assert "Resume: done" in confirmed(page)


_FOCUS = """
window.before = document.getElementById("board");
const found = document.querySelectorAll("#board " + arguments[0]);
found[found.length - 1].focus();
return document.activeElement.textContent;"""
_REPLACED = """
const board = document.getElementById("board");
return board !== window.before && board.contains(document.activeElement)
  && document.activeElement.textContent;"""


@pytest.mark.parametrize(
    ("address", "which"),
    [("/", "#monitors a"), ("/", "#accounts a"), (MAIN_PAGE, "button"), (MAIN_PAGE, ".runs a")],
)
def test_the_focus_stays_where_it_is_while_the_page_follows(
    page: Remote, origin: str, address: str, which: str
) -> None:
    page.get(origin + address)
    for _ in range(2):
        focused = page.execute_script(_FOCUS, which)
        found = WebDriverWait(page, 20, 0.05).until(lambda _: page.execute_script(_REPLACED))
        assert found == focused


def test_a_position_is_closed(page: Remote, origin: str, desk: Desk, exchange: Simulator) -> None:
    plan = planned(page, origin + MAIN_PAGE, "Close the position")
    assert "1000 when last read → 100 % of it closed at the market" in plan
    assert str(exchange.position(MAIN, SYMBOL, "Buy").size) == "1000"
    assert "Close the position: done" in confirmed(page, "enough")
    assert str(exchange.position(MAIN, SYMBOL, "Buy").size) == "0"
    assert last(desk) == ("close", "main", "the page", "enough")
    page.find_element(By.LINK_TEXT, "To the monitor").click()
    wait_for(page, "prices")
    says(page, "flat")
