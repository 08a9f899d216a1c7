"""An alert as a message: its title, its text, and its fields for programs."""

from collections.abc import Mapping
from datetime import datetime

from ...domain.model.alert import Alert, Lack
from ...domain.model.instrument import plain

Fields = Mapping[str, object]
_RULE = "━"


def title_and_body(alert: Alert) -> tuple[str, str]:
    """The first line, and the rest without the rule below it; both are the text of one line."""
    title, _, rest = alert.text.partition("\n")
    lines = rest.splitlines()
    if lines and not lines[0].strip(_RULE):
        del lines[0]
    return title, "\n".join(lines) or title


def footer(alert: Alert) -> str:
    """The line that shows a reader that a message is a repeat."""
    return f"🔑 {alert.identity}"


def fields(alert: Alert) -> Fields:
    """What a webhook gets beside title and text. Times are ISO 8601 in UTC, quantities text.

    Where the message stands for many alerts, ``includes`` has each of them, with its own key.
    """
    return {
        **_named(alert),
        "text": alert.text,
        "includes": [_named(each) for each in alert.includes],
    }


def _named(alert: Alert) -> dict[str, object]:
    facts = alert.facts
    return {
        "key": alert.identity,
        "run": alert.run_id or None,
        "account": alert.key.account or None,
        "symbol": alert.key.symbol or None,
        "side": alert.key.side.value if alert.key.symbol else None,
        "status": alert.status.value,
        "level": alert.level.value,
        "kinds": [str(kind) for kind in facts.kinds],
        "codes": list(facts.codes),
        "uncovered": _quantity(facts.uncovered),
        "uncovered_since": _since(facts.uncovered),
        "unprotected": _quantity(facts.unprotected),
        "unprotected_since": _since(facts.unprotected),
        "next_try_at": _time(facts.next_try_at),
        "created_at": _time(alert.created_at),
    }


def _quantity(lack: Lack | None) -> str | None:
    return None if lack is None else plain(lack.quantity)


def _since(lack: Lack | None) -> str | None:
    return None if lack is None else _time(lack.since)


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
