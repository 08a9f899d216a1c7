"""A canned exchange says what the simulator said, and nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from pybit.exceptions import FailedRequestError
from pybit.unified_trading import HTTP

from bench.canned.accounts import Trouble
from bench.canned.server import canned
from bench.fan_out_canned import FAN_OUT_CANNED
from bench.measurement import QUICK
from bench.scene import GROWTH, START, Place, Scene, keys, quantities
from bench.served import Exchange

Client = Callable[[str], HTTP]


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    """An exchange of two accounts."""
    with canned(Scene(accounts=2, ladders=True)) as served:
        yield served


@pytest.fixture
def client(exchange: Exchange) -> Iterator[Client]:
    """Gives unmodified pybit, by the account's name."""
    opened: list[HTTP] = []

    def connect(name: str) -> HTTP:
        key, secret = keys(name)
        http = HTTP(api_key=key, api_secret=secret, max_retries=1, retry_delay=0)
        http.endpoint = exchange.url
        opened.append(http)
        return http

    yield connect
    for http in opened:
        http.client.close()


def _place(http: HTTP) -> tuple[Decimal, list[Decimal]]:
    """The position's size, and the quantities of its ladder."""
    (position,) = http.get_positions(category="linear", symbol="BANDUSDT")["result"]["list"]
    orders = http.get_open_orders(category="linear", symbol="BANDUSDT")["result"]["list"]
    covering = [Decimal(one["qty"]) for one in orders if one["reduceOnly"]]
    return Decimal(position["size"]), sorted(covering, reverse=True)


def _amend(http: HTTP, place: Place, size: Decimal, exchange: Exchange) -> object:
    ids = exchange.ask("order_ids", place)
    items = [
        {"symbol": place.symbol, "orderId": order_id, "qty": str(quantity)}
        for order_id, quantity in zip(ids, quantities(size), strict=True)
    ]
    reply = http.amend_batch_order(category="linear", request=items)
    return [one["orderId"] for one in reply["result"]["list"]]


@contextmanager
def _unforeseen(exchange: Exchange) -> Iterator[None]:
    before = len(exchange.ask("unforeseen"))
    yield
    assert len(exchange.ask("unforeseen")) > before


def test_each_account_goes_through_the_states_by_itself(exchange: Exchange, client: Client) -> None:
    place, other = Place("a0", "BANDUSDT"), Place("a1", "BANDUSDT")
    grown = START + GROWTH
    assert _place(client("a0")) == (START, [*quantities(START)])
    assert _place(client("a1")) == (START, [*quantities(START)])
    exchange.ask("enter", [place, other], GROWTH)
    exchange.ask("fill", [place])
    assert _place(client("a0")) == (grown, [*quantities(START)])
    assert _amend(client("a0"), place, grown, exchange) == exchange.ask("order_ids", place)
    (truth,) = exchange.truths([place])
    assert truth.naked == 0 < truth.seconds
    assert _place(client("a0")) == (grown, [*quantities(grown)])
    assert _place(client("a1")) == (START, [*quantities(START)])


def test_every_account_has_a_uid_and_a_key_of_its_own(client: Client) -> None:
    replies = [client(name).get_api_key_information()["result"] for name in ("a0", "a1")]
    assert [reply["apiKey"] for reply in replies] == ["a0-key", "a1-key"]
    assert len({reply["userID"] for reply in replies}) == 2


def test_other_amends_than_those_that_make_the_ladder_true_have_no_answer(
    exchange: Exchange, client: Client
) -> None:
    place = Place("a0", "BANDUSDT")
    exchange.ask("enter", [place], GROWTH)
    exchange.ask("fill", [place])
    with _unforeseen(exchange), pytest.raises(FailedRequestError):
        _amend(client("a0"), place, START, exchange)


def test_reads_of_an_account_in_trouble_fail(exchange: Exchange, client: Client) -> None:
    place = Place("a0", "BANDUSDT")
    exchange.ask("trouble", [place], Trouble.FAILS)
    with pytest.raises(FailedRequestError):
        _place(client("a0"))
    exchange.ask("calm")
    assert _place(client("a0"))[0] == START


def test_trueup_makes_every_ladder_true_with_one_request_each() -> None:
    figures = {one.kind.name: one for one in FAN_OUT_CANNED.measure(QUICK, lambda: None)}
    assert figures[f"requests a run, {QUICK.mirrors[0]} mirrors"].ours == 1
