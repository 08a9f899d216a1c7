"""Bybit's codes for linear orders, positions, keys and the system, by what they mean to trueup.

Source: docs/v5/error.mdx ("UTA", "HTTP Code", "Spot Trade"), docs/v5/rate-limit/rate-limit.mdx
and, for the spot codes that batches show, docs/v5/order/batch-cancel.mdx, whose own sample
carries 170213. The meanings are in our words, not in Bybit's. ``withdrawn`` codes are no longer on
the page and still mean what they meant. What other clients assume is no source: 110004 is about
balance, not "gone".
"""

from ....domain.model.outcomes import Effect, OutcomeClass

Group = tuple[OutcomeClass, Effect, dict[int, str]]

OK = OutcomeClass.OK
GONE = OutcomeClass.ALREADY_GONE
DUPLICATE = OutcomeClass.DUPLICATE_LINK_ID
TRANSIENT = OutcomeClass.TRANSIENT
RATE_LIMIT = OutcomeClass.RATE_LIMIT
AUTH = OutcomeClass.AUTH
INVALID = OutcomeClass.INVALID
VALUES = OutcomeClass.VALUES
NOT_AMENDABLE = OutcomeClass.NOT_AMENDABLE
CROSSED = OutcomeClass.CROSSED
INSUFFICIENT = OutcomeClass.INSUFFICIENT
REDUCE_ONLY = OutcomeClass.REDUCE_ONLY
POSITION_MODE = OutcomeClass.POSITION_MODE
MAINTENANCE = OutcomeClass.MAINTENANCE
TIMESTAMP = OutcomeClass.TIMESTAMP
NOTHING_CHANGED = OutcomeClass.NOTHING_CHANGED

_SAID_NO = Effect.REJECTED
_MAY_HAVE_RUN = Effect.UNKNOWN
_NO_EFFECT = Effect.NONE

_SHORT_OF_BALANCE = "balance does not cover it; rarely true for a reduce-only order"
_NOT_FOR_THIS_ACCOUNT = "account or product not allowed to trade this"
_SPREAD_LEG = "leg of a spread order: leave it alone"
_TPSL_MODE = "conflict of take-profit/stop-loss modes"

