"""Watching a position, and setting its ladder and its stop by command.

What the configuration says of a monitor is changed there: the next start would put it back.
"""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import partial

from ...domain.copies import replace
from ...domain.model.errors import ConfigurationError
from ...domain.model.identity import MonitorKey
from ...domain.model.instrument import ZERO, given_number, plain
from ...domain.model.ladder import Ladder
from ...domain.model.record import MonitorRecord, Source
from ...domain.model.stop import AnyLadder, Breakeven, NoStop, RuleLadder, Stop
from ...domain.model.stop.parts import BY_FEES
from ...domain.protection.prices import in_profit, percent_of
from ...domain.recording.codec import to_text
from ...domain.stopping.command import Became, Change
from .deeds import Asked, Deed, Foresight, scope_of
from .foreseeing import of_run

_BEYOND_PERCENT = Decimal("0.01")
"""How far beyond its place the price has to be for the stop to go to breakeven."""
_BEYOND_FEES_PERCENT = Decimal("0.12")
"""The same of breakeven by fees: above what both ways usually cost."""
_NOT_WATCHED = "not watched"
_LADDER_STAYS = (
    "it stays for later positions of this monitor, until `trueup ladder set` gives another or "
    "`trueup unwatch` ends the watch"
)
_STOP_STAYS = (
    "it stays for later positions of this monitor, until `trueup stop set` gives another, or false"
)
_BREAKEVEN_STAYS = (
    "it stays in the stop's rule for later positions of this monitor: `trueup stop set` without "
    "breakeven takes it off"
)


def watch(asked: Asked) -> Iterable[Deed]:
    """A position comes under watch, with a ladder and a stop of its own or without."""
    asked.only("ladder", "stop")
    scope, given = asked.command.scope, asked.command.arguments
    if scope.side is None:
        raise ConfigurationError("watch is for one monitor: name account, symbol and side")
    key = MonitorKey(scope.account, scope.symbol, scope.side)
    if key.account not in asked.host.accounts:
        names = ", ".join(sorted(asked.host.accounts))
        raise ConfigurationError(f"there is no account {key.account!r}: there are {names}")
    records = {record.key: record for record in asked.reconciler.monitors() if record.is_watched}
    if key in records:
        if given:
            raise ConfigurationError(f"{key} is watched: set its ladder or its stop")
        yield Deed(Change(scope, "watched", "watched"), lambda: (Became.UNCHANGED, "watched"))
        return
    ladder = asked.host.ladder(given["ladder"]) if "ladder" in given else None
    stop = asked.host.stop(given["stop"]) if "stop" in given else None

    def do() -> tuple[Became, str]:
        asked.reconciler.watch(
            key.account, key.symbol, key.side, ladder, source=Source.COMMANDED, stop=stop
        )
        return Became.DONE, "watched"

    after = f"watched, ladder {_ladder(ladder)}, stop {_stop(stop)}"
    look = partial(of_run, asked, key, ladder, stop, unwatched=True)
    yield Deed(Change(scope, _NOT_WATCHED, after), do, (Foresight(key, look),))


def unwatch(asked: Asked) -> Iterable[Deed]:
    """Monitors run no more; orders stay as they are."""
    asked.only()
    scope = asked.command.scope
    records = [one for one in asked.reconciler.monitors() if scope.covers(one.key)]
    if scope.side is not None and records and not records[0].is_watched:
        change = Change(scope, _NOT_WATCHED, _NOT_WATCHED)
        yield Deed(change, lambda: (Became.UNCHANGED, _NOT_WATCHED))
        return
    for record in asked.records():
        yield _unwatch(asked, record)


def _unwatch(asked: Asked, record: MonitorRecord) -> Deed:
    scope = scope_of(record.key)
    if asked.host.is_configured(record.key):
        return Deed.refused(scope, f"{record.key} is configured: remove it there, and reload")

    def do() -> tuple[Became, str]:
        made = asked.reconciler.unwatch(record.key)
        return Became.DONE, f"orders that stay at the exchange: {len(made.resting)}"

    return Deed(Change(scope, "watched", _NOT_WATCHED), do)


def ladder(asked: Asked) -> Iterable[Deed]:
    """A monitor gets another ladder."""
    record = asked.record()
    _check_ours(asked.host.gives_ladder(record.key), record, "ladder")
    wanted = asked.host.ladder(dict(asked.command.arguments))
    before = record.ladder_rule.wanted if record.ladder_rule else record.ladder
    words = _ladder(before), _ladder(wanted)
    yield _set(asked, record, words, _LADDER_STAYS, new_ladder=wanted)


def stop(asked: Asked) -> Iterable[Deed]:
    """A monitor gets another stop, or none: ``{"stop": false}``."""
    asked.only("stop")
    record = asked.record()
    _check_ours(asked.host.gives_stop(record.key), record, "stop")
    if "stop" not in asked.command.arguments:
        raise ConfigurationError("stop needs the argument stop: a table as in the file, or false")
    wanted = asked.host.stop(asked.command.arguments["stop"])
    words = _stop(_wanted_stop(record)), _stop(wanted)
    note = _STOP_STAYS if isinstance(wanted, Stop) else ""
    yield _set(asked, record, words, note, new_stop=wanted)


