"""``trueup fleet``: the workers that share a database, how they stand, and that they stop."""

from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic, sleep
from typing import Annotated, Any

import typer

from ...domain.fleet import Fleet, FleetOrder, FleetWorker
from ...domain.model.errors import ConfigurationError
from ...engine.control.person import this_person
from ...storage.beside import end_order, fleet_of, order_fleet
from ..base import options
from ..base.failures import ExitCode
from ..base.tables import show_json, show_table
from ..configuration.database import named_database
from .commanding import given

fleet = typer.Typer(
    name="fleet",
    help="Show the workers that share a database, or stop them.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

_BETWEEN_SECONDS = 0.1
_Name = Annotated[str, typer.Argument(metavar="WORKER", help="As `trueup fleet status` shows it.")]
_Wait = Annotated[
    float,
    typer.Option("--patience", metavar="SECONDS", min=0, help="How long to wait until it is so."),
]
_PATIENCE = 40.0


@fleet.command("status")
def status(
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Exit with 1 where an account has no worker.")
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Show the workers, what each has, and what nobody has.

    How the monitors stand is shown by `trueup status`, of all workers at once.
    """
    found = fleet_of(named_database(config, db).url)
    if as_json:
        show_json(_document(found))
    else:
        _show(found)
    if check and (found.unserved or found.halted or not found.workers):
        raise typer.Exit(ExitCode.NOT_TRUE)


@fleet.command("halt")
def halt(
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    by: given.By = "",
    reason: given.Reason = "",
    patience: _Wait = _PATIENCE,
) -> None:
    """Take all leases from all workers, until `trueup fleet resume`.

    The database renews no lease and gives none: so a worker that hangs, or that nobody can reach,
    sends no write either once its lease is over. It waits until all are. Orders and stops at the
    exchange stay as they are, and nobody follows what happens to the positions meanwhile: `trueup
    halt` stops writes, too, and the workers go on to watch and to alert.
    """
    url = named_database(config, db).url
    order_fleet(url, _order("", by, reason))
    if not _becomes(url, patience, _is_without_leases):
        _fail(f"the fleet is halted, but a lease still lasts after {patience:g} s")
    found = fleet_of(url)
    typer.echo(f"{found.halted or 'resumed meanwhile'}; no worker has a lease")


@fleet.command("drain")
def drain(
    worker: _Name,
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    by: given.By = "",
    reason: given.Reason = "",
    patience: _Wait = _PATIENCE,
) -> None:
    """Have one worker give its shards to the others, and claim none, until it is resumed.

    It ends its runs first. It waits until the worker has none: its machine can be stopped then.
    """
    url = named_database(config, db).url
    known = [one.name for one in fleet_of(url).workers]
    if worker not in known:
        raise ConfigurationError(
            f"there is no worker {worker!r}; there are: {', '.join(known) or 'none'}"
        )
    order_fleet(url, _order(worker, by, reason))
    if not _becomes(url, patience, lambda now: not _shards_of(now, worker)):
        _fail(f"{worker} is to have no shards, but has some still after {patience:g} s")
    typer.echo(f"{worker} has no shards, and claims none until `trueup fleet resume {worker}`")


@fleet.command("resume")
def resume(
    worker: Annotated[
        str, typer.Argument(metavar="WORKER", help="One that was drained; without it, a halt ends.")
    ] = "",
    config: options.MaybeConfig = None,
    db: options.Database = None,
) -> None:
    """End a halt of all workers; or let one that was drained have shards again."""
    url = named_database(config, db).url
    what = worker or "the fleet"
    if end_order(url, worker):
        typer.echo(f"{what} may have leases again")
    else:
        typer.echo(f"{what} was not {'drained' if worker else 'halted'}: nothing is changed")


def _order(worker: str, by: str, reason: str) -> FleetOrder:
    return FleetOrder(worker, datetime.now(UTC), by or this_person(), reason)


def _is_without_leases(found: Fleet) -> bool:
    return found.last_lease is None


def _shards_of(found: Fleet, worker: str) -> tuple[int, ...]:
    one = found.worker(worker)
    return one.shards if one else ()


def _becomes(url: str, patience: float, is_so: Callable[[Fleet], bool]) -> bool:
    """Waits until something holds of the fleet; returns whether it does."""
    until = monotonic() + patience
    while not is_so(fleet_of(url)):
        if monotonic() >= until:
            return False
        sleep(_BETWEEN_SECONDS)
    return True


def _fail(text: str) -> None:
    typer.echo(f"trueup: {text}; see `trueup fleet status`", err=True)
    raise typer.Exit(ExitCode.NOT_TRUE)


def _show(found: Fleet) -> None:
    if found.halted:
        typer.echo(f"the fleet is {found.halted}: nobody has a lease, or will have one")
    if found.workers:
        show_table(
            ("worker", "shards", "accounts", "lease ends in", "note"),
            (
                (
                    one.name,
                    str(len(one.shards)),
                    str(len(one.accounts)),
                    _left(found, one),
                    _note(one),
                )
                for one in found.workers
            ),
        )
    else:
        typer.echo("no worker is connected, and none has a lease")
    if found.free:
        typer.echo(f"{len(found.free)} of {found.shards} shards have no worker")
    if found.unserved:
        typer.echo(f"accounts without a worker: {', '.join(found.unserved)}")


def _left(found: Fleet, one: FleetWorker) -> str:
    until = one.lease_until
    return "-" if until is None else f"{(until - found.at).total_seconds():.1f} s"


def _note(one: FleetWorker) -> str:
    notes = [] if one.is_present else ["not connected"]
    return "; ".join([*notes, *([str(one.order)] if one.order else [])])


def _document(found: Fleet) -> dict[str, Any]:
    return {
        "at": found.at.isoformat(),
        "halted": _of_order(found.halted),
        "shards": found.shards,
        "workers": [
            {
                "name": one.name,
                "connected": one.is_present,
                "shards": list(one.shards),
                "accounts": list(one.accounts),
                "lease_until": one.lease_until.isoformat() if one.lease_until else None,
                "drained": _of_order(one.order),
            }
            for one in found.workers
        ],
        "free": list(found.free),
        "unserved": list(found.unserved),
    }


def _of_order(order: FleetOrder | None) -> dict[str, str] | None:
    if order is None:
        return None
    return {"by": order.by, "at": order.at.isoformat(), "reason": order.reason}
