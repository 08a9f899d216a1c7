"""Checks that only read: what anybody sees, and what the owner of a key sees."""

from decimal import Decimal

from .check import Check, Needs
from .client import Answer, Keys
from .live import Live

_UNKNOWN = "NOSUCHUSDT"
_ENVELOPE = ("result", "retCode", "retExtInfo", "retMsg", "time")
_LIMIT_HEADERS = ("x-bapi-limit", "x-bapi-limit-reset-timestamp", "x-bapi-limit-status")
_OLD_MS, _AHEAD_MS, _EIGHT_DAYS_MS = -60_000, 5_000, 8 * 86_400_000
_NO_ORDER = "00000000-0000-0000-0000-000000000000"


def code(answer: Answer) -> tuple[str, str]:
    """An answer's code, and its text."""
    return answer.code or f"HTTP {answer.status}", answer.text


def _envelope(live: Live) -> tuple[str, str]:
    return " ".join(sorted(live.client.get("market/time").envelope)), ""


def _error(live: Live) -> tuple[str, str]:
    answer = live.client.get("market/orderbook", category="linear")
    return f"HTTP {answer.status}, {answer.code}", answer.text


def _path(live: Live) -> tuple[str, str]:
    return f"HTTP {live.client.get('no/such/path').status}", ""


def _no_instrument(live: Live) -> tuple[str, str]:
    answer = live.client.get("market/instruments-info", category="linear", symbol=_UNKNOWN)
    return f"{answer.code}, {len(answer.rows)} rows", answer.text


def _no_ticker(live: Live) -> tuple[str, str]:
    return code(live.client.get("market/tickers", category="linear", symbol=_UNKNOWN))


def _figures(live: Live) -> tuple[str, str]:
    filters = (live.contract["priceFilter"], live.contract["lotSizeFilter"])
    odd = [name for each in filters for name, value in each.items() if not isinstance(value, str)]
    return ", ".join(odd) or "text", ""


def _book(live: Live) -> tuple[str, str]:
    book = live.client.get("market/orderbook", category="linear", symbol=live.symbol, limit="5")
    bids, asks = ([Decimal(level[0]) for level in book.result[side]] for side in "ba")
    is_sorted = bids == sorted(bids, reverse=True) and asks == sorted(asks)
    return ("best first" if is_sorted else "unsorted"), ""


def _candles(live: Live) -> tuple[str, str]:
    found = live.client.get(
        "market/kline", category="linear", symbol=live.symbol, interval="1", limit="3"
    )
    starts = [int(next(iter(row))) for row in found.result["list"]]
    return ("newest first" if starts == sorted(starts, reverse=True) else "unsorted"), ""


def _unknown_key(live: Live) -> tuple[str, str]:
    return code(live.client.read("user/query-api", Keys("no-such-key", "secret")))


def _wrong_secret(live: Live) -> tuple[str, str]:
    keys = live.client.keys
    return code(live.client.read("user/query-api", Keys(keys.key if keys else "", "wrong")))


def _old(live: Live) -> tuple[str, str]:
    return code(live.client.read("user/query-api", ahead_ms=_OLD_MS))


def _ahead(live: Live) -> tuple[str, str]:
    return code(live.client.read("user/query-api", ahead_ms=_AHEAD_MS))


def _limits(live: Live) -> tuple[str, str]:
    headers = live.client.read("position/list", category="linear", symbol=live.symbol).headers
    return " ".join(name for name in _LIMIT_HEADERS if name in headers), ""


def _flat_row(live: Live) -> tuple[str, str]:
    return ("a row" if live.positions() else "no row"), ""


def _positions_of_all(live: Live) -> tuple[str, str]:
    return code(live.client.read("position/list", category="linear"))


def _orders_of_all(live: Live) -> tuple[str, str]:
    return code(live.client.read("order/realtime", category="linear"))


def _no_order(live: Live) -> tuple[str, str]:
    found = live.client.read(
        "order/realtime", category="linear", symbol=live.symbol, orderId=_NO_ORDER
    )
    return f"{found.code}, {len(found.rows)} rows", found.text


def _long_history(live: Live) -> tuple[str, str]:
    now = live.client.now_ms()
    start, end = str(now - _EIGHT_DAYS_MS), str(now)
    return code(live.client.read("order/history", category="linear", startTime=start, endTime=end))


READING = (
    Check(
        "envelope", "every answer has one envelope", " ".join(_ENVELOPE), _envelope, Needs.NOTHING
    ),
    Check("error", "an error is HTTP 200 with a retCode", "HTTP 200, 10001", _error, Needs.NOTHING),
    Check("path", "a path that is none is HTTP 404", "HTTP 404", _path, Needs.NOTHING),
    Check(
        "no-instrument",
        "instruments-info of an unknown symbol is an empty list",
        "0, 0 rows",
        _no_instrument,
        Needs.NOTHING,
    ),
    Check(
        "no-ticker", "a ticker of an unknown symbol is refused", "10001", _no_ticker, Needs.NOTHING
    ),
    Check("figures", "figures of a contract are text", "text", _figures, Needs.NOTHING),
    Check("book", "both sides of the book begin with the best", "best first", _book, Needs.NOTHING),
    Check("candles", "candles come newest first", "newest first", _candles, Needs.NOTHING),
    Check("unknown-key", "an unknown key is refused", "10003", _unknown_key, Needs.NOTHING),
    Check("wrong-secret", "a wrong signature is refused", "10004", _wrong_secret, Needs.KEYS),
    Check("old", "a timestamp older than the window is refused", "10002", _old, Needs.KEYS),
    Check("ahead", "a timestamp 1 s ahead is refused", "10002", _ahead, Needs.KEYS),
    Check(
        "limits",
        "headers show the endpoint's limit",
        " ".join(_LIMIT_HEADERS),
        _limits,
        Needs.KEYS,
    ),
    Check(
        "flat-row", "a symbol has a row of its position, also flat", "a row", _flat_row, Needs.KEYS
    ),
    Check(
        "positions-of-all",
        "position/list needs a symbol or a coin",
        "10001",
        _positions_of_all,
        Needs.KEYS,
    ),
    Check(
        "orders-of-all",
        "order/realtime needs a symbol or a coin",
        "10001",
        _orders_of_all,
        Needs.KEYS,
    ),
    Check("no-order", "an order that is none is an empty list", "0, 0 rows", _no_order, Needs.KEYS),
    Check(
        "long-history",
        "order/history spans 7 days at most",
        "10001",
        _long_history,
        Needs.KEYS,
    ),
)
"""The checks that only read, in their order."""
