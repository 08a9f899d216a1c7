"""Stop and ladder rule as a monitor's row has them; a stop's requests as the journal has them."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ...domain.model.protection import StopIntent, StopRecord
from ...domain.model.stop import RuleRecord
from ...domain.recording.codec import Form, to_text
from .columns import exact_text

_STOP = Form[StopRecord](StopRecord)
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
    ]
