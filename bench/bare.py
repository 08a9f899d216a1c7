"""pybit alone: batch amends of four orders, and nothing else."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from pybit.unified_trading import HTTP

from .sampling import Stopwatch
from .scene import GROWTH, START, Place, keys, quantities
from .served import Exchange

THREADS = 32


@contextmanager
def bare(
    exchange: Exchange, places: Sequence[Place], *, has_ladders: bool = False
) -> Iterator[Sequence[Callable[[], None]]]:
    """Gives calls of pybit alone, with an account and a resting ladder for each thread."""
    clients = []
    calls = []
    for place in places:
        key, secret = keys(place.account)
        http = HTTP(api_key=key, api_secret=secret)
        http.endpoint = exchange.url
        http.client.trust_env = False
        if not has_ladders:
            http.place_batch_order(category="linear", request=_orders(place))
        clients.append(http)
        calls.append(_amends(http, place, exchange.ask("order_ids", place)))
    try:
        yield calls
    finally:
        for http in clients:
            http.client.close()


def call_all(calls: Sequence[Callable[[], None]], count: int) -> Stopwatch:
    """Makes so many calls, each of these in a thread of its own; returns what that took."""
    share, more = divmod(count, len(calls))

    def work(number: int) -> None:
        for _ in range(share + (number < more)):
            calls[number]()

    with ThreadPoolExecutor(len(calls)) as pool, Stopwatch() as watch:
        list(pool.map(work, range(len(calls))))
    return watch


def _orders(place: Place) -> list[dict[str, object]]:
    return [
        {
            "symbol": place.symbol,
            "side": "Buy",
            "orderType": "Limit",
            "qty": str(quantity),
            "price": f"0.6{level}",
            "reduceOnly": True,
            "positionIdx": 0,
            "orderLinkId": f"bare-{level}",
        }
        for level, quantity in enumerate(quantities(START))
    ]


def _amends(http: HTTP, place: Place, order_ids: Sequence[str]) -> Callable[[], None]:
    """Amends all four orders, to another quantity each time."""
    sizes = [quantities(START), quantities(START + GROWTH)]

    def call() -> None:
        sizes.reverse()
        items = [
            {"symbol": place.symbol, "orderId": order_id, "qty": str(quantity)}
            for order_id, quantity in zip(order_ids, sizes[0], strict=True)
        ]
        http.amend_batch_order(category="linear", request=items)

    return call
