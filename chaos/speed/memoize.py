"""Work that is done once: the same values give the same rows, and the same targets.

Orders of the simulator are values, and so are the rows made of them; a history reads the same
ones again and again, and draws the same targets up. What is done once here is pure.
"""

from collections.abc import Callable, Hashable, Mapping
from decimal import Decimal
from typing import TypeVar

from trueup.adapters.bybit.rest import finder, reader
from trueup.adapters.bybit.wire import parsing
from trueup.domain.model.instrument import Instrument
from trueup.domain.model.ladder import Ladder
from trueup.domain.planning.targets import LevelProgress, Targets, targets_for
from trueup.simulator.api import rows
from trueup.simulator.stream import messages
from trueup.states.work import snapshot

from .patching import Patch, Patches

_In = TypeVar("_In")
_Out = TypeVar("_Out")


def memoized() -> Patches:
    """Makes and parses each row once, and the same targets once, until the block ends."""
    return Patches(memoizing_patches())


def memoizing_patches() -> tuple[Patch, ...]:
    """The functions whose results are kept, each with an empty memory."""
    parse, row = _memoized_by_identity(parsing.parse_order), _memoized_by_identity(rows.order_row)
    return (
        (rows, "order_row", row),
        (messages, "order_row", row),
        (reader, "parse_order", parse),
        (finder, "parse_order", parse),
        (reader, "parse_position", _memoized_by_identity(parsing.parse_position)),
        (snapshot, "targets_for", _memoized_targets()),
    )


def _memoized_by_identity(make: Callable[[_In], _Out]) -> Callable[[_In], _Out]:
    """The function, with its results kept by the identity of what it is given."""
    known: dict[Hashable, tuple[_In, _Out]] = {}

    def made(given: _In) -> _Out:
        found = known.get(id(given))
        if found is None:
            found = known[id(given)] = (given, make(given))
        return found[1]

    return made


def _memoized_targets() -> Callable[..., Targets]:
    known: dict[Hashable, tuple[Ladder, Instrument, Targets]] = {}

    def drawn_up(
        ladder: Ladder,
        size: Decimal,
        progress: Mapping[int, LevelProgress],
        instrument: Instrument,
        without: frozenset[int] = frozenset(),
    ) -> Targets:
        request = (id(ladder), id(instrument), size, without, *progress.items())
        found = known.get(request)
        if found is None:
            drawn = targets_for(ladder, size, progress, instrument, without)
            found = known[request] = (ladder, instrument, drawn)
        return found[2]

    return drawn_up
