"""Bybit's names of fields, filters and values, each written once.

Source: the pages of docs/v5/order, docs/v5/position, docs/v5/market and docs/v5/guide.mdx.
"""

from typing import Final

# The envelope of every reply.
RET_CODE: Final = "retCode"
RESULT: Final = "result"
RET_EXT_INFO: Final = "retExtInfo"
TIME: Final = "time"
LIST: Final = "list"
NEXT_PAGE_CURSOR: Final = "nextPageCursor"
ITEM_CODE: Final = "code"
ITEM_MESSAGE: Final = "msg"

# What a query or a batch is about.
CATEGORY: Final = "category"
LINEAR: Final = "linear"
OTHER_CATEGORIES: Final = {
    "spot": "a spot pair",
    "inverse": "an inverse contract",
    "option": "an option",
}
"""The categories that trueup leaves alone, each with what it has, for people."""
SYMBOL: Final = "symbol"
SETTLE_COIN: Final = "settleCoin"
USDT: Final = "USDT"
USDC: Final = "USDC"
LIMIT: Final = "limit"
CURSOR: Final = "cursor"
ORDER_FILTER: Final = "orderFilter"
STOP_ORDER: Final = "StopOrder"
REQUEST: Final = "request"

# Orders.
ORDER_ID: Final = "orderId"
ORDER_LINK_ID: Final = "orderLinkId"
PARENT_LINK_ID: Final = "parentOrderLinkId"
SIDE: Final = "side"
ORDER_TYPE: Final = "orderType"
PRICE: Final = "price"
QUANTITY: Final = "qty"
FILLED: Final = "cumExecQty"
FILLED_VALUE: Final = "cumExecValue"
FILLED_FEE: Final = "cumExecFee"
FEE_DETAIL: Final = "cumFeeDetail"
STATUS: Final = "orderStatus"
REDUCE_ONLY: Final = "reduceOnly"
POSITION_INDEX: Final = "positionIdx"
TIME_IN_FORCE: Final = "timeInForce"
GOOD_TILL_CANCELED: Final = "GTC"
IMMEDIATE_OR_CANCEL: Final = "IOC"
TRIGGER_PRICE: Final = "triggerPrice"
TRIGGER_BY: Final = "triggerBy"
TRIGGER_DIRECTION: Final = "triggerDirection"
STOP_ORDER_TYPE: Final = "stopOrderType"
CANCEL_TYPE: Final = "cancelType"
REJECT_REASON: Final = "rejectReason"
CREATED: Final = "createdTime"
UPDATED: Final = "updatedTime"
UNKNOWN: Final = "UNKNOWN"
NO_ERROR: Final = "EC_NoError"
ON_REQUEST: Final = "EC_PerCancelRequest"
LIMIT_ORDER: Final = "Limit"
MARKET_ORDER: Final = "Market"

# Positions.
SIZE: Final = "size"
AVERAGE_PRICE: Final = "avgPrice"
MARK_PRICE: Final = "markPrice"
SEQUENCE: Final = "seq"

# The stop of a position (docs/v5/position/trading-stop.mdx).
STOP_LOSS: Final = "stopLoss"
STOP_LOSS_TRIGGER: Final = "slTriggerBy"
TRAILING_STOP: Final = "trailingStop"
ACTIVE_PRICE: Final = "activePrice"
TPSL_MODE: Final = "tpslMode"
FULL: Final = "Full"

# Candles.
INTERVAL: Final = "interval"
CANDLES_SINCE: Final = "start"

# Executions.
EXECUTION_ID: Final = "execId"
EXECUTED: Final = "execQty"
EXECUTED_AT: Final = "execTime"
EXECUTED_PRICE: Final = "execPrice"
EXECUTION_FEE: Final = "execFee"
FEE_COIN: Final = "feeCurrency"
FEE_RATE: Final = "feeRate"
IS_MAKER: Final = "isMaker"
ORDER_PRICE: Final = "orderPrice"
ORDER_QUANTITY: Final = "orderQty"
LEFT: Final = "leavesQty"
EXECUTION_TYPE: Final = "execType"
FUNDING: Final = "Funding"
SETTLE: Final = "Settle"
CLOSED_SIZE: Final = "closedSize"
START_TIME: Final = "startTime"
END_TIME: Final = "endTime"

# Instruments.
INSTRUMENT_STATUS: Final = "status"
TRADING: Final = "Trading"
PRE_LAUNCH: Final = "PreLaunch"
CLOSED: Final = "Closed"
PRE_LISTING: Final = "preListingInfo"
AUCTION_PHASE: Final = "curAuctionPhase"
CONTINUOUS_TRADING: Final = "ContinuousTrading"
PRICE_FILTER: Final = "priceFilter"
TICK_SIZE: Final = "tickSize"
MIN_PRICE: Final = "minPrice"
MAX_PRICE: Final = "maxPrice"
LOT_SIZE_FILTER: Final = "lotSizeFilter"
QUANTITY_STEP: Final = "qtyStep"
MIN_QUANTITY: Final = "minOrderQty"
MAX_QUANTITY: Final = "maxOrderQty"
MAX_MARKET_QUANTITY: Final = "maxMktOrderQty"
MIN_NOTIONAL: Final = "minNotionalValue"
DELIVERY_TIME: Final = "deliveryTime"
CONTRACT_TYPE: Final = "contractType"
OPTIONS_TYPE: Final = "optionsType"

# The private stream.
TOPIC: Final = "topic"
ITEMS: Final = "data"
ORDER_TOPIC: Final = "order"
EXECUTION_TOPIC: Final = "execution"
POSITION_TOPIC: Final = "position"
ENTRY_PRICE: Final = "entryPrice"
OPERATION: Final = "op"
SUCCESS: Final = "success"
REQUEST_ID: Final = "req_id"
REPLY_TEXT: Final = "ret_msg"

# API keys (docs/v5/user/apikey-info.mdx).
USER_ID: Final = "userID"
USER_ID_LARGE: Final = "userIDInt64"
READ_ONLY: Final = "readOnly"
PERMISSIONS: Final = "permissions"
CONTRACT_TRADE: Final = "ContractTrade"
DERIVATIVES: Final = "Derivatives"
DERIVATIVES_TRADE: Final = "DerivativesTrade"
IPS: Final = "ips"
EXPIRED_AT: Final = "expiredAt"
UNIFIED: Final = "unified"
UTA: Final = "uta"
