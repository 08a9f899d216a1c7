"""Rows as Bybit's pages show them for linear orders, to be changed by tests."""

from .loopback import Json


def order_row(**changes: object) -> Json:
    """A resting reduce-only limit sell: a take-profit of a long."""
    row: Json = {
        "orderId": "o-1",
        "orderLinkId": "link-1",
        "symbol": "BTCUSDT",
        "price": "70000.10",
        "qty": "0.850",
        "side": "Sell",
        "positionIdx": 0,
        "orderStatus": "New",
        "cancelType": "UNKNOWN",
        "rejectReason": "EC_NoError",
        "leavesQty": "0.850",
        "cumExecQty": "0.000",
        "timeInForce": "GTC",
        "orderType": "Limit",
        "stopOrderType": "UNKNOWN",
        "triggerPrice": "0.00",
        "reduceOnly": True,
        "createdTime": "1684738540559",
        "updatedTime": "1684738540561",
    }
    return row | changes


def position_row(**changes: object) -> Json:
    """An open long in one-way mode."""
    row: Json = {
        "positionIdx": 0,
        "symbol": "BTCUSDT",
        "side": "Buy",
        "size": "1.000",
        "avgPrice": "65000.5",
        "markPrice": "66000.10",
        "updatedTime": "1697673600012",
        "seq": 5723621632,
    }
    return row | changes


def flat_row(**changes: object) -> Json:
    """A position that is not open."""
    return position_row(side="", size="0", avgPrice="0") | changes


def fill_row(**changes: object) -> Json:
    """A fill of the order of :func:`order_row`, half of it."""
    row: Json = {
        "symbol": "BTCUSDT",
        "orderType": "Limit",
        "orderLinkId": "link-1",
        "side": "Sell",
        "orderId": "o-1",
        "leavesQty": "0.425",
        "execTime": "1672282722429",
        "execId": "e-1",
        "orderQty": "0.850",
        "orderPrice": "70000.10",
        "execType": "Trade",
        "execQty": "0.425",
    }
    return row | changes


def instrument_row(**changes: object) -> Json:
    """BTCUSDT, as docs/v5/market/instrument.mdx shows it."""
    row: Json = {
        "symbol": "BTCUSDT",
        "contractType": "LinearPerpetual",
        "status": "Trading",
        "settleCoin": "USDT",
        "priceFilter": {"minPrice": "0.10", "maxPrice": "1999999.80", "tickSize": "0.10"},
        "lotSizeFilter": {
            "maxOrderQty": "1190.000",
            "minOrderQty": "0.001",
            "qtyStep": "0.001",
            "maxMktOrderQty": "500.000",
            "minNotionalValue": "5",
        },
    }
    return row | changes
