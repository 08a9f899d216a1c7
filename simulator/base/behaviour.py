"""The switches: they decide where Bybit's pages are silent or contradict each other."""

from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum

from .bounds import from_zero


class ReduceOnlySum(StrEnum):
    """What happens when resting reduce-only orders add up to more than the position."""

    ALLOW = "allow"
    """They rest; each fill is cut to the position, and a flat position cancels what is left."""
    REJECT = "reject"
    """A create or an amend that raises the sum above the position is refused with 110017."""
    TRUNCATE_NEWEST = "truncate_newest"
    """A new order is cut to what the others leave; a shrinking position cuts the newest first."""
    CANCEL_FARTHEST_ON_SHRINK = "cancel_farthest_on_shrink"
    """A shrinking position cancels the orders farthest from the market until the rest fits."""


class LinkIdReuse(StrEnum):
    """When an orderLinkId may be used again."""

    NEVER = "never"
    """Never: "always unique", as docs/v5/order/create-order says since September 2023."""
    AFTER_CLOSE = "after_close"
    """Once the first order is closed, as that page said before May 2023."""


class PriceBand(StrEnum):
    """What happens to limit prices outside the band (docs/v5/account/set-price-limit)."""

    OFF = "off"
    CLIP = "clip"
    """The exchange changes the price to the nearest allowed one, its default for futures."""
    REJECT = "reject"
    """The exchange refuses the order with 110003."""


class NoChange(StrEnum):
    """The answer to an amend that changes nothing (undocumented; clients have seen an error)."""

    OK = "ok"
    ERROR = "error"


class UnchangedMode(StrEnum):
    """The answer to a switch-mode by coin that changes nothing (undocumented)."""

    SUCCESS = "success"
    NOT_MODIFIED = "not_modified"
    """110025, as it is for one symbol."""


class InFlight(StrEnum):
    """The answer to an amend or a cancel of an order that has not reached the engine yet."""

    PROCESSING = "processing"
    """110079: the order is being processed."""
    GONE = "gone"
    """110001: the order does not exist."""


class UnknownInstrument(StrEnum):
    """The answer of market/instruments-info for a symbol that does not exist (undocumented)."""

    EMPTY_LIST = "empty_list"
    ERROR = "error"


class Dialect(StrEnum):
    """How Bybit writes what an order does not have, and the ids of messages."""

    NOW = "2025"
    """As clients have logged it since 2024: "" for what an order does not have, and message ids
    of the form `UID_SYMBOL_SEQ`."""
    SAMPLES = "2023"
    """As the samples on Bybit's pages have it: "UNKNOWN" and "0.00" for what an order does not
    have, and message ids without meaning."""


