"""What the demo shows: acts, runs step by step, ladders beside positions, alerts."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from loguru import logger
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from ... import RunReport
from ...domain.model.instrument import plain
from ...domain.model.journal import ExchangeCall

_WIDTH = 100
_LINE, _ACT = 0.03, 0.5
_SHOWN_CODES = (110001, 110072)


class Screen:
    """The terminal; with ``pause``, at a reader's speed."""

    def __init__(self, *, pause: bool) -> None:
        self._console = Console(width=_WIDTH, highlight=False)
        self._pause = pause
        self._alerts: list[str] = []

    @contextmanager
    def unseen(self) -> Iterator[None]:
        """What is alerted inside is not shown: it came before the story."""
        yield
        self._alerts.clear()

    def title(self, text: str) -> None:
        """The first line. The log is silent from here on: the screen shows the journal."""
        logger.disable("trueup")
        self._console.print(Panel(Text(text, "bold"), border_style="blue"))

    def act(self, number: int, text: str) -> None:
        """What is about to happen."""
        self._console.print()
        self._console.rule(f"[bold]Act {number}[/bold]", align="left")
        self._console.print(Text(text, "italic"))
        self._console.print()
        self._wait(_ACT)

    def alert(self, text: str) -> None:
        """Keeps an alert that was delivered, to be shown with its run."""
        self._alerts.append(text)

    def run(self, report: RunReport) -> None:
        """The run's steps: what each state decided, and where that led."""
        for step in report.steps:
            for decision in step.decisions:
                self._line(Text(f"   {decision.text}"))
            for code in _codes(step.calls):
                self._line(Text(f"   ↳ {code}", "yellow"))
            transition = step.transition
            arrow = Text("● ", "cyan")
            arrow.append(
                f"{transition.source.value} ──{transition.event}──▶ {transition.target.value}",
                "bold cyan",
            )
            if transition.detail:
                arrow.append(f"  {transition.detail}", "dim")
            self._line(arrow)

    def ladder(self, report: RunReport, levels: Sequence[Mapping[str, object]]) -> None:
        """The ladder beside the position, and the alerts."""
        table = Table(title_justify="left", title_style="bold", border_style="dim")
        table.title = (
            f"{report.key.account} {report.key.symbol} {report.key.side.value}: "
            f"position {plain(report.record.position_size)}, covered {plain(report.covered)}"
        )
        for name in ("TP", "price", "share %", "target", "live", "filled", "order link id"):
            table.add_column(name, justify="left" if name.startswith("order") else "right")
        for row in levels:
            names = (
                "level",
                "price",
                "share",
                "target_quantity",
                "live_quantity",
                "filled_quantity",
                "order_link_id",
            )
            table.add_row(*(str(row[name] if row[name] is not None else "-") for name in names))
        self._console.print(table)
        self.alerts()
        self._wait(_ACT)

    def alerts(self) -> None:
        """The alerts that were delivered since the last time."""
        for text in self._alerts:
            self._console.print(Panel(Text(text), title="alert", title_align="left", width=60))
        self._alerts.clear()

    def moments(self, title: str, moments: Sequence[tuple[float, str]], wire: str) -> None:
        """What happened, with the milliseconds since the fill, and what went over the wire."""
        self._console.print(Text(title, "bold"))
        for milliseconds, what in moments:
            self._line(Text.assemble((f"{milliseconds:9.1f} ms  ", "bold cyan"), what))
        self._line(Text.assemble(("on the wire   ", "dim"), wire))

    def say(self, text: str) -> None:
        """A remark."""
        self._console.print(Text(text, "dim"))

    def show_questions(self, database: Path) -> None:
        """The SQL with which to check it."""
        self._console.print()
        self._console.rule("[bold]Look for yourself[/bold]", align="left")
        for view, what in (
            ("account_status", "every account's last sweep"),
            ("monitor_status", "how every position stands"),
            ("level_status", "every level and its order"),
            ("transition_log", "every step and why"),
            ("exchange_call_log", "every request and its answer"),
            ("intent_log", "every write, on record first"),
            ("stop_status", "where every stop is, and by which rule"),
            ("alert_log", "every alert and its delivery"),
        ):
            question = f"'SELECT * FROM {view}'"  # noqa: S608 - shown, not run
            self._console.print(
                Text(f"  sqlite3 -box '{database}' {question:<34}"),
                Text(what, "dim"),
                soft_wrap=True,
            )
        self._console.print()

    def _line(self, text: Text) -> None:
        self._console.print(text)
        self._wait(_LINE)

    def _wait(self, seconds: float) -> None:
        if self._pause:
            time.sleep(seconds)


def _codes(calls: Sequence[ExchangeCall]) -> Iterator[str]:
    """The refusals worth showing, once each."""
    seen: dict[str, None] = {}
    for call in calls:
        if call.code in _SHOWN_CODES:
            seen[f"the exchange answered {call.code}, {call.detail}"] = None
    yield from seen
