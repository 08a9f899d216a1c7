"""One message where one cause has hit many monitors."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ..model.alert import Alert
from ..model.identity import MonitorKey
from ..model.record import RunOutcome
from .alert_text import ALL_CLEAR, RESULTS, RULE, SIGNS
from .delivery.identities import identity_of_all

_NAMED = 20
"""How many monitors a digest names; `monitor_status` has them all."""
_OF_A_LEVEL = re.compile(r"^TP\d")
_FAILURES = frozenset({RunOutcome.FAILED, RunOutcome.SKIPPED})


def cause_of(alert: Alert) -> str:
    """Why a run failed, or that what made runs fail is over.

    Alerts with the same cause can be told in one message. Empty where an alert is about its
    monitor alone: orders were changed, or a level has filled. Nobody waits for news of that.
    """
    lines = _results(alert.text)
    if not lines or any(_OF_A_LEVEL.match(line) for line in lines):
        return ""
    if alert.status not in _FAILURES and lines != [ALL_CLEAR]:
        return ""
    return "\n".join((alert.status.value, *lines))


def digest(alerts: Sequence[Alert], at: datetime) -> Alert:
    """The one message for alerts of one cause, oldest first; it names the first ones' monitors.

    For alerts of one monitor it is what the newest says.
    """
    status, *lines = cause_of(alerts[0]).splitlines()
    keys = list(dict.fromkeys(alert.key for alert in alerts))
    if len(keys) == 1:
        key = identity_of_all(alerts)
        return replace(alerts[-1], run_id="", created_at=at, includes=tuple(alerts), identity=key)
    named = [f"  {_named(key)}" for key in keys[:_NAMED]]
    more = len(keys) - len(named)
    text = "\n".join(
        (
            f"{SIGNS[alerts[0].status]} TP REBALANCING {status}: {len(keys)} monitors",
            RULE,
            f"{RESULTS} {lines[0]}" if len(lines) == 1 else RESULTS,
            *(f"  {line}" for line in lines if len(lines) > 1),
            "",
            "📊 Monitors:",
            *named,
            *([f"  and {more} more: the view monitor_status has them"] if more else []),
        )
    )
    identity = identity_of_all(alerts)
    return Alert("", keys[0], alerts[0].status, text, at, tuple(alerts), identity)


def _results(text: str) -> list[str]:
    """The lines of an alert's results, without what is before and after them."""
    lines = text.splitlines()
    start = next((n for n, line in enumerate(lines) if line.startswith(RESULTS)), None)
    if start is None:
        return []
    first = lines[start].removeprefix(RESULTS).strip()
    rest = lines[start + 1 :]
    below = rest[: rest.index("")] if "" in rest else rest
    return [line.strip() for line in (first, *below) if line.strip()]


def _named(key: MonitorKey) -> str:
    return f"{key.account} {key.symbol} {key.side.value}"
