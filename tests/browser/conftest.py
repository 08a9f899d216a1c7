"""Fixtures: a browser, a simulator with a ladder, its page, and a client that trades there."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pybit.unified_trading import HTTP
from selenium.webdriver import Remote
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.chromium import resize
from trueup.simulator import InstrumentSpec, Simulator, SimulatorServer

SYMBOL, UID, KEY, SECRET = "BANDUSDT", "101", "main-key", "main-secret"
PATIENCE_S = 15.0


@pytest.fixture
def served() -> Iterator[SimulatorServer]:
    """A long of 100 with two take-profits and a stop."""
    sim = Simulator()
    spec = InstrumentSpec(
        symbol=SYMBOL, tick="0.0001", step="0.1", min_quantity="0.1", max_quantity="100000"
    )
    sim.add_instrument(spec, price="0.7000")
    sim.add_account(uid=UID, api_key=KEY, api_secret=SECRET)
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.6950")
    exits: dict[str, Any] = {"symbol": SYMBOL, "side": "Sell", "reduceOnly": True}
    for number, (price, quantity) in enumerate((("0.7200", "40"), ("0.7400", "60")), start=1):
        limit = {"orderType": "Limit", "price": price, "qty": quantity}
        sim.place_order(UID, **exits, **limit, orderLinkId=f"TP{number}")
    stop: dict[str, Any] = {"orderType": "Market", "triggerPrice": "0.65", "triggerDirection": 2}
    sim.place_order(UID, **exits, **stop, qty="100")
    with SimulatorServer(sim) as server:
        yield server


@pytest.fixture
def page(chromium: Remote, served: SimulatorServer) -> Remote:
    """The page, as it shows the simulator for the first time."""
    resize(chromium, 1440, 900)
    chromium.get(served.url.replace("127.0.0.1", "localhost"))
    wait_for(chromium, lambda: "TP1" in shown(chromium, "orders"))
    return chromium


@pytest.fixture
def client(served: SimulatorServer) -> Iterator[HTTP]:
    """The real pybit, its own retries switched off."""
    http = HTTP(
        api_key=KEY,
        api_secret=SECRET,
        timeout=5,
        retry_codes={-1},
        force_retry=False,
        max_retries=1,
    )
    http.endpoint = served.url
    http.client.trust_env = False
    yield http
    http.client.close()


def shown(window: Remote, part: str) -> str:
    """The text of a part of the page, as a person sees it."""
    text: str = window.execute_script(f"return document.getElementById('{part}').innerText")
    return text


def wait_for(window: Remote, condition: Callable[[], object]) -> None:
    """Wait until the page shows something.

    Raises:
        TimeoutException: it does not.
    """
    WebDriverWait(window, PATIENCE_S, 0.05).until(lambda _: condition())
