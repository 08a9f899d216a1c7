"""A copy is what dataclasses makes of the same value, and as frozen."""

import dataclasses
from dataclasses import FrozenInstanceError, dataclass
from decimal import Decimal

import pytest

from trueup.domain.copies import replace
from trueup.domain.model.errors import ConfigurationError
from trueup.domain.model.identity import MonitorKey, Role, Side
from trueup.domain.model.record import MonitorRecord, StateName

KEY = MonitorKey("main", "BANDUSDT", Side.SELL)
RECORD = MonitorRecord(1, KEY, Role.MAIN, None, None)


@dataclass(frozen=True)
class Open:
    """A value without slots."""

    size: int
    price: int = 2


@dataclass(frozen=True)
class Wider(Open):
    """One that inherits fields."""

    note: str = ""


@pytest.mark.parametrize("value", [Open(1), Wider(1, note="as before")])
def test_a_copy_is_as_dataclasses_makes_it(value: Open) -> None:
    copied = replace(value, size=3)
    assert copied == dataclasses.replace(value, size=3)
    assert type(copied) is type(value)
    with pytest.raises(FrozenInstanceError):
        copied.size = 4  # type: ignore[misc] # it is frozen


def test_a_record_keeps_all_but_what_changes() -> None:
    copied = replace(RECORD, state=StateName.PLACING, position_size=Decimal(3))
    assert copied == dataclasses.replace(RECORD, state=StateName.PLACING, position_size=Decimal(3))
    assert (RECORD.state, RECORD.position_size) == (StateName.IDLE, Decimal(0))
    with pytest.raises(FrozenInstanceError):
        copied.state = StateName.IDLE  # type: ignore[misc] # it is frozen


def test_a_field_that_does_not_exist_is_refused() -> None:
    with pytest.raises(AttributeError):
        replace(RECORD, no_such_field=1)  # type: ignore[call-arg] # that is the point


def test_a_copy_is_checked_as_a_new_value_is() -> None:
    assert replace(KEY, side="Buy").side is Side.BUY  # type: ignore[arg-type] # the key takes text too
    with pytest.raises(ConfigurationError):
        replace(KEY, side="Long")  # type: ignore[arg-type] # it is no side
