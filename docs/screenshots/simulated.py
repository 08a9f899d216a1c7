"""The picture of the simulator's page."""

import contextlib
from pathlib import Path

import requests
from pybit.unified_trading import HTTP
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.chromium import browser, resize, screenshot
from trueup.simulator import Fault, FaultKind, InstrumentSpec, Simulator, SimulatorServer

SYMBOL, UID = "BANDUSDT", "101"
WIDTH, HEIGHT = 1280, 600


def _scene() -> Simulator:
    """A long with a ladder, whose stream somebody follows."""
    sim = Simulator()
    spec = InstrumentSpec(
        symbol=SYMBOL, tick="0.0001", step="0.1", min_quantity="0.1", max_quantity="100000"
    )
    sim.add_instrument(spec, price="0.7000")
    sim.add_account(uid=UID, api_key="key", api_secret="secret")  # noqa: S106 - the simulator's keys are no secrets
    sim.open_position(UID, SYMBOL, "Buy", "1000", "0.6950")
    sim.subscribe(UID, ["order", "execution", "position"], lambda _: None)
    return sim


def _trade(sim: Simulator, url: str) -> None:
    """Two take-profits by pybit: the reply to the second is lost."""
    http = HTTP(
        api_key="key",
        api_secret="secret",  # noqa: S106 - the same
        retry_codes={-1},
        force_retry=False,
        max_retries=1,
    )
    http.endpoint, http.client.trust_env = url, False
    for level, (price, quantity) in enumerate((("0.7200", "850"), ("0.7400", "150")), start=1):
        with contextlib.suppress(requests.exceptions.ConnectionError):
            http.place_order(
                category="linear",
                symbol=SYMBOL,
                side="Sell",
                orderType="Limit",
                qty=quantity,
                price=price,
                reduceOnly=True,
                orderLinkId=f"BOT_TP{level}_{SYMBOL}",
            )
        sim.inject(Fault(kind=FaultKind.REPLY_LOST, method="POST"))
    http.client.close()


def simulator_page(folder: Path) -> None:
    """An order rests whose reply was lost: the simulator's own page shows it."""
    sim = _scene()
    with SimulatorServer(sim, 8080) as server, browser() as window:
        _trade(sim, server.url)
        resize(window, WIDTH, HEIGHT)
        window.get(server.url.replace("127.0.0.1", "localhost"))
        lost = (By.CSS_SELECTOR, "#requests .outcome[data-quality=bad]")
        WebDriverWait(window, 15).until(lambda _: window.find_elements(*lost))
        screenshot(window, folder / "simulator.webp")
