"""Templates: every value is escaped, whatever it is; times and shares in the page's words."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from ... import __version__
from ...storage import Row
from .reading.asked import SHOWN, SORTS
from .reading.engine import Engine
from .reading.standing import Standing, words_of

_FIXED = re.compile(r"the price [\d.]+")
_BACKTICKS = re.compile("`([^`]+)`")
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "instant": _instant,
        "ago": _ago,
        "share": _share,
        "place": place_of,
        "seconds": _seconds,
        "code": _code,
        "rule": _rule,
        "retry": _retry,
        "standing_words": _standing_words,
    }
    made.globals |= {"version": __version__, "shown": SHOWN, "sorts": SORTS, "Standing": Standing}
    return made


def render(name: str, values: Mapping[str, object], status: int = 200) -> HTMLResponse:
    """A page, made of the template of that name."""
    return HTMLResponse(_ENVIRONMENT.get_template(name).render(**values), status)


def place_of(row: Row) -> str:
    """The address of a monitor's page."""
    parts = (str(row["account"]), str(row["symbol"]), str(row["side"]))
    return f"/monitors/{'/'.join(quote(part, safe='') for part in parts)}"


def _instant(text: str) -> str:
    """``2026-12-01 03:12:07 UTC`` of an instant as the database has it."""
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M:%S} UTC"


def _ago(text: str, now: datetime) -> str:
    """``12 s ago``, ``3 min ago``, ``2 h ago``, ``5 days ago``; ``in 3 min`` of what is to come."""
    seconds = int((now.astimezone(UTC) - datetime.fromisoformat(text)).total_seconds())
    length = _length(abs(seconds))
    return f"{length} ago" if seconds >= 0 else f"in {length}"


def _retry(due: str, now: datetime, engine: Engine) -> tuple[str, bool]:
    """When the next try is due, in words, and whether that is a reason to worry."""
    late = int((now.astimezone(UTC) - datetime.fromisoformat(due)).total_seconds())
    if engine.runs:
        is_late = late > _MINUTE
        if is_late:
            return f"retry overdue by {_length(late)}", True
        return ("next try due now" if late >= 0 else f"next try in {_length(-late)}"), False
    if late >= 0:
        return f"retry overdue by {_length(late)}: no engine runs", True
    return f"retry due in {_length(-late)}: no engine runs", True


def _standing_words(row: Row) -> str:
    return words_of(Standing(str(row["standing"])), row)


def _rule(text: str) -> str:
    """A rule as a person reads it: a price that was given is none that moves."""
    return "fixed price, as given" if _FIXED.fullmatch(text) else text


def _code(text: str) -> Markup:
    """The text, escaped; what stands between backticks is set as code."""
    return Markup(_BACKTICKS.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def _length(seconds: int) -> str:
    if seconds < 2 * _MINUTE:
        return f"{seconds} s"
    if seconds < 2 * _HOUR:
        return f"{seconds // _MINUTE} min"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR} h"
    return f"{seconds // _DAY} days"


def _seconds(length: timedelta) -> str:
    """``23 ms``, ``1.3 s``."""
    seconds = length.total_seconds()
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _share(part: object, whole: object) -> float:
    """How wide a bar is, in per cent, from 0 to 100; 0 of nothing."""
    total = float(str(whole or 0))
    return min(max(100 * float(str(part or 0)) / total, 0.0), 100.0) if total else 0.0


_ENVIRONMENT = _environment()
