"""Values as text, and back: nothing is lost, and old texts stay readable."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.domain.model.identity import Side
from trueup.domain.model.observation import Flat, Observation, OrdersUnread, Reading, Unknown
from trueup.domain.model.order import Order, OrderStatus, OrderType, Position
from trueup.domain.model.outcomes import Absent, Accepted, Found, Held, LookUp, Refused, Unsure
from trueup.domain.recording.codec import Form, to_text
from trueup.domain.venue.exchange_facts import Lateness

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
ORDER = Order(
    "f58f5170-24b2-471a-920f-4a7690ac1023",
    "MIR_TP1",
    "BANDUSDT",
    Side.BUY,
    OrderType.LIMIT,
    Decimal("0.6528"),
    Decimal("261.20"),
    Decimal(0),
    OrderStatus.OPEN,
    reduce_only=True,
)

numbers = st.decimals(allow_nan=False, allow_infinity=False, places=8)
texts = st.text(max_size=20)
instants = st.datetimes(min_value=datetime(1990, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - aware by the strategy
orders = st.builds(
    replace,
    st.just(ORDER),
    order_id=texts,
    price=numbers,
    quantity=numbers,
    filled=numbers,
    status=st.sampled_from(OrderStatus),
    updated_ms=st.integers(0, 1 << 50),
)
positions = st.builds(
    Position, symbol=texts, side=st.sampled_from(Side), size=numbers, entry_price=numbers
)
observations = st.builds(
    Observation,
    account=texts,
    at=instants,
    positions=st.lists(positions, max_size=2).map(tuple),
    orders=st.lists(orders, max_size=3).map(tuple),
    read_ms=st.integers(0, 1 << 50),
    flat=st.lists(st.builds(Flat, symbol=texts, side=st.sampled_from(Side)), max_size=1).map(tuple),
    changes=st.none() | st.integers(0, 99),
)
unknowns = st.builds(Unknown, account=texts, at=instants, reason=texts, code=st.none() | st.just(9))
readings = (
    observations
    | unknowns
    | st.builds(OrdersUnread, account=texts, at=instants, positions=st.just(()), reason=texts)
)


@given(readings)
def test_a_reading_is_read_as_it_was_written(reading: Reading) -> None:
    back = Form[Reading](Reading).read(json.loads(to_text(reading)))
    assert type(back) is type(reading)
    assert to_text(back) == to_text(reading)
    assert back == reading


@pytest.mark.parametrize(
    "answer", [Found(ORDER, unlisted=True), Absent(), Unknown("main", NOON, "timed out", 10006)]
)
def test_one_of_several_types_is_of_the_same_one(answer: LookUp) -> None:
    assert Form[LookUp](LookUp).read(json.loads(to_text(answer))) == answer


def test_every_outcome_of_a_write_is_read_as_it_was_written() -> None:
    refused = Refused("already-gone", 110001, "order not exists")  # type: ignore[arg-type] # as JSON has it
    outcomes = (Accepted("id", "link"), Unsure("no answer"), Held("paused"))
    form = Form[tuple[Accepted | Refused | Unsure | Held, ...]](
        tuple[Accepted | Refused | Unsure | Held, ...]
    )
    assert form.read(json.loads(to_text((refused, *outcomes)))) == (refused, *outcomes)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Decimal, Decimal("0.10")),
        (Fraction, Fraction(1, 3)),
        (datetime, NOON + timedelta(microseconds=1)),
        (timedelta, timedelta(days=3, microseconds=7)),
        (frozenset[Side], frozenset(Side)),
        (dict[int, Decimal], {1: Decimal("0.50")}),
        (tuple[str, int], ("a", 1)),
        (str | None, None),
    ],
)
def test_plain_values_are_read_as_they_were_written(kind: object, value: object) -> None:
    back = Form[object](kind).read(json.loads(to_text(value)))
    assert (back, str(back)) == (value, str(value))


def test_a_field_that_equals_its_default_is_left_out() -> None:
    assert json.loads(to_text(Lateness())) == {"_": "Lateness"}
    assert json.loads(to_text(Lateness(reads=timedelta(seconds=1)))) == {
        "_": "Lateness",
        "reads": 1_000_000,
    }


@dataclass(frozen=True)
class Later:
    """A type that has gained ``gained``, and lost another field."""

    kept: str
    gained: int = 7


def test_a_text_from_before_a_field_was_added_or_removed_is_read() -> None:
    assert Form[Later](Later).read({"_": "Later", "kept": "a", "lost": [1]}) == Later("a", 7)


@pytest.mark.parametrize(
    ("kind", "data"),
    [(int, "1"), (str, 1), (Side, "Both"), (Later, {}), (LookUp, {"_": "Later"}), (Decimal, "x")],
)
def test_what_is_of_another_form_is_refused(kind: object, data: object) -> None:
    with pytest.raises(ValueError, match=r"is no|not a valid"):
        Form[object](kind).read(data)


def test_a_value_that_no_run_has_is_refused() -> None:
    with pytest.raises(TypeError, match="no run has a set"):
        to_text({1, 2})
