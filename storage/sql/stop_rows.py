"""A monitor's stop, ladder rule and closes as its row has them; the journal's requests of stops."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ...domain.model.close.closing import NO_CLOSE, ClosingRecord
from ...domain.model.protection import StopIntent, StopRecord
from ...domain.model.stop import RuleRecord
from ...domain.recording.codec import Form, to_text
from .columns import exact_text

_STOP = Form[StopRecord](StopRecord)
_CLOSING = Form[ClosingRecord](ClosingRecord)
_RULE = Form[RuleRecord](RuleRecord)


def stop_record_packed(stop: StopRecord | None) -> dict[str, Any] | None:
    """The stop as an object, in which what equals its default is left out."""
    packed: dict[str, Any] | None = None if stop is None else json.loads(to_text(stop))
    return packed


def stop_record_of(packed: dict[str, Any] | None) -> StopRecord | None:
    """The stop of its object.

    Raises:
        ValueError: it is none.
    """
    return None if packed is None else _STOP.read(packed)


def rule_record_packed(rule: RuleRecord | None) -> dict[str, Any] | None:
    """The ladder by rule as an object, in which what equals its default is left out."""
    packed: dict[str, Any] | None = None if rule is None else json.loads(to_text(rule))
    return packed


def rule_record_of(packed: dict[str, Any] | None) -> RuleRecord | None:
    """The ladder by rule of its object.

    Raises:
        ValueError: it is none.
    """
    return None if packed is None else _RULE.read(packed)


def closing_packed(closing: ClosingRecord) -> dict[str, Any] | None:
    """What is on record of closes as an object, likewise; None where that is nothing."""
    packed: dict[str, Any] | None = None if closing == NO_CLOSE else json.loads(to_text(closing))
    return packed


def closing_of(packed: dict[str, Any] | None) -> ClosingRecord:
    """What is on record of closes, of its object.

    Raises:
        ValueError: it is none.
    """
    return NO_CLOSE if packed is None else _CLOSING.read(packed)


def stop_intent_packed(
    intent: StopIntent, after: Callable[[datetime | None], int | None]
) -> list[object]:
    """A request as it is now; ``after`` makes a time of it as the row has times."""
    return [
        after(intent.resolved_at or intent.created_at),
        intent.id,
        intent.cycle,
        intent.generation,
        exact_text(intent.asked.price),
        exact_text(intent.asked.trailing),
        exact_text(intent.asked.activation),
        exact_text(intent.before.price),
        intent.rule,
        intent.status.value,
        intent.code,
        intent.detail.replace("\0", r"\x00"),
        exact_text(intent.before.trailing),
        exact_text(intent.before.activation),
        exact_text(intent.asked.quantity),
        exact_text(intent.before.quantity),
        intent.operation.value if intent.operation else "",
        intent.order_link_id,
        exact_text(intent.asked.limit),
        exact_text(intent.before.limit),
    ]
