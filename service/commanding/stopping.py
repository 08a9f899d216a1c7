"""Pausing, halting, resuming, closing, running and reloading by command."""

from collections.abc import Iterable
from functools import partial

from ...domain.model.close.closing import CloseEnd
from ...domain.model.errors import ConfigurationError
from ...domain.model.instrument import plain
from ...domain.model.record import MonitorRecord
from ...domain.stopping.command import Became, Change
from ...domain.stopping.control import EVERYTHING, Control, ControlKind, ends
from ...engine.control.closing import command_to_close, share_of
from .deeds import Asked, Deed, Foresight, scope_of
from .foreseeing import of_close, of_resume, of_run

_WRITES = "writes leave"
_ALL_PERCENT = 100


def pause(asked: Asked) -> Iterable[Deed]:
    """No write leaves for what it names."""
    asked.only()
    asked.records()
    yield _stop(asked, ControlKind.PAUSE)


def halt(asked: Asked) -> Iterable[Deed]:
    """No write leaves at all."""
    asked.only()
    if asked.command.scope != EVERYTHING:
        raise ConfigurationError("a halt is for all accounts: pause what is less")
    yield _stop(asked, ControlKind.HALT)


def _stop(asked: Asked, kind: ControlKind) -> Deed:
    command, scope = asked.command, asked.command.scope
    after = f"no write leaves: {kind.value}"
    in_force = [one for one in asked.reconciler.store.controls() if one.is_in_force]
    has_it = any((one.kind, one.scope) == (kind, scope) for one in in_force)

    def do() -> tuple[Became, str]:
        by, reason = command.by, command.reason
        if kind is ControlKind.HALT:
            made = asked.reconciler.halt(by=by, reason=reason)
        else:
            made = asked.reconciler.pause(
                scope.account, scope.symbol, scope.side, by=by, reason=reason
            )
        if made.acknowledged_at is not None:
            return Became.DONE, str(made)
        return Became.UNKNOWN, f"{made}; a request that was sent before has no answer yet"

    return Deed(Change(scope, after if has_it else _WRITES, after), do)


def resume(asked: Asked) -> Iterable[Deed]:
    """Writes leave again."""
    asked.only("everything")
    records, command, scope = asked.records(), asked.command, asked.command.scope
    everything = command.arguments.get("everything", False)
    if not isinstance(everything, bool):
        raise ConfigurationError("everything is true or false")
    kind = ControlKind.RESUME_ALL if everything else ControlKind.RESUME
    wanted = Control(kind, scope, command.at, command.by)
    # What is wider than it refuses it: the plan says so, and not only the answer.
    stops = ends(wanted, asked.reconciler.store.controls())

    def do() -> tuple[Became, str]:
        made = asked.reconciler.resume(
            scope.account,
            scope.symbol,
            scope.side,
            by=command.by,
            reason=command.reason,
            everything=everything,
        )
        return Became.DONE, "ended: " + "; ".join(map(str, made.ended))

    foresights = tuple(
        Foresight(record.key, partial(of_resume, asked, record.key), bool(record.position_size))
        for record in records
        if any(stop.scope.covers(record.key) for stop in stops)
    )
    yield Deed(Change(scope, _words(stops), _WRITES), do, foresights)


def _words(stops: Iterable[Control]) -> str:
    return "; ".join(map(str, stops)) or _WRITES


def close(asked: Asked) -> Iterable[Deed]:
    """The positions are closed at the market, or a share of each."""
    asked.only("share")
    share = asked.command.arguments.get("share", _ALL_PERCENT)
    if isinstance(share, bool) or not isinstance(share, str | int):
        raise ConfigurationError("the share is a number, in per cent")
    share_of(share)
    return [_close(asked, record, share) for record in asked.records()]


def _close(asked: Asked, record: MonitorRecord, share: str | int) -> Deed:
    key, command, store = record.key, asked.command, asked.reconciler.store
    try:
        # What is stopped, or is being closed already, refuses it: the plan says so, too.
        wanted = command_to_close(record, share, command.at, command.by, "", record.cycle)
        ends(wanted, store.controls())
    except ConfigurationError as error:
        return Deed.refused(scope_of(key), error.message)

    def do() -> tuple[Became, str]:
        closing = asked.reconciler.close_position(
            key.account, key.symbol, key.side, share=share, by=command.by, reason=command.reason
        )
        if closing is None:
            return Became.UNKNOWN, "the command is on record, and no run has taken it yet"
        why = f"{closing}" + (f": {closing.detail}" if closing.detail else "")
        if closing.is_open:
            return Became.UNKNOWN, f"{why}; it goes on"
        if closing.end is CloseEnd.REFUSED:
            return Became.REFUSED, f"nothing was closed: {closing.detail}"
        return (Became.DONE if closing.end is CloseEnd.DONE else Became.UNKNOWN), why

    before = f"the position, {plain(record.position_size)} when last read"
    change = Change(scope_of(key), before, f"{share} % of it closed at the market")
    foresight = Foresight(key, partial(of_close, asked, key, share), bool(record.position_size))
    return Deed(change, do, (foresight,))


def reconcile(asked: Asked) -> Iterable[Deed]:
    """The monitors run now."""
    asked.only()
    return [_run(asked, record) for record in asked.records()]


def _run(asked: Asked, record: MonitorRecord) -> Deed:
    key = record.key

    def do() -> tuple[Became, str]:
        report = asked.reconciler.reconcile(key)
        why = f"{report.outcome.value}, writes {report.writes}"
        if report.is_true:
            return (Became.DONE if report.writes else Became.UNCHANGED), why
        return (Became.UNKNOWN if report.writes else Became.REFUSED), why

    change = Change(scope_of(key), "as the last run left it", "equal to its ladder")
    foresight = Foresight(key, partial(of_run, asked, key), bool(record.position_size))
    return Deed(change, do, (foresight,))


def reload(asked: Asked) -> Iterable[Deed]:
    """The configuration is read again, and the engine restarts with it."""
    asked.only()
    if asked.command.scope != EVERYTHING:
        raise ConfigurationError("a reload is of the whole configuration: name no account")

    def do() -> tuple[Became, str]:
        asked.host.reload()
        return Became.DONE, "the configuration was read, and the engine restarts with it"

    yield Deed(Change(EVERYTHING, "the configuration as it was read", "as the file is now"), do)
