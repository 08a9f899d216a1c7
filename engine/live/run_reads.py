"""Which reads of runs are outdated: something has shown another position since, or before."""

from dataclasses import dataclass
from datetime import timedelta

from ...domain.ports import Clock, Moment
from ...domain.tracking.known_position import KnownPosition
from ...domain.tracking.older_reads import SeqShown
from ...domain.tracking.symbol_view import READ_OVERTAKEN, SymbolView


@dataclass(frozen=True, slots=True)
class ReadMark:
    """When a read was requested.

    Attributes:
        event: the number of the last event before the request.
        session: how often the stream had been opened.
        at: the moment.
        number: of the request; later ones have larger numbers.
    """

    event: int
    session: int
    at: Moment
    number: int


class RunReads:
    """For each symbol, its last read by a run, and the last one that is outdated.

    In hedge mode two runs read one symbol. What shows another position than the last read outdates
    that one and those before it; a later read is new knowledge to its own run, and to no other.

    Args:
        reads_lag: how long a read may lag behind an event.
        clock: the time.
    """

    def __init__(self, reads_lag: timedelta, clock: Clock) -> None:
        self._reads_lag = reads_lag
        self._clock = clock
        self._newest: dict[tuple[str, int], SeqShown] = {}
        self._last: dict[str, tuple[ReadMark, SymbolView]] = {}
        self._outdated: dict[str, int] = {}

    def note_read(self, mark: ReadMark, view: SymbolView) -> None:
        """Notes what a read shows of a symbol: the view, with that read merged."""
        self.note_positions(view)
        self._last[view.symbol] = mark, view
        if view.overtaken_since(mark.event):
            self._note_outdated(view.symbol, mark)

    def note_positions(self, view: SymbolView) -> None:
        """Notes the positions of a read that is merged into the view."""
        for index, known in view.read_positions.items():
            self.note(view.symbol, index, known)

    def note(self, symbol: str, index: int, shown: KnownPosition) -> None:
        """Notes a position as an event, a sweep or another run's read shows it."""
        self._note_seq((symbol, index), SeqShown(shown.seq, self._clock.moment()))
        if symbol not in self._last:
            return
        mark, view = self._last[symbol]
        read = view.read_positions.get(index)
        if read is not None and shown.overtakes(read):
            self._note_outdated(symbol, mark)

    def why_outdated(self, symbol: str, number: int) -> str:
        """Why the read of that number is outdated, the last one for 0; empty if it is not."""
        if symbol in self._last:
            number = number or self._last[symbol][0].number
        return READ_OVERTAKEN if 0 < number <= self._outdated.get(symbol, 0) else ""

    def seq_shown(self, symbol: str, index: int) -> SeqShown | None:
        """The newest ``seq`` that was shown of a position; None where none was."""
        return self._newest.get((symbol, index))

    def _note_seq(self, position: tuple[str, int], shown: SeqShown) -> None:
        known = self._newest.get(position)
        if shown.seq < 0 or (known is not None and known.seq == shown.seq):
            return
        if known is None or not known.overtakes(shown.seq, shown.at, self._reads_lag):
            self._newest[position] = shown

    def _note_outdated(self, symbol: str, mark: ReadMark) -> None:
        self._outdated[symbol] = max(mark.number, self._outdated.get(symbol, 0))