def breakeven(asked: Asked) -> Iterable[Deed]:
    """The stops go to the entry as soon as the price is beyond it; they never loosen."""
    asked.only("offset")
    at_once = _at_once(asked.command.arguments.get("offset"))
    return [_breakeven(asked, record, at_once) for record in asked.records()]


def _breakeven(asked: Asked, record: MonitorRecord, at_once: Breakeven) -> Deed:
    """That of one monitor; one that refuses it keeps no other from it."""
    try:
        _check_ours(asked.host.gives_stop(record.key), record, "stop")
        before = _own_stop(record)
        wanted = replace(before, breakeven=at_once)
    except ConfigurationError as error:
        return Deed.refused(scope_of(record.key), error.message)
    at = f"; {_even_at(record, at_once)}"
    words = _stop(before) + (at if before == wanted else ""), _stop(wanted) + at
    return _set(asked, record, words, _BREAKEVEN_STAYS, new_stop=wanted)


def _at_once(offset: object) -> Breakeven:
    """Breakeven as soon as the price allows it."""
    if offset == BY_FEES:
        return Breakeven.of(after_percent=_BEYOND_FEES_PERCENT, fees=True)
    if offset is None:
        return Breakeven.of(after_percent=_BEYOND_PERCENT)
    if isinstance(offset, bool) or not isinstance(offset, str | int):
        raise ConfigurationError('the offset is a number, in per cent, or "fees"')
    percent = given_number("the offset", offset)
    return Breakeven.of(after_percent=percent + _BEYOND_PERCENT, offset=percent)


def _even_at(record: MonitorRecord, rule: Breakeven) -> str:
    """Where breakeven is, on record of the position; the exchange's tick rounds it."""
    if not record.position_size or not record.entry_price:
        return "the stop goes to the entry once the price is beyond it"
    entry = plain(record.entry_price)
    if rule.fees:
        return (
            f"the stop goes to the entry {entry} and what the fees take, once the price is beyond"
        )
    beyond = percent_of(record.entry_price, rule.offset or ZERO)
    at = plain(in_profit(record.key.side, record.entry_price, beyond))
    why = f"{plain(rule.offset)} % beyond the entry {entry}" if rule.offset else "the entry"
    return f"the stop goes to {at} ({why}) once the price is beyond it"


def _set(
    asked: Asked,
    record: MonitorRecord,
    words: tuple[str, str],
    note: str,
    *,
    new_ladder: AnyLadder | None = None,
    new_stop: Stop | NoStop | None = None,
) -> Deed:
    key = record.key

    def do() -> tuple[Became, str]:
        asked.reconciler.watch(
            key.account, key.symbol, key.side, new_ladder, source=record.source, stop=new_stop
        )
        return Became.DONE, words[1]

    change = Change(scope_of(key), *words, notes=(note,) if note else ())
    look = partial(of_run, asked, key, new_ladder, new_stop)
    return Deed(change, do, (Foresight(key, look, bool(record.position_size)),))


def _check_ours(is_given: bool, record: MonitorRecord, what: str) -> None:  # noqa: FBT001 - a fact
    if is_given:
        raise ConfigurationError(
            f"the configuration gives the {what} of {record.key}, and the next start would put it "
            "back: change it there, and reload"
        )


def _own_stop(record: MonitorRecord) -> Stop:
    stop = _wanted_stop(record)
    if stop is None:
        raise ConfigurationError(f"{record.key} has no stop of its own: set one first")
    return stop


def _wanted_stop(record: MonitorRecord) -> Stop | None:
    return record.stop.wanted if record.stop and record.wants_stop else None


def _ladder(ladder: AnyLadder | None) -> str:
    """``0.72: 85 %, 0.74: 15 %``."""
    if ladder is None:
        return "none of its own"
    if isinstance(ladder, Ladder):
        levels = [f"{plain(one.price)}: {plain(one.share)} %" for one in ladder.levels]
    else:
        levels = [
            f"{plain(one.gain)} {ladder.unit.value}: {plain(one.share)} %" for one in ladder.levels
        ]
    runner = [f"runner: {plain(ladder.runner)} %"] if ladder.runner else []
    basis = [f"from {ladder.basis.value}"] if isinstance(ladder, RuleLadder) else []
    return ", ".join([*levels, *runner, *basis])


def _stop(stop: Stop | NoStop | None) -> str:
    """``percent 5, breakeven (after_level 1)``: the settings that differ from the defaults."""
    return _settings(json.loads(to_text(stop))) if isinstance(stop, Stop) else "none"


def _settings(document: Mapping[str, object]) -> str:
    return ", ".join(
        f"{name} ({_settings(value)})" if isinstance(value, Mapping) else f"{name} {value}"
        for name, value in document.items()
        if name != "_"
    )
