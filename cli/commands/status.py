"""``trueup status``: whether the engine is alive, and where every monitor stands."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from ...domain.model.close.closing import OPEN
from ...domain.model.errors import ConfigurationError
from ...domain.model.ladder import level_name
from ...domain.model.record import Source
from ...domain.reporting.expiry_text import shown
from ...storage import Row, open_reader
from ...storage.shared.growth import Growth
from ..base import options
from ..base.failures import ExitCode
from ..base.tables import show_json, show_table
from ..configuration.database import named_database
from .concerns import age_of, concerns_of, dead_engine, shown_source
from .reports import unknown_size
from .view import seconds, watch_status

_KEY = ("account", "symbol", "side")
_ACCOUNT = ("account", "last sweep", "view", "monitors", "drifted", "clock off", "reason")
_COLUMNS = (*_KEY, "source", "state", "position", "covered", "%", "outcome", "next try")
_EXPIRES = "expires"
_STOP = "stop"
_MEGABYTE = 1_000_000


def status(
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    all_of_them: Annotated[
        bool, typer.Option("--all", help="Show unwatched monitors too, as of their last run.")
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Exit with 1 if anything is not in sync, stopped or overdue; say what.",
        ),
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Draw covers, ages and tries again each second.")
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Show when accounts were swept, and how monitors stand.

    Monitors are shown with their levels, as of their last run. A running engine sweeps every
    account that has monitors, every engine.interval_seconds, or every
    engine.streamed_interval_seconds while it follows the account's private stream: if the last
    sweep is older than that, no engine is running. The source of a monitor says how it came under
    watch, or that it left the configuration and no longer runs; unwatched monitors are not shown.
    What somebody has paused or halted comes first, then closes that are commanded and not at their
    end; positions that no monitor watches, and the size
    of the database with its growth a day, come last. The command only reads the database, also
    while the engine runs.

    It exits with 0 whatever it shows. With --check it exits with 1, and says why, if the last run
    of a watched monitor did not succeed or could not read the position, a position has no stop or
    has it elsewhere than its monitor wants it, anything is paused or halted, a close is not at
    its end, the engine has ended without saying so, as one that is killed does, or an account could
    not be read or was not swept for twice its interval and half a minute.

    With --watch it goes on until Ctrl-C, and shows of each monitor how much of its position is
    covered and protected, how long ago a read was complete, and when it is tried next. Where there
    is no terminal, each picture is plain text below the one before.
    """
    named = named_database(config, db)
    if watch:
        if check or as_json or all_of_them:
            raise ConfigurationError("--watch is given alone: without --all, --check and --json")
        watch_status(named.url, seconds())
        return
    with open_reader(named.url) as reader:
        accounts = reader.rows("account_status")
        starts = reader.rows("engine_log")
        found = reader.rows("monitor_status")
        levels = reader.rows("level_status")
        pending = reader.rows("pending_write")
        unwatched = [one for one in reader.rows("unwatched_log") if one["until"] is None]
        controls, orders = reader.controls(), reader.fleet_orders()
        closes = [one for one in reader.rows("close_status") if one["status"] == OPEN]
        protection = reader.rows("stop_status")
        growth = reader.growth(datetime.now(UTC))
    stops = [*[one.line for one in orders], *[str(one) for one in controls if one.is_in_force]]
    waiting = [str(one) for one in controls if one.is_untaken_close]
    waiting += map(_under_way, closes)
    for monitor in found:
        monitor["source"] = shown_source(monitor, named.loaded)
    left = Source.UNWATCHED.value
    monitors = [each for each in found if all_of_them or each["source"] != left]
    held = (*stops, *waiting)
    concerns = [
        *dead_engine(starts, named.url),
        *concerns_of(found, protection, accounts, held, named.loaded, starts),
    ]
    if as_json:
        documents = [_document(m, levels, pending, protection) for m in monitors]
        swept = [{**account, "age_seconds": age_of(account)} for account in accounts]
        document: dict[str, Any] = {"accounts": swept, "monitors": documents, "stopped": stops}
        document["closes"] = waiting
        document["unwatched"] = unwatched
        document["database"] = {"bytes": growth.size, "bytes_a_day": growth.a_day}
        show_json({**document, "concerns": concerns} if check else document)
    else:
        for one in stops:
            typer.echo(f"⏸ {one}")
        for line in waiting:
            typer.echo(f"🚪 {line}")
        _show_accounts(accounts)
        _show_monitors(monitors, levels, pending, protection)
        for position in unwatched:
            typer.echo(f"⚠️ {_alone(position)}")
        typer.echo(_grown(growth))
        for concern in concerns if check else ():
            typer.echo(f"✗ {concern}")
    if check and concerns:
        raise typer.Exit(ExitCode.NOT_TRUE)


def _under_way(close: Row) -> str:
    """A close that has not come to its end."""
    key, by = " ".join(str(close[name]) for name in _KEY), str(close["asked_by"])
    whose = f"the close for {by}" if by else "a close"
    done = f"{close['filled']} of {close['quantity']} closed"
    return f"{key}: {whose} is under way: {done}; {close['detail'] or 'its run is not over'}"


def _grown(growth: Growth) -> str:
    """The database's size and its growth."""
    a_day = "" if growth.a_day is None else f", {growth.a_day / _MEGABYTE:.1f} MB more a day"
    return f"the database has {growth.size / _MEGABYTE:.1f} MB{a_day}"


def _show_accounts(accounts: Sequence[Row]) -> None:
    if accounts:
        show_table(_ACCOUNT, map(_swept, accounts))
        typer.echo()


