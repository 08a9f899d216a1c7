"""The switches: where Bybit's pages are silent or disagree, the user of the simulator decides."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class ReduceOnlySum(StrEnum):
    """What happens where resting reduce-only orders add up to more than the position."""

    ALLOW = "allow"
    """They may; every fill is cut to the position, and a flat position cancels the rest."""
    REJECT = "reject"
    """A create or an amend that lifts the sum above the position is refused with 110017."""
    TRUNCATE_NEWEST = "truncate_newest"
    """The newest order gets what is left; when the position shrinks the newest are cut first."""
    CANCEL_FARTHEST_ON_SHRINK = "cancel_farthest_on_shrink"
    """When the position shrinks, orders farthest from the market go until the rest fits."""


class LinkIdReuse(StrEnum):
    """When an orderLinkId may be used again."""

    NEVER = "never"
    """Never: "always unique", as docs/v5/order/create-order says since September 2023."""
    AFTER_CLOSE = "after_close"
    """Once the first order is closed: the rule of that page before May 2023."""


class PriceBand(StrEnum):
    """What happens to limit prices outside the band (docs/v5/account/set-price-limit)."""

    OFF = "off"
    CLIP = "clip"
    """The exchange changes the price to the nearest one allowed: the default for futures."""
    REJECT = "reject"
    """110003."""


class NoChange(StrEnum):
    """How an amend is answered that changes nothing (no page says; clients saw a text)."""

    OK = "ok"
    ERROR = "error"


class InFlight(StrEnum):
    """How an amend or cancel is answered while the order has not reached the engine yet."""

    PROCESSING = "processing"
    """110079."""
    GONE = "gone"
    """110001."""


class UnknownInstrument(StrEnum):
    """How market/instruments-info answers for a symbol that does not exist (not documented)."""

    EMPTY_LIST = "empty_list"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """All switches with their defaults; `Simulator.behaviour` may be replaced at any time.

    Attributes:
        effect_delay_ms: virtual time from the acknowledgement of a write to its effect.
        visible_delay_ms: how far order/realtime lags behind the engine.
        history_delay_ms: how far order/history lags ("may delay", docs/v5/order/order-list).
        reduce_only_sum: policy for the sum of resting reduce-only orders.
        notional_spares_reduce_only: reduce-only orders may be below the minimum notional.
        conditional_closed_when_flat: a flat position also takes the user's own conditional
            reduce-only orders with it (those of trading-stop always go).
        link_id_reuse: when a link id may be used again.
        link_id_length: longest orderLinkId (documented 36; the server took 45 in 2024).
        price_band: clip, refuse or ignore limit prices outside the band.
        no_change: answer to an amend that changes nothing.
        no_change_code: its retCode where that answer is an error.
        no_change_text: its retMsg where that answer is an error.
        in_flight: answer to a write about an order that has not landed yet.
        batch_size: largest batch (20 on the batch pages, 10 on the rate limit page).
        active_cap: active orders per symbol.
        conditional_cap: conditional orders per symbol.
        liquidity: quantity that one price move or one taking order finds; None is endless.
        rate_limits: per UID and endpoint, on the virtual clock. While that clock stands still
            the window never empties: switch it off, or advance the clock.
        ip_limit: 600 requests in 5 s of virtual time, then HTTP 403 for `ip_ban_ms`.
        ip_ban_ms: how long the IP stays locked out.
        cursor_on_last_page: order and execution lists give a cursor even where nothing follows,
            as the samples of the pages do; the next page is then empty.
        conditional_listed: an unfiltered order/realtime lists conditional orders too.
        unknown_instrument: answer of instruments-info for unknown symbols.
        second_filled: a cancel that loses to a fill makes the order stream tell the filled order
            a second time ("may", docs/v5/websocket/private/order); listeners are told too.
        stream_bundles: what one effect did to orders, executions or positions of one symbol comes
            in one message of each topic, instead of a message each.
    """

    effect_delay_ms: int = 0
    visible_delay_ms: int = 0
    history_delay_ms: int = 0
    reduce_only_sum: ReduceOnlySum = ReduceOnlySum.ALLOW
    notional_spares_reduce_only: bool = False
    conditional_closed_when_flat: bool = False
    link_id_reuse: LinkIdReuse = LinkIdReuse.NEVER
    link_id_length: int = 36
    price_band: PriceBand = PriceBand.CLIP
    no_change: NoChange = NoChange.ERROR
    no_change_code: int = 10001
    no_change_text: str = "order not modified"
    in_flight: InFlight = InFlight.PROCESSING
    batch_size: int = 20
    active_cap: int = 500
    conditional_cap: int = 10
    liquidity: Decimal | None = None
    rate_limits: bool = True
    ip_limit: bool = True
    ip_ban_ms: int = 600_000
    cursor_on_last_page: bool = True
    conditional_listed: bool = True
    unknown_instrument: UnknownInstrument = UnknownInstrument.EMPTY_LIST
    second_filled: bool = False
    stream_bundles: bool = False
