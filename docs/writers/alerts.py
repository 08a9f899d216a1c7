"""``alerts.md``: what an alert says, from which cause, and what to do about it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from trueup.adapters.bybit.codes.classify import known_codes
from trueup.domain.model.alert import Alert
from trueup.domain.model.events import UnwatchedPosition
from trueup.domain.model.identity import MonitorKey, Role, Side
from trueup.domain.model.intent import IntentStatus
from trueup.domain.model.outcomes import OutcomeClass
from trueup.domain.model.record import RunOutcome
from trueup.domain.reporting import alert_lines, event_explanations, key_lines
from trueup.domain.reporting.alert_text import (
    MARKS,
    SIGNS,
    LevelResult,
    accepted_text,
    alert_text,
    refused_text,
    unwatched_text,
)
from trueup.domain.reporting.callback_text import raises_text, works_text
from trueup.domain.reporting.digest import digest
from trueup.domain.reporting.explanations import CLASSES, OUTCOMES, WRITES, ExplainedLine
from trueup.domain.reporting.held_text import held_text, log_text, returned_text, stands_text
from trueup.domain.reporting.outage_text import outage_text, recovery_text, stop_text
from trueup.domain.reporting.sink_text import sink_fails_text, sink_works_text

from ..markdown import fenced, page, table

_INTRODUCTION = """
An alert is the end of one run of one monitor. It states only what was verified. This page explains
each of its parts: the outcome in its first line, the mark behind each level, the lines among its
results, and the codes of Bybit. trueup writes the alert in the transaction that ends the run, and
delivers it at least once to each sink.
"""

_EXAMPLE = """
TP1 should have grown from 850 to 1700 and did; TP2 was refused with Bybit's code 110007. trueup
tries again after a pause that doubles with every failed run. Until then
[the page](page.md) shows the monitor as it stands: since when, how much, why, and the next step.

