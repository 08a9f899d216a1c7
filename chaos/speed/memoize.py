"""Work that is done once: the same values give the same rows, and the same targets.

Orders of the simulator are values, and so are the rows made of them; a history reads the same
ones again and again, and draws the same targets up. What is done once here is pure.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
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

from .patching import patched

_In = TypeVar("_In")
_Out = TypeVar("_Out")


@contextmanager
def memoized() -> Iterator[None]:
    """While this lasts, each row is made and parsed once, and the same targets drawn up once."""
    parse, row = _memoized_by_identity(parsing.parse_order), _memoized_by_identity(rows.order_row)
    with (
        patched(rows, "order_row", row),
        patched(messages, "order_row", row),
        patched(reader, "parse_order", parse),
        patched(finder, "parse_order", parse),
        patched(reader, "parse_position", _memoized_by_identity(parsing.parse_position)),
        patched(snapshot, "targets_for", _memoized_targets()),
    ):
        yield


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
