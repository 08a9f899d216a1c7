"""``trueup status --watch``: how monitors stand now, drawn again each second."""

import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from ...domain.model.errors import StoreUnavailable
from ...domain.model.record import Source
from ...storage import Row, open_reader
from ..base.tables import WIDTH_IN_PIPES

_EVERY_SECONDS = 1.0
_BAR = 20
_WHOLE = Decimal(100)
_KEY = ("account", "symbol", "side")
_COLUMNS = ("monitor", "position", "cover", "protection", "read", "next try", "state")


def seconds() -> Iterator[datetime]:
    """The time, again each second."""
    while True:
        yield datetime.now(UTC)
        time.sleep(_EVERY_SECONDS)


def watch_status(url: str, ticks: Iterator[datetime], console: Console | None = None) -> None:
    """Draws the monitors of a database at each tick, until there is none or Ctrl-C is pressed.

    A terminal shows the last picture alone; elsewhere each is plain text below the one before.

    Args:
        url: of the database, which is only read.
        ticks: the time of each picture.
        console: where it is drawn; stdout by default.

    Raises:
        StoreError: the database cannot be used; one that is busy is asked again.
    """
    console = console or Console(file=sys.stdout)
    try:
        if not console.is_terminal:
            plain = Console(file=console.file, width=WIDTH_IN_PIPES)
            for now in ticks:
                plain.print(picture(url, now))
                plain.file.flush()
            return
        with Live(console=console, auto_refresh=False, screen=True) as live:
            for now in ticks:
                live.update(picture(url, now), refresh=True)
    except KeyboardInterrupt:
        return


def picture(url: str, now: datetime) -> Group:
    """How the monitors stand, as the database has it."""
    head = Text(f"{now:%Y-%m-%d %H:%M:%S} UTC", style="bold")
    try:
        with open_reader(url) as reader:
            monitors, stops = reader.rows("monitor_status"), reader.rows("stop_status")
            accounts, held = reader.rows("account_status"), reader.controls()
            orders = reader.fleet_orders()
    except StoreUnavailable as error:
        return Group(head, Text(str(error), style="red"))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in _COLUMNS:
        table.add_column(column, overflow="fold")
    protected = {tuple(one[name] for name in _KEY): one for one in stops}
    for one in monitors:
        if one["source"] != Source.UNWATCHED.value:
            table.add_row(*_cells(one, protected.get(tuple(one[name] for name in _KEY)), now))
    said = [*[one.line for one in orders], *[str(one) for one in held if one.is_in_force]]
    lines = [Text(f"⏸ {one}", style="yellow") for one in said]
    swept = [_swept(one, now) for one in accounts]
    return Group(head, *lines, *swept, table)


def _cells(monitor: Row, stop: Row | None, now: datetime) -> Sequence[Text]:
    size, covered = monitor["position_size"], monitor["covered_quantity"]
    outcome = str(monitor["last_outcome"] or "has not run")
    state = ", ".join(str(one) for one in (outcome, monitor["stopped"]) if one)
    return (
        Text(" ".join(str(monitor[name]) for name in _KEY)),
        Text("unknown" if size is None else str(size)),
        _bar(size, covered),
        _protection(size, stop),
        Text(_age(monitor["position_read_at"], now)),
        Text(_until(monitor["next_try_at"], now)),
        Text(state),
    )


def _bar(size: str | int | None, part: str | int | None) -> Text:
    """``██████████░░░░░░░░░░ 50 %``; rounded down, so that only what is whole looks so."""
    if size is None or part is None:
        return Text("unknown", style="yellow")
    if not Decimal(size):
        return Text("flat")
    share = min(Decimal(part) / Decimal(size), Decimal(1))
    full = int(share * _BAR)
    style = "green" if share == 1 else "red"
    return Text(f"{'█' * full}{'░' * (_BAR - full)} {int(share * _WHOLE)} %", style=style)


def _protection(size: str | int | None, stop: Row | None) -> Text:
    if stop is None:
        return Text("no stop wanted")
    bar = _bar(size, stop["protected_quantity"])
    return bar if not stop["problem"] else Text.assemble(bar, f"\n{stop['problem']}")


def _swept(account: Row, now: datetime) -> Text:
    why = f": {account['reason']}" if account["reason"] else ""
    age = _age(account["swept_at"], now)
    return Text(f"{account['account']}: last sweep {age}, {account['view_state']}{why}")


def _age(at: str | int | None, now: datetime) -> str:
    if at is None:
        return "never"
    return f"{max(int((now - datetime.fromisoformat(str(at))).total_seconds()), 0)} s ago"


def _until(at: str | int | None, now: datetime) -> str:
    if at is None:
        return "–"
    return f"in {max(int((datetime.fromisoformat(str(at)) - now).total_seconds()), 0)} s"