def _show_monitors(
    monitors: Sequence[Row],
    levels: Sequence[Row],
    pending: Sequence[Row],
    protection: Sequence[Row],
) -> None:
    expires = (_EXPIRES,) if any(monitor["expires_at"] for monitor in monitors) else ()
    stop = (_STOP,) if any(_own(monitor, protection) for monitor in monitors) else ()
    columns = (*_COLUMNS, *expires, *stop, "levels")
    rows = []
    for monitor in monitors:
        cells = _cells(monitor, _own(monitor, levels), _own(monitor, pending), columns)
        stops = (_stop(_own(monitor, protection)),) if stop else ()
        rows.append((*cells[:-1], *stops, cells[-1]))
    show_table(columns, rows)


def _stop(protection: Sequence[Row]) -> str:
    """The stop of a monitor: where it is, by which rule, what it protects, what is wrong."""
    if not protection:
        return "–"
    (stop,) = protection
    trails = f"trailing by {stop['trailing']}" if stop["trailing"] else None
    limit = f"limit {stop['limit_price']}" if stop["limit_price"] else None
    where = ", ".join(str(one) for one in (stop["price"], limit, trails) if one)
    if stop["status"] in ("flat", "unknown"):
        where = "–" if stop["status"] == "flat" else "unknown"
    rule = f": {stop['rule']}" if stop["rule"] and where and not stop["problem"] else ""
    lines = [f"{where or 'UNPROTECTED'}{rule}"]
    if where and stop["protected_quantity"] not in (None, "0"):
        lines.append(f"protects {stop['protected_quantity']}")
    if stop["runner"]:
        lines.append(f"runner of {stop['runner_quantity']} {stop['runner']}")
    return "\n".join((*lines, *([str(stop["problem"])] if stop["problem"] else [])))


def _alone(position: Row) -> str:
    """A position that no monitor watches."""
    key = " ".join(str(position[name]) for name in _KEY)
    size, since = f"{position['size']} at {position['entry_price']}", _cell(position["since"])[:16]
    return f"no monitor watches {key}: {size} when first seen, at {since.replace('T', ' ')} UTC"


def _swept(account: Row) -> tuple[str, ...]:
    offset = account["clock_offset_ms"]
    return (
        str(account["account"]),
        f"{age_of(account)} s ago",
        str(account["view_state"]),
        str(account["monitors"]),
        str(account["drifted"]),
        "–" if offset is None else f"{offset} ms",
        str(account["reason"]) or "–",
    )


def _own(monitor: Row, levels: Sequence[Row]) -> list[Row]:
    key = [monitor[name] for name in _KEY]
    return [level for level in levels if [level[name] for name in _KEY] == key]


def _document(
    monitor: Row, levels: Sequence[Row], pending: Sequence[Row], protection: Sequence[Row]
) -> dict[str, Any]:
    stop = _without_key(_own(monitor, protection))
    return {
        **monitor,
        "levels": _without_key(_own(monitor, levels)),
        "pending": _without_key(_own(monitor, pending)),
        "stop": stop[0] if stop else None,
    }


def _without_key(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [{name: cell for name, cell in row.items() if name not in _KEY} for row in rows]


def _cells(
    monitor: Row, levels: Sequence[Row], pending: Sequence[Row], columns: Sequence[str]
) -> tuple[str, ...]:
    names = (
        *_KEY,
        "source",
        "state",
        "position_size",
        "covered_quantity",
        "coverage_pct",
        "last_outcome",
        "next_try_at",
    )
    cells = {name: _cell(monitor[name]) for name in names}
    if monitor["stopped"] is not None:
        cells["state"] += f", {monitor['stopped']}"
    if monitor["waits_until"] is not None:
        cells["state"] += f"\nuntil {_cell(monitor['waits_until'])[11:19]}: {monitor['waits_for']}"
    if monitor["others_close"] is not None:
        cells["covered_quantity"] += f"\nothers: {monitor['others_close']} too"
    if monitor["position_size"] is None:
        read_at = monitor["position_read_at"]
        last = str(monitor["last_position_size"])
        cells["position_size"] = unknown_size(last, None if read_at is None else str(read_at))
        cells["covered_quantity"] = "unknown"
    ends = (_expiry(monitor),) if _EXPIRES in columns else ()
    lines = (*map(_level, levels), *map(_pending, pending))
    return (*cells.values(), *ends, "\n".join(lines) or "none")


def _expiry(monitor: Row) -> str:
    """When the monitor's contract ends."""
    ends = monitor["expires_at"]
    return "–" if ends is None else shown(datetime.fromisoformat(str(ends)))


def _level(level: Row) -> str:
    filled = f", {level['filled_quantity']} filled" if level["filled_quantity"] != "0" else ""
    withheld = f"; {level['withheld']}" if level["withheld"] else ""
    return (
        f"TP{level['level']} {level['share']} % at {level['price']}: {level['status']}, "
        f"{level['live_quantity']} of {_cell(level['target_quantity'])}{filled}{withheld}"
    )


def _pending(write: Row) -> str:
    """What a pending write may still do, and until when."""
    answer = "acknowledged" if write["acknowledged"] else "unanswered"
    until = _cell(write["until"])[11:19]
    name = level_name(int(write["level"] or 0), str(write["order_link_id"]))
    return f"  {name} {write['covered']} → {write['covers']}: {answer}, until {until}"


def _cell(value: str | int | None) -> str:
    return "–" if value is None else str(value)
