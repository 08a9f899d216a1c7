"""A stop's JSON says all of it, and gives it back."""

import json
from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from trueup.domain.model.stop import Breakeven, CancelEntries, Stop, Trailing
from trueup.storage.sql.stop_rows import stop_of, stop_packed

NUMBERS = st.none() | st.decimals(min_value=0, max_value=10**9, places=8)
LEVELS = st.none() | st.integers(1, 20)
STOPS = st.builds(
    Stop,
    price=NUMBERS,
    percent=NUMBERS,
    breakeven=st.none() | st.builds(Breakeven, LEVELS, NUMBERS, NUMBERS),
    moving_target=LEVELS,
    behind_target=NUMBERS,
    trailing=st.none() | st.builds(Trailing, NUMBERS, NUMBERS, NUMBERS, LEVELS),
    close_after=st.none() | st.timedeltas(),
    cancel_entries=st.none() | st.builds(CancelEntries, st.text(), st.integers(1, 20)),
)


@given(stop=STOPS)
def test_a_stop_comes_back_from_its_json(stop: Stop) -> None:
    assert stop_of(json.loads(json.dumps(stop_packed(stop)))) == stop


def test_the_json_has_what_is_set_by_its_name() -> None:
    stop = Stop.of(
        percent="2.50", breakeven=Breakeven.of(after_level=1), close_after=timedelta(hours=1)
    )
    assert stop_packed(stop) == {
        "percent": "2.5",
        "breakeven": {"after_level": 1},
        "form": "position",
        "trigger_by": "last",
        "on_crossed": "alert",
        "follow_average": False,
        "close_after": 3_600_000_000,
    }


def test_what_a_row_does_not_say_has_its_default() -> None:
    assert stop_of({"price": "0.70"}) == Stop.of(price=Decimal("0.7"))
