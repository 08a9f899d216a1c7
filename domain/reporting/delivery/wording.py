"""What an alert says beside what happened: how much is bare since when, what follows, what to do.

The text of an alert is the run's. What is said here comes from its facts, when it is delivered: a
time that changes with every try is no news, so it is no part of the text that alerts are compared
by.
"""

from collections.abc import Iterator
from datetime import datetime

from ...model.alert import NO_FACTS, Alert, AlertKind, Lack
from ...model.instrument import plain
from ..alert_lines import explain
from ..alert_text import RESULTS

_NOTHING = "Nothing"
_MOST = 3
"""So many remedies are said at most: the first ones are of the first lines."""


def whole_text(alert: Alert) -> str:
    """The text, and below it what follows from its facts; the text alone where nothing does."""
    lines = tuple(_lines(alert))
    return "\n".join((alert.text, "", *lines)) if lines else alert.text


def _lines(alert: Alert) -> Iterator[str]:
    facts = alert.facts
    is_problem = AlertKind.PROBLEM in facts.kinds
    if facts == NO_FACTS or not (is_problem or facts.uncovered or facts.unprotected):
        return
    if facts.unprotected is not None:
        yield f"🚨 unprotected: {_lack(facts.unprotected)}"
    if facts.uncovered is not None:
        yield f"🕳️ uncovered: {_lack(facts.uncovered)}"
    if facts.next_try_at is not None:
        yield f"⏳ trueup tries again by {_time(facts.next_try_at)}"
    elif not is_problem:
        yield "⏳ trueup goes on by itself once something changes"
    if is_problem:
        yield f"👉 {' '.join(_remedies(alert)) or 'nothing to do: act if this comes again'}"


def _lack(lack: Lack) -> str:
    since = "" if lack.since is None else f", since {_time(lack.since)}"
    return f"{plain(lack.quantity)}{since}"


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _remedies(alert: Alert) -> tuple[str, ...]:
    """What to do about what the results say, each once."""
    found = (explain(line) for line in result_lines(alert.text))
    remedies = [one.meaning.remedy for one in found if one is not None]
    to_do = [remedy for remedy in remedies if not remedy.startswith(_NOTHING)]
    codes = ", ".join(map(str, alert.facts.codes))
    if codes:
        to_do.append(f"docs/alerts.md says what to do about {codes}.")
    return tuple(dict.fromkeys(to_do))[:_MOST]


def result_lines(text: str) -> Iterator[str]:
    """The lines of the results, and the reasons behind the marks of levels."""
    is_result = False
    for line in text.splitlines():
        is_result = is_result or line.startswith(RESULTS)
        if is_result and not line.strip():
            return
        if is_result:
            yield line.removeprefix(RESULTS).strip()
