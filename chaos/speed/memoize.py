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
from trueup.states.work import planning

from .patching import swapped

_In = TypeVar("_In")
_Out = TypeVar("_Out")


@contextmanager
def done_once() -> Iterator[None]:
    """While this lasts, each row is made and parsed once, and the same targets drawn up once."""
    parse, row = _once(parsing.parse_order), _once(rows.order_row)
    with (
        swapped(rows, "order_row", row),
        swapped(messages, "order_row", row),
        swapped(reader, "parse_order", parse),
        swapped(finder, "parse_order", parse),
        swapped(reader, "parse_position", _once(parsing.parse_position)),
        swapped(planning, "targets_for", _targets_once()),
    ):
        yield


def _once(make: Callable[[_In], _Out]) -> Callable[[_In], _Out]:
    """The function, with its results kept by the identity of what it is given."""
    known: dict[Hashable, tuple[_In, _Out]] = {}

    def made(given: _In) -> _Out:
        found = known.get(id(given))
        if found is None:
            found = known[id(given)] = (given, make(given))
        return found[1]

    return made


def _targets_once() -> Callable[..., Targets]:
    known: dict[Hashable, tuple[Ladder, Instrument, Targets]] = {}

    def drawn_up(
        ladder: Ladder,
        size: Decimal,
        progress: Mapping[int, LevelProgress],
        instrument: Instrument,
        without: frozenset[int] = frozenset(),
    ) -> Targets:
        asked = (id(ladder), id(instrument), size, without, *progress.items())
        found = known.get(asked)
        if found is None:
            drawn = targets_for(ladder, size, progress, instrument, without)
            found = known[asked] = (ladder, instrument, drawn)
        return found[2]

    return drawn_up
