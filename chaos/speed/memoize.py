"""Memoizing pure functions while a history is played: rows, their parsing, and targets.

The simulator's orders are values, and so are the rows made of them; a history reads the same ones
again and again, and computes the same targets.
"""

from collections.abc import Callable, Hashable, Mapping
from decimal import Decimal
from typing import TypeVar, TypeVarTuple, Unpack

from trueup.adapters.bybit.rest import finder, reader
from trueup.adapters.bybit.wire import parsing
from trueup.domain.model.instrument import Instrument
from trueup.domain.model.ladder import Ladder
from trueup.domain.planning import wanted_orders
from trueup.domain.planning.targets import LevelProgress, Targets, targets_for
from trueup.simulator.api import rows
from trueup.simulator.stream import messages

from .patching import Patch, Patches

_In = TypeVar("_In")
_More = TypeVarTuple("_More")
_Out = TypeVar("_Out")


def memoized() -> Patches:
    """Makes and parses each row once, and the same targets once, until the block ends."""
    return Patches(memoizing_patches())


def memoizing_patches() -> tuple[Patch, ...]:
    """The patches that keep the results of these functions, each with an empty memory."""
    parse, row = _memoized_by_identity(parsing.parse_order), _memoized_by_identity(rows.order_row)
    return (
        (rows, "order_row", row),
        (messages, "order_row", row),
        (reader, "parse_order", parse),
        (finder, "parse_order", parse),
        (reader, "parse_position", _memoized_by_identity(parsing.parse_position)),
        (wanted_orders, "targets_for", _memoized_targets()),
    )


def _memoized_by_identity(
    make: Callable[[_In, Unpack[_More]], _Out],
) -> Callable[[_In, Unpack[_More]], _Out]:
    """The function with its results kept by the identity of its first argument, and the others."""
    known: dict[Hashable, tuple[_In, _Out]] = {}

    def made(given: _In, *more: *_More) -> _Out:
        key = (id(given), *more)
        found = known.get(key)
        if found is None:
            found = known[key] = (given, make(given, *more))
        return found[1]

    return made


def _memoized_targets() -> Callable[..., Targets]:
    known: dict[Hashable, tuple[Ladder, Instrument, Targets]] = {}

    def computed(
        ladder: Ladder,
        size: Decimal,
        progress: Mapping[int, LevelProgress],
        instrument: Instrument,
        without: Mapping[int, Decimal],
        closed: frozenset[int],
    ) -> Targets:
        key = (size, closed, *without.items(), None, *progress.items())
        request = (id(ladder), id(instrument), *key)
        found = known.get(request)
        if found is None:
            targets = targets_for(ladder, size, progress, instrument, without, closed)
            found = known[request] = (ladder, instrument, targets)
        return found[2]

    return computed
