"""``trueup plan``: what a run would do now, on a copy of the records."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer

from ...domain.model.errors import ConfigurationError
from ...domain.model.instrument import ZERO, plain
from ...domain.model.protection import StopIntent
from ...domain.model.record import Source
from ...domain.tracking.beside import close_too
from ...engine.door import Refusals
from ...engine.reconciler import Reconciler
from ...engine.run.preview import Preview
from ..base import options
from ..base.failures import ExitCode
from ..base.tables import show_json
from ..configuration.checking.checks import auto_watch_of
from ..configuration.loading import Loaded, load
from ..configuration.opening import kept, open_copy, watch_all
from ..configuration.refusals import show_refusals

_STUCK = ("blind", "unrecoverable")
_NOTHING = "nothing is under watch, and no open position would come under it by itself"


def plan(
    config: options.Config = options.DEFAULT_CONFIG,
    *,
    as_json: options.AsJson = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show what trueup saw and decided on the way.")
    ] = False,
) -> None:
    """Show what a run would do; nothing is sent or stored.

    Works while the engine runs, and before its first start. It exits with 1 if there can be no plan
    for a monitor: the exchange cannot be read, the monitor has no ladder or one that does not fit
    the contract or the entry price, or the exchange knows no such symbol. Of what is paused or
    halted it shows what a run would do if it were resumed, and that it is not. Of an account with
    an auto_watch it shows what its open positions would get, too; if they cannot be read, it exits
    with 1.
    """
    loaded = load(config, keys=True)
    previews, refused, unread = _previews(loaded)
    if as_json:
        show_json([_document(preview) for preview in previews])
    else:
        for preview in previews:
            typer.echo("\n".join(_lines(preview, verbose=verbose)))
        if not (previews or refused or unread):
            typer.echo(_NOTHING)
    show_refusals(loaded, refused)
    for line in unread:
        typer.echo(f"trueup: {line}", err=True)
    stuck = bool(refused or unread) or any(preview.event in _STUCK for preview in previews)
    raise typer.Exit(ExitCode.NOT_TRUE if stuck else ExitCode.OK)


def _previews(loaded: Loaded) -> tuple[tuple[Preview, ...], Refusals, tuple[str, ...]]:
    with open_copy(loaded) as reconciler:
        refused = watch_all(reconciler, loaded)
        unread = tuple(_watch_found(reconciler, loaded))
        records = kept(reconciler, loaded, refused)
        return tuple(reconciler.preview(record) for record in records), refused, unread


def _watch_found(reconciler: Reconciler, loaded: Loaded) -> Iterator[str]:
    """Puts under watch, on the copy, what a run would find and take up; yields what hinders it."""
    sections = loaded.options.accounts.items()
    found = {name: auto_watch_of(loaded.options, section) for name, section in sections}
    wanted = {name: auto for name, auto in found.items() if auto is not None}
    for account in reconciler.discover(wanted):
        if account.unread:
            yield f"{account.account}: its open positions cannot be read: {account.unread}"
        auto, new = wanted[account.account], Source.DISCOVERED
        for key in [one.key for one in account.positions if one.source is None]:
            try:
                reconciler.watch(
                    key.account, key.symbol, key.side, auto.ladder, source=new, stop=auto.stop
                )
            except ConfigurationError as error:
                yield f"{key}: auto_watch: {error.message}"


def _lines(preview: Preview, *, verbose: bool) -> Sequence[str]:
    record = preview.record
    size = "position unknown"
    if preview.size_known:
        size = (
            f"position {plain(record.position_size)}, covered {plain(record.covered_with_runner)}"
        )
    head = f"{record.key}: {size}: {preview.event}: {preview.detail}"
    nothing = "no plan can be made" if preview.event in _STUCK else "nothing to do"
    actions = preview.actions or (nothing,)
    return (
        head,
        *(f"    {decision}" for decision in preview.decisions if verbose),
        *((f"  nothing of this is sent now: {preview.stopped}",) if preview.stopped else ()),
        *((f"  beside the ladder: {close_too(preview.beside)}",) if preview.beside else ()),
        *(f"  → {action}" for action in actions),
        *(f"  ! {note}" for note in (*preview.at_once, *preview.adjusted)),
        *(f"  ⏳ {one}" for one in (preview.targets.withheld if preview.targets else ())),
    )


def _stop(stop: StopIntent | None) -> dict[str, str] | None:
    """The request that would set the stop, as JSON."""
    if stop is None:
        return None
    return {"before": str(stop.before), "after": str(stop.asked), "rule": stop.rule}


def _document(preview: Preview) -> dict[str, Any]:
    record = preview.record
    return {
        "account": record.key.account,
        "symbol": record.key.symbol,
        "side": record.key.side.value,
        "position": plain(record.position_size) if preview.size_known else None,
        "covered": plain(record.covered_with_runner) if preview.size_known else None,
        "external_reduce_only": [plain(quantity) for quantity in preview.beside],
        "stopped": preview.stopped,
        "close": plain(preview.close.quantity or ZERO) if preview.close else None,
        "stop": _stop(preview.stop),
        "entries": [one.order_link_id for one in preview.entries],
        "event": preview.event,
        "detail": preview.detail,
        "actions": list(preview.actions),
        "targets": [
            {
                "level": target.level,
                "part": target.part,
                "price": plain(target.price),
                "quantity": plain(target.quantity),
            }
            for target in (preview.targets.orders if preview.targets else ())
        ],
        "withheld": [
            {
                "level": one.level,
                "price": plain(one.price),
                "quantity": plain(one.quantity),
                "why": one.why,
            }
            for one in (preview.targets.withheld if preview.targets else ())
        ],
        "at_once": list(preview.at_once),
        "adjusted": list(preview.adjusted),
        "decisions": list(preview.decisions),
    }