RET_CODES: tuple[Group, ...] = (
    (OK, _NO_EFFECT, {0: "acknowledged"}),
    (
        GONE,
        _SAID_NO,
        {
            110001: "order not open, not yet visible or never there: look it up",
            110008: "order completed or cancelled: look up which",
            110010: "order was cancelled: look up what it filled",
        },
    ),
    (
        DUPLICATE,
        _SAID_NO,
        {
            110072: "an order with this link id is on record: look it up",
            110030: "duplicate order id (withdrawn)",
        },
    ),
    (
        TRANSIENT,
        _MAY_HAVE_RUN,
        {
            429: "trading service overloaded",
            10000: "server timed out, the order may have been accepted",
            40004: "order changed while it was being replaced: read it again",
        },
    ),
    (
        TRANSIENT,
        _SAID_NO,
        {
            110035: "cancels before a liquidation are not complete",
            110079: "order is being processed: read again, then retry",
            110118: "no market price: liquidity too low",
        },
    ),
    (
        RATE_LIMIT,
        _SAID_NO,
        {
            10006: "too many requests from this account",
            10018: "too many requests from this IP (withdrawn, now HTTP 403)",
            10403: "too many requests from this IP (order entry by stream)",
            20003: "too many requests from this session (order entry by stream)",
            30035: "too many cancels (options)",
        },
    ),
    (RATE_LIMIT, _MAY_HAVE_RUN, {10429: "system-wide protection against too many requests"}),
    (
        AUTH,
        _SAID_NO,
        {
            -2015: "API key expired",
            33004: "API key expired",
            10003: "API key unknown here: wrong key, or key of another environment",
            10004: "signature wrong: secret, or a proxy that rewrites requests",
            10005: "API key lacks a permission (needs contract orders and positions)",
            10007: "authentication failed",
            10008: "account banned from this action",
            10009: "region blocked",
            10010: "IP not on the key's list",
            10024: "compliance rules",
            10027: "account banned from trading",
            10028: "unified accounts only",
            30133: "symbol not allowed under institutional lending",
            30134: "contract not allowed under institutional lending",
            30135: "leverage above what institutional lending allows",
            30136: "leverage above what institutional lending allows",
            100028: "not for unified accounts",
            110062: "market maker protection not set up",
            110065: "market maker protection not enabled",
            110067: _NOT_FOR_THIS_ACCOUNT,
            110068: _NOT_FOR_THIS_ACCOUNT,
            110069: _NOT_FOR_THIS_ACCOUNT,
            110070: _NOT_FOR_THIS_ACCOUNT,
            110071: _NOT_FOR_THIS_ACCOUNT,
            110087: "leverage above the institutional loan's",
            110088: "account must be upgraded to trade",
            110096: "pre-market: not in portfolio margin",
            110097: "pre-market: unified accounts only",
            110101: _NOT_FOR_THIS_ACCOUNT,
            110102: _NOT_FOR_THIS_ACCOUNT,
            110104: _NOT_FOR_THIS_ACCOUNT,
            110105: _NOT_FOR_THIS_ACCOUNT,
            110106: _NOT_FOR_THIS_ACCOUNT,
            110107: _NOT_FOR_THIS_ACCOUNT,
            110119: "order kind for approved market makers only",
            110123: "trading terms must be agreed to by the account's owner",
            110124: "account in a cooling-off period",
            110125: "trading terms of this contract must be agreed to by the owner",
            110132: "product not offered in this region",
            110135: "event futures: not in portfolio margin",
            110136: "event futures: account not on the list",
            500010: "sub-account does not belong to this parent",
            500011: "not a unified account",
        },
    ),
    (
        CROSSED,
        _SAID_NO,
        {
            110092: "trigger would have to rise, but the price is above it",
            110093: "trigger would have to fall, but the price is below it",
        },
    ),
    (
        INSUFFICIENT,
        _SAID_NO,
        {
            110004: _SHORT_OF_BALANCE,
            110006: "assets do not cover the position's margin",
            110007: _SHORT_OF_BALANCE,
            110012: _SHORT_OF_BALANCE,
            110014: "balance does not cover more margin",
            110044: "margin not available",
            110045: _SHORT_OF_BALANCE,
            110051: "balance does not cover the lowest price",
            110052: "balance does not cover this price",
            110053: "balance does not cover the highest price",
            110131: "margin limit of the loan-to-value rules",
            30256: "margin limit of the loan-to-value rules (spot)",
            3400139: "positions and orders exceed the risk limit",
        },
    ),
    (
        REDUCE_ONLY,
        _SAID_NO,
        {
            110017: "nothing is left to reduce: read the position again",
            110033: "no open position",
            110034: "no net position",
            110058: "take-profit/stop-loss size above the rest of the position",
        },
    ),
    (
        POSITION_MODE,
        _SAID_NO,
        {
            110024: "mode cannot be switched with a position",
            110028: "mode cannot be switched with open orders",
            110029: "symbol has no hedge mode",
        },
    ),
    (
        MAINTENANCE,
        _MAY_HAVE_RUN,
        {
            10016: "server error or restart",
            3400214: "server error",
        },
    ),
    (
        MAINTENANCE,
        _SAID_NO,
        {
            10019: "service restarting, no new requests accepted (order entry by stream)",
            110005: "position is not in a normal state, e.g. being liquidated",
            110063: "settlement in progress",
            110066: "trading halted",
            110074: "contract not live",
            110080: "institutional loan is being liquidated",
            110095: "pre-market: call auction accepts no such request",
            110098: "pre-market: call auction accepts GTC only",
            110099: "pre-market: call auction accepts no take-profit/stop-loss",
            110103: "pre-market: post-only at this stage",
            110137: "event futures: window before settlement",
            3100197: "account is being upgraded",
        },
    ),
    (
        TIMESTAMP,
        _SAID_NO,
        {
            -1: "request expired",
            10002: "timestamp outside the window: clock, or a slow network",
        },
    ),
    (
        NOTHING_CHANGED,
        _NO_EFFECT,
        {
            34040: "take-profit/stop-loss already set, or a parameter is missing",
            110025: "position mode already set",
            110026: "margin mode already set",
            110027: "margin already set",
            110043: "leverage already set",
            110075: "risk limit already set (withdrawn)",
        },
    ),
    (
        INVALID,
        _MAY_HAVE_RUN,
        {
            10014: "request seen before: look its order up",
            20006: "request id seen before: look its order up (order entry by stream)",
        },
    ),
    (
        VALUES,
        _SAID_NO,
        {
            10001: "parameter refused: the text says which",
            30208: "price above the highest buying price",
            30209: "price below the lowest selling price",
            110003: "price outside the allowed range",
            110049: "not a number of ticks",
            110094: "price x quantity below the minimum",
            110120: "price below the bound the text names",
            110121: "price above the bound the text names",
        },
    ),
    (NOT_AMENDABLE, _SAID_NO, {110022: "quantity cannot be amended upwards: replace instead"}),
    (
        INVALID,
        _SAID_NO,
        {
            10017: "no such path or method",
            10029: "symbol not on the key's list",
            10404: "operation or category unknown (order entry by stream)",
            30228: "delisting: positions can only be reduced",
            110009: "too many conditional orders",
            110011: "would liquidate at once",
            110013: "leverage not allowed at this risk limit",
            110015: "position is in cross margin",
            110016: "quantity above the risk limit (withdrawn)",
            110018: "user id malformed",
            110019: "order id malformed",
            110020: "too many active orders on the symbol",
            110021: "open interest limit reached",
            110023: "contract can only be reduced",
            110031: "no such risk limit",
            110032: "order malformed",
            110036: "leverage fixed in cross margin",
            110037: "symbol not in the user's settings",
            110038: "leverage fixed in portfolio margin",
            110039: "maintenance margin too high",
            110040: "would force a liquidation",
            110041: "liquidation cannot be skipped with a position or order",
            110042: "contract before delivery: can only be reduced",
            110046: "would liquidate at once",
            110047: "risk limit needs more margin",
            110048: "position value above the new risk limit",
            110050: "no such coin",
            110054: _TPSL_MODE,
            110055: _TPSL_MODE,
            110056: _TPSL_MODE,
            110057: _TPSL_MODE,
            110059: "attached take-profit/stop-loss fixed once partially filled",
            110060: _TPSL_MODE,
            110061: "too many partial take-profits/stop-losses",
            110064: "new total quantity not above the filled part: read again, plan again",
            110073: "margin mode could not be set",
            110076: "isolated margin only",
            110077: "not in portfolio margin",
            110078: "added margin exceeds what can be reduced",
            110082: "no reduce-only restriction to lift",
            110083: "reduce-only restriction must be lifted for both sides",
            110085: "risk limit of the contract changed",
            110086: "leverage above the risk limit's",
            110089: "above the highest risk limit",
            110090: "position may exceed its limit at this leverage",
            110100: "pre-market: not on demo",
            110108: "slippage outside 1 to 10000 ticks",
            110109: "slippage outside 0.01 % to 10 %",
            110110: _SPREAD_LEG,
            110111: _SPREAD_LEG,
            110112: _SPREAD_LEG,
            110113: _SPREAD_LEG,
            110114: _SPREAD_LEG,
            110115: _SPREAD_LEG,
            110116: _SPREAD_LEG,
            110117: _SPREAD_LEG,
            170346: "settlement coin is not collateral (spot, spread)",
            170360: "symbol not tradable without collateral (spot, spread)",
            181017: "history accepts final states only",
            3100181: "user id missing",
            3100326: "base coin missing",
            3200403: "not in isolated margin",
        },
    ),
)

HTTP_STATUSES: tuple[Group, ...] = (
    (INVALID, _SAID_NO, {400: "bad request", 404: "wrong path or category"}),
    (AUTH, _SAID_NO, {401: "key or its headers refused"}),
    (RATE_LIMIT, _SAID_NO, {403: "IP limit or region: stop all requests for ten minutes"}),
    (RATE_LIMIT, _MAY_HAVE_RUN, {429: "system-wide protection against too many requests"}),
    (TRANSIENT, _MAY_HAVE_RUN, {409: "pybit could not read the body as JSON"}),
)
