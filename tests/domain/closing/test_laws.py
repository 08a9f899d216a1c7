"""Laws of a close: it never closes more than was asked for, nor of another position."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from trueup.domain.closing.going_on import after_request, given_up, next_quantity, of_position
from trueup.domain.closing.taking import taken
from trueup.domain.model.close.closing import (
    OPEN,
    CloseCause,
    CloseCommand,
    CloseEnd,
    Closing,
    ClosingRecord,
)
from trueup.domain.model.instrument import Instrument

NOW = datetime(2026, 1, 31, tzinfo=UTC)
ZERO = Decimal(0)
STEP = Decimal("0.1")
sizes = st.integers(1, 100_000).map(lambda steps: steps * STEP)
shares = st.decimals("0.01", 100, places=2)


def rules(largest: str = "200", least: str = "0.1", value: str = "0") -> Instrument:
    return Instrument(
        "BANDUSDT",
        Decimal("0.01"),
        STEP,
        Decimal(least),
        Decimal(1000),
        Decimal(value),
        max_market=Decimal(largest),
    )


def command(share: Decimal = Decimal(100), cycle: int = 1) -> CloseCommand:
    return CloseCommand(CloseCause.COMMAND, cycle, share, "ann@host", number=1)


def taken_of(size: Decimal, share: Decimal = Decimal(100), cycle: int = 1) -> Closing:
    return taken(command(share), cycle, size, Decimal(1), rules(), NOW)


@given(sizes, shares)
def test_a_share_is_whole_steps_and_no_more_than_was_asked_for(
    size: Decimal, share: Decimal
) -> None:
    closing = taken_of(size, share)
    assert closing.quantity <= size * share / 100 < closing.quantity + STEP
    assert closing.quantity % STEP == ZERO
    assert closing.is_open is (closing.quantity >= STEP)


@given(sizes, shares, st.lists(st.tuples(st.integers(0, 100), sizes)))
def test_requests_never_ask_for_more_than_is_left(
    size: Decimal, share: Decimal, steps: list[tuple[int, Decimal]]
) -> None:
    """Whatever each fills, and however the position moves: together no more than was asked for."""
    closing, asked = taken_of(size, share), rules()
    for part, now in steps:
        closing = of_position(closing, 1, now) if closing.is_open else closing
        if not closing.is_open:
            break
        quantity = next_quantity(closing, now, asked)
        assert ZERO < quantity <= min(closing.remaining, now, asked.max_market)
        filled = asked.quantity(asked.steps(quantity * part / 100))
        closing = after_request(closing, filled)
        assert closing.filled <= closing.quantity
    assert (closing.end is CloseEnd.DONE) is (closing.filled == closing.quantity > ZERO)


@given(sizes, st.integers(1, 3), st.integers(1, 3))
def test_another_position_is_never_closed(size: Decimal, meant: int, there: int) -> None:
    closing = taken(command(cycle=meant), there, size, Decimal(1), rules(), NOW)
    assert closing.is_open is (meant == there)
    if closing.is_open:
        later = of_position(closing, there + 1, size)
        assert (later.end, later.remaining) == (CloseEnd.REFUSED, ZERO)


def test_no_position_needs_no_close() -> None:
    assert "no position" in taken_of(ZERO).detail
    part = after_request(taken_of(Decimal(300)), Decimal(100))
    over = of_position(part, 1, ZERO)
    assert (over.end, over.filled) == (CloseEnd.PART, Decimal(100))
    assert "200 of it was left" in over.detail


def test_minimums_bind_a_share_and_never_the_whole() -> None:
    tight = rules(least="5", value="10")
    for share, words in ((Decimal(10), "the smallest order is 5"), (Decimal(50), "worth 10")):
        half = taken(command(share), 1, Decimal(12), Decimal("0.1"), tight, NOW)
        assert (half.end, words in half.detail) == (CloseEnd.REFUSED, True)
    assert taken(command(), 1, Decimal(1), Decimal("0.1"), tight, NOW).is_open


def test_an_order_is_no_larger_than_the_largest_market_order() -> None:
    closing = taken_of(Decimal(307))
    assert next_quantity(closing, Decimal(307), rules("200")) == Decimal(200)
    assert next_quantity(closing, Decimal(307), rules("0")) == Decimal(307)


def test_a_record_names_what_became_of_each_command() -> None:
    first = given_up(taken_of(Decimal(10)), "no")
    second = taken(
        CloseCommand(CloseCause.COMMAND, 1, number=2), 1, Decimal(10), ZERO, rules(), NOW
    )
    record = ClosingRecord(1, first).with_new(second)
    assert (record.of(1), record.of(2), record.of(3)) == (first, second, None)
    assert (record.open, second.stage) == (second, OPEN)