![The page of a monitor that the alert is about](pictures/monitor-1440.webp)
"""

_HEADLINES = """
Where a run sent nothing, what happened takes the place of the outcome. Where it sent something, the
same is among its results. The setting [`alerts_of`](configuration.md#engine) says which kinds of
events are alerted: by default what changes the position. Every event is
in the journal, and goes to a bot's `on_event`, whether it is alerted or not.
"""

_LINES = """
"…" stands for what varies. A line with a colon may go on with the text of the exchange.
"""

_CODES = """
Behind a mark, the number is the code with which Bybit answered the last write of that level. The
class of a code decides what trueup does and what is left to you; [codes.md](codes.md) has the same
codes by number, and what a run does about each class.
"""

_DATABASE = """
While the database cannot be written, the outbox cannot either: these reach the sinks directly, from
the service alone. A run of yours raises `StoreUnavailable` instead.
"""

_DIRECT = """
These reach the sinks directly, too: of a sink that takes nothing, the others are told, and of a run
or a sweep that does not end, and of a callback that keeps raising, all of them.
"""

_UNWATCHED = """
On an account with monitors, a sweep or `trueup run --once` may see a position that none of them
watches. It is alerted once, and once that it is over; what was unwatched on purpose is not. An
account that has an `auto_watch` takes the position up at once: the first run says what it did, and
nothing is said before, unless it is refused. That is the last alert.
"""

_REFUSED = """
A monitor of the configuration that is refused, at a start or a reload, is alerted to every receiver
once, with the reason; and once that it is right again, or that the file does not name it any more.
stderr has a line at every start.
"""

_DIGEST = """
Where one cause hits many monitors, the first three alerts go out by themselves, and further ones
together:
"""

_GROUPS: tuple[tuple[str, tuple[ExplainedLine, ...]], ...] = (
    ("What happened", event_explanations.HAPPENED),
    ("What somebody else did to the orders", event_explanations.BY_HAND),
    ("The exchange could not be read", alert_lines.BLIND),
    ("Something keeps trueup from acting", alert_lines.SKIPPED),
    ("Paused or halted", key_lines.STOPPED),
    ("Whose the key is, and what it may do", key_lines.KEYS),
    ("How the ladder was adjusted", alert_lines.ADJUSTED),
    ("The end of a contract", alert_lines.ENDING),
    ("What was found and recovered", alert_lines.RECOVERED),
    ("Somebody else at work on the account", event_explanations.OTHERS),
    ("Behind the mark of a level", alert_lines.REASONS),
)


def alerts() -> str:
    """The whole page."""
    return page(
        "I got this alert",
        _INTRODUCTION,
        fenced(_example()),
        _EXAMPLE,
        "## Outcomes",
        table(
            ("outcome", "cause", "what to do"),
            (
                (f"{SIGNS[each]} {each.value}", OUTCOMES[each].cause, OUTCOMES[each].remedy)
                for each in RunOutcome
            ),
        ),
        "## Headlines",
        _HEADLINES,
        table(
            ("headline", "cause", "what to do"),
            (
                (f"`{text}`", each.cause, each.remedy)
                for text, each in event_explanations.HEADLINES.items()
            ),
        ),
        "## Marks of a level",
        table(
            ("mark", "cause", "what to do"),
            ((MARKS[each], WRITES[each].cause, WRITES[each].remedy) for each in IntentStatus),
        ),
        "## The database",
        _DATABASE,
        fenced(outage_text("the database trueup.db cannot be used: database is locked")),
        fenced(recovery_text(timedelta(seconds=8))),
        fenced(stop_text("the database trueup.db was deleted, moved or replaced ...")),
        "## Sinks, and what does not return",
        _DIRECT,
        fenced(sink_fails_text("telegram", timedelta(minutes=5), "ConnectionError")),
        fenced(sink_works_text("telegram", timedelta(minutes=12))),
        fenced(held_text("the run of main BANDUSDT Buy", timedelta(minutes=2))),
        fenced(returned_text("the run of main BANDUSDT Buy", timedelta(minutes=7))),
        fenced(stands_text(timedelta(minutes=2))),
        fenced(log_text(timedelta(seconds=10))),
        fenced(raises_text("on_run", "ValueError", 5)),
        fenced(works_text("on_run", 12)),
        _DIGEST,
        fenced(_digest().text),
        "## Positions without a monitor",
        _UNWATCHED,
        *(fenced(text) for text in _unwatched()),
        "## Monitors that are refused",
        _REFUSED,
        *(fenced(text) for text in _refused()),
        "## Lines",
        _LINES,
        *_lines(),
        "## Codes",
        _CODES,
        *_codes(),
    )


def _digest() -> Alert:
    why = ("the exchange could not be read: 502 bad gateway",)
    at = datetime(2026, 1, 31, tzinfo=UTC)
    keys = [MonitorKey("main", f"{coin}USDT", Side.BUY) for coin in ("ADA", "BAND", "SOL")]
    texts = [alert_text(key, Role.MAIN, RunOutcome.FAILED, None, (), why) for key in keys]
    pairs = zip(keys, texts, strict=True)
    return digest([Alert("", key, RunOutcome.FAILED, text, at) for key, text in pairs], at)


def _unwatched() -> tuple[str, ...]:
    at = datetime(2026, 1, 31, tzinfo=UTC)
    event = UnwatchedPosition(Decimal(1000), Decimal("0.68"), at)
    key = MonitorKey("main", "BANDUSDT", Side.SELL)
    ends = replace(event, over="a monitor watches it now")
    said = (unwatched_text(key, Role.MAIN, each) for each in (event, ends))
    return (*said, refused_text(key, Role.MAIN, "the exchange does not trade this symbol"))


def _refused() -> tuple[str, ...]:
    key, why = MonitorKey("mirror", "BONDUSDT", Side.BUY), "the exchange does not trade this symbol"
    return (
        alert_text(key, Role.MIRROR, RunOutcome.SKIPPED, None, (), (why,)),
        accepted_text(key, Role.MIRROR, "what the configuration asks for is taken now"),
    )


def _example() -> str:
    results = [
        LevelResult(1, 1, Decimal(850), Decimal(1700), IntentStatus.CONFIRMED, ""),
        LevelResult(
            2, 1, Decimal(50), Decimal(100), IntentStatus.REFUSED, "110007 balance is insufficient"
        ),
    ]
    key = MonitorKey("mirror", "BANDUSDT", Side.SELL)
    return alert_text(key, Role.MIRROR, RunOutcome.PARTIAL, Decimal(2000), results)


def _lines() -> Iterator[str]:
    for heading, lines in _GROUPS:
        yield f"### {heading}"
        yield table(
            ("line", "cause", "what to do"),
            ((f"`{line.text}`", line.meaning.cause, line.meaning.remedy) for line in lines),
        )


def _codes() -> Iterator[str]:
    for kind in OutcomeClass:
        if kind is OutcomeClass.OK:
            continue
        meaning = CLASSES[kind]
        yield f"### {kind.value}"
        yield f"{meaning.cause} {_what_to_do(meaning.remedy)}"
        codes = [code for code in known_codes() if code.kind is kind]
        yield table(
            ("code", "meaning"),
            _by_meaning((code.code, code.meaning) for code in codes),
        )


def _what_to_do(remedy: str) -> str:
    return f"**What to do:** {remedy[0].lower()}{remedy[1:]}"


def _by_meaning(codes: Iterable[tuple[int, str]]) -> Iterator[tuple[str, str]]:
    """Codes of one meaning share a row."""
    numbers: dict[str, list[int]] = {}
    for code, meaning in codes:
        numbers.setdefault(meaning, []).append(code)
    return ((", ".join(map(str, each)), meaning) for meaning, each in numbers.items())
