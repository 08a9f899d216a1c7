"""Stops that cannot be meant are refused with a line that says why."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from trueup import (
    Breakeven,
    CancelEntries,
    Ladder,
    OnCrossed,
    Role,
    Side,
    Stop,
    StopError,
    StopForm,
    Trailing,
    TriggerBy,
)
from trueup.domain.model.instrument import Instrument
from trueup.domain.recognition.link_ids import make_close_id, make_link_id, make_stop_link_id
from trueup.domain.venue.exchange_facts import LinkIdForm

D = Decimal
LADDER = Ladder.of((102, 50), (104, 50))
RULES = Instrument("X", D("0.01"), D(1), D(1), D(100))


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "needs a price or a percent"),
        ({"price": 98, "percent": 2}, "not at both"),
        ({"price": 0}, "the stop's price must be above 0"),
        ({"price": 0.7}, "a Decimal, a string or an int"),
        ({"price": True}, "a Decimal, a string or an int"),
        ({"price": "cheap"}, "not a number"),
        ({"percent": 100}, "percent must be below 100"),
        ({"percent": "-2"}, "percent must be above 0"),
        ({"percent": 2, "moving_target": 0}, "moving_target must be 1 to 20"),
        ({"percent": 2, "moving_target": "1"}, "must be an int, such as 1 for TP1"),
        ({"percent": 2, "behind_target": 0}, "behind_target must be above 0"),
        ({"breakeven": Breakeven(1)}, "needs a price or a percent"),
        ({"trailing": Trailing(D(1), after_level=1)}, "trailing stop that starts at once"),
        ({"trailing": Trailing(D(1), activation=D(1))}, "trailing stop that starts at once"),
        ({"price": 98, "follow_average": True}, "follow_average needs a percent"),
        ({"percent": 2, "form": "order", "trailing": Trailing(D(1))}, "the form must be position"),
        ({"percent": 2, "form": "partial"}, "form is position or order, not 'partial'"),
        ({"percent": 2, "trigger_by": "close"}, "trigger_by is last or mark or index"),
        ({"percent": 2, "on_crossed": "ignore"}, "on_crossed is alert or close"),
        ({"percent": 2, "close_after": timedelta(0)}, "longer than nothing"),
        ({"percent": 2, "breakeven": Breakeven()}, "needs after_level"),
        ({"percent": 2, "breakeven": {"after_level": 1}}, "is no Breakeven"),
    ],
)
def test_a_bad_stop_is_refused(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(StopError, match=says):
        Stop.of(**settings)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "needs after_level, such as 1 for TP1, or after_percent"),
        ({"after_level": 21}, "1 to 20, not 21"),
        ({"after_percent": 1, "offset": 1}, "would be past the market"),
        ({"after_level": 1, "offset": "-0.1"}, "offset must be 0 or above 0"),
        ({"after_level": 1, "offset": "0.1", "fees": True}, "has an offset of 0.1 %: not both"),
        ({"after_percent": "0.11", "offset": "fees"}, "would be past the market"),
    ],
)
def test_a_bad_breakeven_is_refused(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(StopError, match=says):
        Breakeven.of(**settings)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "either a distance or a percent"),
        ({"distance": 1, "percent": 1}, "and not both"),
        ({"distance": 1, "activation": 1, "after_level": 1}, "not by both"),
        ({"distance": 0}, "distance must be above 0"),
    ],
)
def test_a_bad_trailing_stop_is_refused(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(StopError, match=says):
        Trailing.of(**settings)


@pytest.mark.parametrize("pattern", ["", "*", "?*", "[!]", "A[0-9]*", "MY LIMIT*", "Größe*"])
def test_a_pattern_that_names_every_order_is_refused(pattern: str) -> None:
    with pytest.raises(StopError, match="must name link ids, such as"):
        CancelEntries.of(pattern)


def test_a_pattern_names_whole_link_ids() -> None:
    entries = CancelEntries.of("BOT_*_LIMIT?")
    assert entries.names("BOT_CONS_BANDUSDT_LIMIT2")
    assert not entries.names("bot_cons_bandusdt_limit2")
    assert not entries.names("BOT_CONS_BANDUSDT_LIMIT2_A1")
    assert not entries.names("")


def test_several_patterns_name_what_any_of_them_does() -> None:
    entries = CancelEntries.of(["BOT_*_LIMIT?", "MY_*"], 2)
    assert entries.names("MY_ENTRY")
    assert entries.names("BOT_A_LIMIT3")
    assert not entries.names("OUR_ENTRY")
    assert CancelEntries.of("A*") == CancelEntries(("A*",), 1)
    with pytest.raises(StopError, match="need a pattern"):
        CancelEntries.of(())


@pytest.mark.parametrize(
    "pattern",
    ["BOT_*", "*_7432", "MIR_TP?_*", "BOT_SL_*", "*CLOSE*", "*1737809937842*", "B*7", "???_TP*"],
)
def test_a_pattern_that_may_name_orders_of_ours_is_refused(pattern: str) -> None:
    with pytest.raises(StopError, match="of trueup's own, too"):
        CancelEntries.of(pattern)


@pytest.mark.parametrize(
    "pattern", ["BOT_*_LIMIT*", "BOT_ENTRY_*", "*_LIMIT2", "*entry*", "BOT_TP1_*_ENTRY", "BOT_??"]
)
def test_others_are_taken(pattern: str) -> None:
    CancelEntries.of(pattern).check_symbol("BANDUSDT")


@pytest.mark.parametrize(
    ("pattern", "symbol", "other"),
    [
        ("*BAND*", "BANDUSDT", "BTCUSDT"),
        ("BOT_*_LIMIT*", "LIMITUSDT", "BANDUSDT"),
        ("BOT_TP1_BTC-*", "BTCUSDT-26DEC25", "ETHUSDT"),
    ],
)
def test_and_by_the_ids_of_its_symbol(pattern: str, symbol: str, other: str) -> None:
    entries = CancelEntries.of(pattern)
    entries.check_symbol(other)
    with pytest.raises(StopError, match="of trueup's own, too"):
        Stop.of(percent=2, cancel_entries=entries).check_symbol(symbol)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("symbol", ["BANDUSDT", "BIGTIMEUSDT", "BTCUSDT-26DEC25"])
def test_what_is_refused_are_the_ids_that_trueup_makes(role: Role, symbol: str) -> None:
    """Each of them, taken as a pattern, names an order of ours."""
    form, at_ms, digits = LinkIdForm(36, "A-Za-z0-9_-"), 1737809937842, 7432
    ids = [
        make_link_id(form, role, 1, symbol, at_ms, digits),
        make_link_id(form, role, 20, symbol, at_ms, digits),
        make_stop_link_id(form, role, symbol, at_ms, digits),
        make_close_id(form, role, symbol, at_ms, digits),
    ]
    for link_id in ids:
        with pytest.raises(StopError, match="of trueup's own, too"):
            CancelEntries((link_id,)).check_symbol(symbol)


def test_numbers_are_exact_and_words_may_be_text() -> None:
    stop = Stop.of(
        percent="1.50",
        breakeven=Breakeven.of(after_level=1, offset=0),
        form="position",
        trigger_by="mark",
        on_crossed="close",
    )
    assert (stop.percent, stop.breakeven) == (D("1.5"), Breakeven(1, None, D(0)))
    assert (stop.form, stop.trigger_by) == (StopForm.POSITION, TriggerBy.MARK)
    assert stop.on_crossed is OnCrossed.CLOSE


@pytest.mark.parametrize(
    ("side", "entry", "market", "passes"),
    [
        (Side.BUY, None, None, True),
        (Side.BUY, 100, None, True),
        (Side.BUY, 98, None, False),
        (Side.BUY, 97, None, False),
        (Side.BUY, 97, 99, True),
        (Side.BUY, 97, 98, False),
        (Side.SELL, 97, None, True),
        (Side.SELL, 100, None, False),
        (Side.SELL, 100, 97, True),
        (Side.SELL, 100, 98, False),
    ],
)
def test_a_fixed_price_limits_a_loss_or_locks_a_profit_in(
    side: Side, entry: int | None, market: int | None, *, passes: bool
) -> None:
    stop = Stop.of(price=98)
    prices = [None if each is None else D(each) for each in (entry, market)]
    if passes:
        assert stop.check_side(side, *prices) is None  # type: ignore[func-returns-value] # it raises nothing
        return
    with pytest.raises(StopError, match="nor is the market beyond it"):
        stop.check_side(side, *prices)


@pytest.mark.parametrize(
    ("stop", "says"),
    [
        (Stop.of(price=104), "beyond every level of the Buy ladder"),
        (Stop.of(percent=2, breakeven=Breakeven(3)), "waits for TP3, but the ladder has 2 levels"),
        (Stop.of(percent=2, moving_target=3), "waits for TP3"),
        (Stop.of(percent=2, cancel_entries=CancelEntries(("A*",), 3)), "waits for TP3"),
    ],
)
def test_a_stop_fits_its_ladder(stop: Stop, says: str) -> None:
    with pytest.raises(StopError, match=says):
        stop.check_ladder(Side.BUY, LADDER)


def test_a_stop_between_levels_may_lock_a_profit_in() -> None:
    stop = Stop.of(price=103, breakeven=Breakeven(2))
    stop.check_ladder(Side.BUY, LADDER)
    stop.check_ladder(Side.SELL, Ladder.of((104, 50), (102, 50)))
    assert stop.levels == (2,)


@pytest.mark.parametrize(
    "stop",
    [
        Stop.of(price="98.005"),
        Stop.of(percent=2, trailing=Trailing.of(distance="0.005")),
        Stop.of(percent=2, trailing=Trailing.of(percent=1, activation="100.005")),
    ],
)
def test_a_price_off_the_tick_is_never_rounded_silently(stop: Stop) -> None:
    with pytest.raises(StopError, match="not a multiple of the tick size"):
        stop.check_instrument(RULES)


def test_a_limit_is_of_a_stop_that_is_an_order() -> None:
    stop = Stop.of(percent=2, form="order", limit_percent="0.5")
    assert stop.limit_percent == D("0.5")
    with pytest.raises(StopError, match="limit_percent needs the form order"):
        Stop.of(percent=2, limit_percent="0.5")
    for wrong in (0, -1, 100):
        with pytest.raises(StopError, match="limit_percent must be"):
            Stop.of(percent=2, form="order", limit_percent=wrong)
