"""Bybit's refusals: one exception, and a function for each cause.

Codes and texts come from docs/v5/error, or from replies quoted in public threads.
"""

from collections.abc import Sequence
from decimal import Decimal

from .decimals import plain


class ApiError(Exception):
    """The exchange refuses a request: HTTP 200 with a retCode and a retMsg.

    Attributes:
        code: the retCode.
        text: the retMsg.
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text

    def __str__(self) -> str:
        """The text with the code."""
        return f"{self.text} (retCode {self.code})"


def words_of(error: Exception) -> str:
    """What an error says; the text of a KeyError would be in quotes."""
    return " ".join(map(str, error.args)) if isinstance(error, LookupError) else str(error)


def no_stream(path: str, streams: Sequence[str]) -> ApiError:
    """10017: there is no such stream here."""
    listed = " and ".join(streams)
    return ApiError(10017, f"Route not found. The simulator has no stream at {path}, but {listed}")


def not_simulated(method: str, path: str) -> ApiError:
    """10017: there is no such path here; Bybit's own text is the first sentence."""
    return ApiError(10017, f"Route not found. The simulator has no {method} {path}")


def unsigned(missing: Sequence[str]) -> ApiError:
    """10003, under HTTP 401: a private request lacks headers that authenticate it.

    The status is documented (docs/v5/error); code and text are those of a wrong key.
    """
    return ApiError(10003, f"API key is invalid. The request has no {', '.join(missing)}")


def parameter(text: str) -> ApiError:
    """10001, the catch-all code: only the text says what is wrong."""
    return ApiError(10001, text)


def missing(name: str) -> ApiError:
    """10001: a required parameter is missing."""
    return parameter(f"params error: {name} is required")


def unknown_symbol(symbol: str) -> ApiError:
    """10001: there is no such symbol."""
    return parameter(f"params error: symbol invalid {symbol}".rstrip())


def position_mode() -> ApiError:
    """10001: the positionIdx does not fit the position mode (ccxt/ccxt#17105)."""
    return parameter("position idx not match position mode")


def too_late(verb: str) -> ApiError:
    """110001: the order is closed, or not there yet (ccxt/ccxt#23922, bybit-api#289)."""
    return ApiError(110001, f"order not exists or too late to {verb}")


def in_flight() -> ApiError:
    """110079: the order is on its way into the engine."""
    return ApiError(
        110079, "The order is processing and can not be operated, please try again later"
    )


def price_out_of_range() -> ApiError:
    """110003: the price is out of the allowed range."""
    return ApiError(110003, "Order price exceeds the allowable range.")


def short_of_margin() -> ApiError:
    """110007: the order needs more margin than there is (the text: a reply in ccxt's source)."""
    return ApiError(110007, "ab not enough for new order")


def too_many_conditional() -> ApiError:
    """110009: too many conditional orders."""
    return ApiError(110009, "The number of stop orders exceeds the maximum allowable limit")


def truncated_to_zero() -> ApiError:
    """110017: the position leaves nothing for a reduce-only order to close."""
    return ApiError(110017, "orderQty will be truncated to zero")


def too_many_active(cap: int) -> ApiError:
    """110020: too many active orders."""
    return ApiError(110020, f"Not allowed to have more than {cap} active orders.")


def below_filled() -> ApiError:
    """110064: the amended quantity does not exceed what is filled."""
    return ApiError(
        110064,
        "The modified contract quantity cannot be less than or equal to the filled quantity.",
    )


def duplicate_link_id() -> ApiError:
    """110072: another order has this link id."""
    return ApiError(110072, "OrderLinkedID is duplicate")


def trigger_not_above(trigger: Decimal, base: Decimal, by: str) -> ApiError:
    """110092: the price is already above a rising trigger."""
    return ApiError(
        110092,
        f"expect Rising, but trigger_price[{plain(trigger)}] <= current[{plain(base)}]??{by}",
    )


def trigger_not_below(trigger: Decimal, base: Decimal, by: str) -> ApiError:
    """110093: the price is already below a falling trigger."""
    return ApiError(
        110093,
        f"expect Falling, but trigger_price[{plain(trigger)}] >= current[{plain(base)}]??{by}",
    )


def wrong_side(
    name: str, side: str, trigger: Decimal, base: Decimal, by: str, *, higher: bool
) -> ApiError:
    """10001: a take-profit or stop-loss is on the wrong side of a price (ccxt/ccxt#21031)."""
    return parameter(
        f"{name[0].upper()}{name[1:]}:{plain(trigger)} set for {side} position should "
        f"{'higher' if higher else 'lower'} than base_price:{plain(base)}??{by}"
    )


def not_modified() -> ApiError:
    """34040: trading-stop changes nothing, or a parameter is missing."""
    return ApiError(34040, "not modified")


def partly_filled() -> ApiError:
    """110059: the take-profit and stop-loss of an entry stay as they are once it fills."""
    return ApiError(110059, "Not allowed to modify the TP/SL of a partially filled open order")


def position_too_small() -> ApiError:
    """110058: what the position has left is smaller than the take-profit or stop-loss."""
    return ApiError(
        110058,
        "You can't set take profit and stop loss due to insufficient size of remaining position "
        "size.",
    )


def too_many_partial(cap: int) -> ApiError:
    """110061: too many take-profits or stop-losses in Partial mode."""
    return ApiError(110061, f"Not allowed to have more than {cap} TP/SLs under Partial tpSlMode")


def below_notional() -> ApiError:
    """110094: the order's value is below the minimum."""
    return ApiError(110094, "Order notional value below the lower limit")


def settling(symbol: str) -> ApiError:
    """110063: the contract is being settled."""
    return ApiError(110063, f"Settlement in progress! {symbol} not available for trading.")


def not_live() -> ApiError:
    """110074: the contract is not launched yet, or delisted."""
    return ApiError(110074, "This contract is not live")


def call_auction() -> ApiError:
    """110095: the pre-market perpetual is in its call auction."""
    return ApiError(
        110095,
        "You cannot create, modify or cancel Pre-Market Perpetual orders during the Call Auction.",
    )


def too_many_visits() -> ApiError:
    """10006: the account has exceeded its rate limit on this endpoint."""
    return ApiError(10006, "Too many visits. Exceeded the API Rate Limit.")