class PositionItems(StrEnum):
    """What items of the position stream leave out: seq, and the text of category.

    `seq` is not on every item that clients have logged, and `category` may be empty.
    """

    WHOLE = "whole"
    BARE_IF_FLAT = "bare_if_flat"
    """Items of closed positions leave them out."""
    BARE = "bare"
    """All items leave them out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """All switches with their defaults; set `Simulator.behaviour` at any time to change them.

    Attributes:
        effect_delay_ms: virtual time from the acknowledgement of a write to its effect.
        visible_delay_ms: how far order/realtime lags behind the engine.
        history_delay_ms: how far order/history lags ("may delay", docs/v5/order/order-list).
        position_delay_ms: how far position/list lags.
        reduce_only_sum: what resting reduce-only orders above the position come to.
        notional_spares_reduce_only: reduce-only orders may be below the minimum notional.
        resting_closed_when_flat: a flat position cancels the reduce-only orders that rest for it,
            as the real Bybit does (cancelType CancelByReduceOnly, docs/v5/enum). Without it they
            rest until somebody cancels them, or the price reaches them: for tests of a clean-up.
        conditional_closed_when_flat: a flat position also cancels the user's own conditional
            reduce-only orders (it always cancels those of trading-stop).
        link_id_reuse: when a link id may be used again.
        link_id_length: longest orderLinkId (documented: 36; the server accepted 45 in 2024).
        price_band: clip, refuse or ignore limit prices outside the band.
        amend_checks_price: an amend that leaves the price alone is refused where the order's price
            breaks a rule that came after it (not documented, docs/v5/order/amend-order).
        no_change: answer to an amend that changes nothing.
        no_change_code: retCode of that answer if it is an error.
        no_change_text: retMsg of that answer if it is an error.
        unchanged_mode: answer to a switch-mode by coin that changes nothing.
        in_flight: answer to an amend or a cancel of an order that is not in the engine yet.
        batch_size: largest batch (20 on the batch pages, 10 on the rate limit page).
        active_cap: most active orders of a symbol.
        conditional_cap: most conditional orders of a symbol.
        liquidity: quantity that one price move, or one taker order, can trade; None: no limit.
        book_depth: quantity that the book holds at each tick for market orders, which take it price
            by price up to the band's bound; the rest is cancelled. None: all at the market price.
        book_value: the same as a value in the coin that the contract settles in, so that one figure
            fits contracts of any price; `book_depth` goes before it.
        slippage_ticks: how many ticks behind the market price market orders begin to fill.
        triggered_sent: a conditional order that triggers is sent as Triggered before it is New.
        trailing_sent: the stream sends a trailing stop again when it activates and whenever its
            trigger follows the market; reads always show where it is (not documented).
        trailing_restarts: a trailing stop with a changed distance follows from the present price
            on, not from the best price so far (not documented).
        native_amends: order/amend changes orders of trading-stop too; without it they are refused
            with 10001 (not documented: the page of trading-stop speaks of cancels alone).
        rate_limits: limit requests by UID and endpoint, on the virtual clock. While that clock
            stands still the window never empties: switch the limits off, or advance the clock.
        ip_limit: allow an address 600 requests in 5 s of virtual time, then answer HTTP 403.
        ip_ban_ms: how long the HTTP 403 lasts.
        cursor_on_last_page: order and execution lists return a cursor even if no rows follow, as
            the samples on Bybit's pages do; the next page is then empty.
        conditional_listed: an unfiltered order/realtime lists conditional orders too.
        unknown_instrument: answer of instruments-info for an unknown symbol.
        second_filled: a cancel that loses against a fill makes the order stream send the filled
            order again ("may", docs/v5/websocket/private/order); listeners receive it too.
        dialect: how rows of orders and message ids are written.
        stream_bundles: the changes of one effect come in one message for each topic and symbol,
            instead of one message for each change.
        position_items: what items of the position stream leave out.
        key_endpoint: whether there is user/query-api; without it the path is unknown, as on hosts
            that do not have it.
    """

    effect_delay_ms: int = 0
    visible_delay_ms: int = 0
    history_delay_ms: int = 0
    position_delay_ms: int = 0
    reduce_only_sum: ReduceOnlySum = ReduceOnlySum.ALLOW
    notional_spares_reduce_only: bool = False
    resting_closed_when_flat: bool = True
    conditional_closed_when_flat: bool = False
    link_id_reuse: LinkIdReuse = LinkIdReuse.NEVER
    link_id_length: int = 36
    price_band: PriceBand = PriceBand.CLIP
    amend_checks_price: bool = True
    no_change: NoChange = NoChange.ERROR
    no_change_code: int = 10001
    no_change_text: str = "order not modified"
    unchanged_mode: UnchangedMode = UnchangedMode.SUCCESS
    in_flight: InFlight = InFlight.PROCESSING
    batch_size: int = 20
    active_cap: int = 500
    conditional_cap: int = 10
    liquidity: Decimal | None = None
    book_depth: Decimal | None = None
    book_value: Decimal | None = None
    slippage_ticks: int = 0
    triggered_sent: bool = True
    trailing_sent: bool = False
    trailing_restarts: bool = True
    native_amends: bool = True
    rate_limits: bool = True
    ip_limit: bool = True
    ip_ban_ms: int = 600_000
    cursor_on_last_page: bool = True
    conditional_listed: bool = True
    unknown_instrument: UnknownInstrument = UnknownInstrument.EMPTY_LIST
    second_filled: bool = False
    dialect: Dialect = Dialect.NOW
    stream_bundles: bool = True
    position_items: PositionItems = PositionItems.WHOLE
    key_endpoint: bool = True

    def __post_init__(self) -> None:
        """Refuse figures that mean nothing.

        Raises:
            ValueError: a figure is below 0.
        """
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, int | Decimal):
                from_zero(each.name, int(value) if isinstance(value, bool) else value)
