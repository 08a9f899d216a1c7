"""``trueup pause``, ``trueup resume`` and ``trueup halt``: what stops writes, beside an engine."""

from datetime import UTC, datetime
from time import monotonic, sleep
from typing import Annotated, Any

import typer

from ...domain.model.errors import ConfigurationError, StoreUnavailable
from ...domain.model.identity import Side
from ...domain.stopping.command import CommandKind
from ...domain.stopping.control import EVERYTHING, Control, ControlKind, Scope
from ...engine.control.known import known_scope
from ...storage import Row, open_reader
from ...storage.beside import is_settled, owner_of, record_beside
from ..base import options
from ..base.failures import ExitCode
from ..base.tables import show_json
from ..configuration.database import NamedDatabase, named_database
from .commanding import given
from .commanding.giving import NoEngine, give

_BETWEEN_SECONDS = 0.05
_QUIET_SECONDS = 1.0
"""An answer that takes longer is said to be waited for."""

_Account = Annotated[str, typer.Argument(help="The account; all of them without it.")]
_Symbol = Annotated[str, typer.Argument(help="Such as BANDUSDT; all monitors without it.")]
_Side = Annotated[
    Side | None, typer.Argument(help="Of the position.", case_sensitive=False, show_default=False)
]
_Everything = Annotated[bool, typer.Option("--all", help="All accounts, as without a name.")]


def pause(  # noqa: PLR0913 - what a command can be given
    account: _Account = "",
    symbol: _Symbol = "",
    side: _Side = None,
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    everything: _Everything = False,
    yes: given.Yes = False,
    command_id: given.CommandId = "",
    by: given.By = "",
    reason: given.Reason = "",
    patience: given.Patience = given.PATIENCE_SECONDS,
    as_json: options.AsJson = False,
) -> None:
    """Let no write leave for a monitor, an account or all, until resumed.

    It outlasts restarts. An engine that runs is asked: you see what would change, and confirm it.
    It answers once no write leaves any more: the pause is on record, and every request that was
    sent has its answer or has timed out. Runs go on observing and alerting.

    Where no engine runs, or the one that does takes no commands, it is put on record at once, and
    every write is held back from then on; if the engine has not acknowledged it in time, the
    command says so and exits with 1.
    """
    named = named_database(config, db)
    how = given.How.of(
        yes=yes, command_id=command_id, by=by, reason=reason, patience=patience, as_json=as_json
    )
    if everything and account:
        raise ConfigurationError("name what to pause, or give --all: not both")
    try:
        give(named, CommandKind.PAUSE, Scope(account, symbol, side), how)
    except NoEngine:
        scope = scope_of(named, account, symbol, side)
        _stop(
            named,
            Control(ControlKind.PAUSE, scope, now(), how.by, reason),
            patience,
            as_json=as_json,
        )


def halt(  # noqa: PLR0913 - what a command can be given
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    yes: given.Yes = False,
    command_id: given.CommandId = "",
    by: given.By = "",
    reason: given.Reason = "",
    patience: given.Patience = given.PATIENCE_SECONDS,
    as_json: options.AsJson = False,
) -> None:
    """Let no write leave for any account, until `trueup resume --all`.

    As `trueup pause` without an account; but nothing narrower than `trueup resume --all` ends it.
    """
    named = named_database(config, db)
    how = given.How.of(
        yes=yes, command_id=command_id, by=by, reason=reason, patience=patience, as_json=as_json
    )
    try:
        give(named, CommandKind.HALT, EVERYTHING, how)
    except NoEngine:
        asked = Control(ControlKind.HALT, EVERYTHING, now(), how.by, reason)
        _stop(named, asked, patience, as_json=as_json)


def resume(  # noqa: PLR0913 - what a command can be given
    account: _Account = "",
    symbol: _Symbol = "",
    side: _Side = None,
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="End every pause, and a halt, too.")
    ] = False,
    yes: given.Yes = False,
    command_id: given.CommandId = "",
    by: given.By = "",
    reason: given.Reason = "",
    patience: given.Patience = given.PATIENCE_SECONDS,
    as_json: options.AsJson = False,
) -> None:
    """End the pauses of a monitor, an account or all; they run again.

    It ends the pauses of what is named and of all that belongs to it. It is refused, and changes
    nothing, while more than that is paused, and during a halt without --all.
    """
    named = named_database(config, db)
    how = given.How.of(
        yes=yes, command_id=command_id, by=by, reason=reason, patience=patience, as_json=as_json
    )
    if everything and account:
        raise ConfigurationError("name what to resume, or give --all: not both")
    wanted = {"everything": True} if everything else {}
    try:
        give(named, CommandKind.RESUME, Scope(account, symbol, side), how, wanted)
    except NoEngine:
        _resume(named, scope_of(named, account, symbol, side), how, everything=everything)


