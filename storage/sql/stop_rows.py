"""A stop and its JSON, both ways."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from decimal import Decimal
from typing import Any

from ...domain.model.stop import (
    Breakeven,
    CancelEntries,
    OnCrossed,
    Stop,
    StopForm,
    Trailing,
    TriggerBy,
)
from .columns import decimal, exact_text
from .monitor_rows import microseconds, moment_of


def stop_packed(stop: Stop) -> dict[str, object]:
    """The stop as the monitor's row has it: what is set, by its name.

    Raises:
        ValueError: a number cannot be stored.
    """
    return _packed(stop)


def stop_of(row: Mapping[str, Any]) -> Stop:
    """The stop of its JSON. What is not in it has its default."""
    return Stop(
        price=_number(row, "price"),
        percent=_number(row, "percent"),
        breakeven=_breakeven(row.get("breakeven")),
        moving_target=row.get("moving_target"),
        behind_target=_number(row, "behind_target"),
        trailing=_trailing(row.get("trailing")),
        form=StopForm(row.get("form", StopForm.POSITION)),
        trigger_by=TriggerBy(row.get("trigger_by", TriggerBy.LAST)),
        on_crossed=OnCrossed(row.get("on_crossed", OnCrossed.ALERT)),
        follow_average=row.get("follow_average", False),
        close_after=moment_of(row.get("close_after")),
        cancel_entries=_cancel_entries(row.get("cancel_entries")),
    )


def _packed(part: Stop | Breakeven | Trailing | CancelEntries) -> dict[str, object]:
    given = ((each.name, getattr(part, each.name)) for each in fields(part))
    return {name: _value(value) for name, value in given if value is not None}


def _value(value: object) -> object:
    if isinstance(value, Decimal):
        return exact_text(value)
    if isinstance(value, timedelta):
        return microseconds(value)
    if isinstance(value, Breakeven | Trailing | CancelEntries):
        return _packed(value)
    return value.value if isinstance(value, StopForm | TriggerBy | OnCrossed) else value


def _breakeven(row: Mapping[str, Any] | None) -> Breakeven | None:
    if row is None:
        return None
    return Breakeven(row.get("after_level"), _number(row, "after_percent"), _number(row, "offset"))


def _trailing(row: Mapping[str, Any] | None) -> Trailing | None:
    if row is None:
        return None
    return Trailing(
        _number(row, "distance"),
        _number(row, "percent"),
        _number(row, "activation"),
        row.get("after_level"),
    )


def _cancel_entries(row: Mapping[str, Any] | None) -> CancelEntries | None:
    return None if row is None else CancelEntries(row["pattern"], row["after_level"])


def _number(row: Mapping[str, Any], name: str) -> Decimal | None:
    text = row.get(name)
    return None if text is None else decimal(text)
