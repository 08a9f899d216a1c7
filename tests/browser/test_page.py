"""A person at the page: what is shown, what can be done, and what a bot sees of it."""

from functools import partial

import pytest
import requests
from pybit.unified_trading import HTTP
from selenium.webdriver import Keys, Remote
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from trueup.simulator import Fault, FaultKind, SimulatorServer, StreamFaultKind

from .conftest import SYMBOL, UID, shown, wait_for

pytestmark = pytest.mark.browser


def _named(page: Remote, name: str) -> WebElement:
    """The button or the field that a screen reader calls so."""
    elements = page.find_elements(By.CSS_SELECTOR, "button, input, select, summary")
    (found,) = [each for each in elements if each.is_displayed() and each.accessible_name == name]
    return found


def _shows(page: Remote, part: str, text: str) -> bool:
    return text in shown(page, part)


def test_the_price_moves_until_a_take_profit_fills(page: Remote, served: SimulatorServer) -> None:
    assert "100" in shown(page, "positions").split()
    for price in ("0.7100", "0.7200"):
        _named(page, f"Move {SYMBOL} to").send_keys(price, Keys.ENTER)
        wait_for(page, partial(_shows, page, "market", price))
    wait_for(page, lambda: "60" in shown(page, "positions").split())
    assert "TP1" not in shown(page, "orders")
    assert "TP2" in shown(page, "orders")
    assert str(served.sim.position(UID, SYMBOL, "Buy").size) == "60"


def test_a_nudge_moves_the_price_by_some_percent(page: Remote, served: SimulatorServer) -> None:
    _named(page, "−1 %").click()
    wait_for(page, lambda: "0.6930" in shown(page, "market"))
    _named(page, "+0.1 %").click()
    wait_for(page, lambda: "0.6937" in shown(page, "market"))
    assert str(served.sim.price(SYMBOL)) == "0.6937"


def test_an_order_is_filled_in_part_and_cancelled(page: Remote, served: SimulatorServer) -> None:
    order = f"Sell 40 {SYMBOL} TP1 of account {UID}"
    _named(page, f"How much to fill: {order}").send_keys("15", Keys.ENTER)
    wait_for(page, lambda: "25 of 40" in shown(page, "orders"))
    _named(page, f"Cancel Sell 25 {SYMBOL} TP1 of account {UID}").click()
    wait_for(page, lambda: "TP1" not in shown(page, "orders"))
    assert [order.link_id for order in served.sim.orders(UID)] == ["TP2", ""]
    _named(page, f"Fill Sell 60 {SYMBOL} TP2 of account {UID}").click()
    wait_for(page, lambda: "TP2" not in shown(page, "orders"))
    assert str(served.sim.position(UID, SYMBOL, "Buy").size) == "25"


def test_what_is_refused_is_said(page: Remote) -> None:
    _named(page, f"Move {SYMBOL} to").send_keys("much", Keys.ENTER)
    wait_for(page, lambda: "not a number: 'much'" in shown(page, "failed"))
    _named(page, f"Move {SYMBOL} to").send_keys("0.71", Keys.ENTER)
    wait_for(page, lambda: shown(page, "failed") == "")
    assert shown(page, "said") == f"{SYMBOL} moves to 0.71"


def test_the_reply_of_a_bot_is_lost_while_its_order_rests(page: Remote, client: HTTP) -> None:
    _named(page, "Lose the next write’s reply").click()
    wait_for(page, lambda: "reply lost" in shown(page, "in-force"))
    client.get_open_orders(category="linear", symbol=SYMBOL)  # a read passes
    entry = {"side": "Buy", "orderType": "Limit", "qty": "10", "price": "0.6"}
    with pytest.raises(requests.exceptions.ConnectionError):
        client.place_order(category="linear", symbol=SYMBOL, orderLinkId="MINE", **entry)
    wait_for(page, lambda: "reply lost" in shown(page, "requests"))
    wait_for(page, lambda: "MINE" in shown(page, "orders"))
    assert shown(page, "in-force") == ""
    page.find_element(By.CSS_SELECTOR, "#requests summary").click()
    told = shown(page, "requests")
    assert "did it: retCode 0" in told
    assert "no reply: the connection was dropped" in told
    assert '"orderLinkId": "MINE"' in told


def test_any_fault_can_be_injected(page: Remote, client: HTTP, served: SimulatorServer) -> None:
    _named(page, "All faults").click()
    _named(page, "What happens").send_keys("It is refused with a code")
    for field, text in (("Code", "110007"), ("Text", "no money"), ("Path has", "create")):
        _named(page, field).send_keys(text)
    _named(page, "Times").send_keys("2", Keys.ENTER)
    wait_for(page, lambda: "2 times" in shown(page, "in-force"))
    wanted = Fault(
        kind=FaultKind.RET_CODE, method="POST", path="create", times=2, code=110007, text="no money"
    )
    assert served.sim.faults == ((wanted, 2),)
    with pytest.raises(Exception, match="no money"):
        client.place_order(category="linear", symbol=SYMBOL, side="Buy", orderType="Market", qty=1)
    wait_for(page, lambda: "once" in shown(page, "in-force"))
    _named(page, "Clear all faults").click()
    wait_for(page, lambda: shown(page, "in-force") == "")
    assert len(served.sim.faults) == 0


def test_the_streams_are_shown_and_closed(page: Remote, served: SimulatorServer) -> None:
    stream = served.sim.subscribe(UID, ["order", "position"], lambda _: None)
    wait_for(page, lambda: "order, position" in shown(page, "streams"))
    _named(page, "Close the streams").click()
    wait_for(page, lambda: shown(page, "streams") == "")
    assert not stream.is_open
    _named(page, "All faults").click()
    _named(page, "What happens").send_keys("A message is lost")
    _named(page, "Times").send_keys("∞", Keys.ENTER)
    wait_for(page, lambda: "without end" in shown(page, "in-force"))
    ((fault, left),) = served.sim.faults
    assert (fault.kind, left) == (StreamFaultKind.SILENCE, None)


def test_it_follows_another_simulator_at_the_same_place(
    page: Remote, client: HTTP, served: SimulatorServer
) -> None:
    for _ in range(3):
        client.get_server_time()
    wait_for(page, lambda: shown(page, "requests").count("market/time") == 3)
    port = int(served.url.rpartition(":")[2])
    served.stop()
    wait_for(page, lambda: "no answer" in shown(page, "link"))
    other = served.sim.__class__()
    with SimulatorServer(other, port):
        wait_for(page, lambda: shown(page, "link") == "live")
        assert shown(page, "requests") == ""
        assert shown(page, "orders") == ""