def _resume(named: NamedDatabase, scope: Scope, how: given.How, *, everything: bool) -> None:
    kind = ControlKind.RESUME_ALL if everything else ControlKind.RESUME
    asked = Control(kind, scope, now(), how.by, how.reason)
    made = recorded(named.url, asked, monotonic())
    if how.as_json:
        show_json({**_document(made), "ended": [_document(one) for one in made.ended]})
        return
    for one in made.ended:
        typer.echo(f"ended: {one}")
    if not made.ended:
        typer.echo(_why_none(named, scope))


def _why_none(named: NamedDatabase, scope: Scope) -> str:
    """Says that nothing was left to end, and who ended what was stopped last."""
    with open_reader(named.url) as reader:
        rows = {row["number"]: row for row in reader.rows("control_status")}
    for row in reversed(rows.values()):
        ender = rows.get(row["ended_by"])
        is_resumed = ender is not None and not ControlKind(str(ender["kind"])).stops
        if ender is not None and is_resumed and scope.contains(_named_in(row)):
            return (
                f"nothing is paused: {scope}; {ender['asked_by']} ended the last {row['kind']}, by "
                f"{row['asked_by']}, at {row['ended_at']}"
            )
    return f"nothing was paused: {scope}"


def _stop(named: NamedDatabase, asked: Control, patience: float, *, as_json: bool) -> None:
    """Puts a pause or a halt on record, and waits until no write leaves any more."""
    url, until = named.url, monotonic() + patience
    made = recorded(url, asked, until)
    if not _settles(url, made.number, min(until, monotonic() + _QUIET_SECONDS)):
        typer.echo(
            f"trueup: it is on record, and holds back every write from now on; for the engine's "
            f"answer it waits up to {patience:g} s",
            err=True,
        )
    is_answered = _settles(url, made.number, until)
    if as_json:
        show_json({**_document(made), "acknowledged": is_answered})
    else:
        typer.echo(str(made))
    if is_answered:
        return
    owner = owner_of(url)
    typer.echo(
        f"trueup: it is on record, but the engine ({owner or 'process unknown'}) has not answered "
        f"within {patience:g} s: a request that it sent before may be under way, or it hangs or is "
        "stopped. It asks before every write, so nothing leaves once it goes on; see `trueup "
        "status` for when it answered",
        err=True,
    )
    raise typer.Exit(ExitCode.NOT_TRUE)


def recorded(url: str, asked: Control, until: float) -> Control:
    """Puts it on record; tries again while the database is busy, as in somebody's long commit.

    Raises:
        StoreUnavailable: it still is.
    """
    while True:
        try:
            return record_beside(url, asked)
        except StoreUnavailable as error:
            if monotonic() >= until:
                raise StoreUnavailable(
                    f"{error.message}: this {asked.kind.value} is not on record; give the command "
                    "again, or stop the engine"
                ) from error


def _settles(url: str, number: int, until: float) -> bool:
    """Waits until the engine has acknowledged it, or none runs; returns whether that is so."""
    while not is_settled(url, number):
        if monotonic() >= until:
            return False
        sleep(_BETWEEN_SECONDS)
    return True


def scope_of(named: NamedDatabase, account: str, symbol: str, side: Side | None) -> Scope:
    """What is named; it has to be on record or configured.

    Raises:
        ConfigurationError: it is neither.
    """
    with open_reader(named.url) as reader:
        monitors = {record.key for record in reader.monitors()}
    accounts = {key.account for key in monitors}
    if named.loaded is not None:
        monitors |= {monitor.key for monitor in named.loaded.options.monitors}
        accounts |= set(named.loaded.options.accounts)
    return known_scope(account, symbol, side, accounts, monitors)


def _named_in(row: Row) -> Scope:
    side = row["side"]
    names = str(row["account"] or ""), str(row["symbol"] or "")
    return Scope(*names, Side(str(side)) if side else None)


def now() -> datetime:
    """The time, for what is put on record."""
    return datetime.now(UTC)


def _document(control: Control) -> dict[str, Any]:
    scope = control.scope
    return {
        "number": control.number,
        "kind": control.kind.value,
        "account": scope.account or None,
        "symbol": scope.symbol or None,
        "side": scope.side.value if scope.side else None,
        "at": control.at.isoformat(),
        "by": control.by,
        "reason": control.reason,
    }
