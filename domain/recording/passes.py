"""The passes of a monitor, put together again from the segments in its journal."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from .codec import Json
from .segments import Place, Segment, unpack


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the journal, as far as its segment is concerned.

    Attributes:
        id: of the row: rows of a monitor are in order.
        run_id: the run that it is of.
        inputs: the segment; None where nothing was recorded.
    """

    id: int
    run_id: str
    inputs: bytes | None


@dataclass(slots=True)
class RecordedPass:
    """What was recorded of a pass.

    Attributes:
        items: the base, then each entry, as JSON has them.
        runs: the runs of the pass, each with the ids of its rows in the journal.
    """

    items: list[Json] = field(default_factory=list)
    runs: dict[str, list[int]] = field(default_factory=dict)

    def add(self, row: Row, text: str) -> None:
        """Adds what a row has of it."""
        self.items += json.loads(text)
        self.runs.setdefault(row.run_id, []).append(row.id)


def passes(
    rows: Iterable[Row], whole: Callable[[str, int], bytes | None]
) -> Iterator[RecordedPass]:
    """The passes that these rows of one monitor are of, oldest first.

    Rows before the first segment that begins a pass are left out, as those are in which nothing
    was recorded.

    Args:
        rows: in their order.
        whole: finds the newest segment with a whole base of that run in a row with a smaller id.

    Raises:
        ValueError: a segment cannot be read.
    """
    wholes: dict[str, str] = {}
    under_way, first = RecordedPass(), ""
    for row in rows:
        if row.inputs is None:
            continue
        segment = Segment.of_bytes(row.inputs)
        if segment.place is Place.FURTHER:
            if first:
                under_way.add(row, unpack(segment.packed, first))
            continue
        if first:
            yield under_way
        first = _first_text(row, segment, wholes, whole)
        under_way = RecordedPass()
        under_way.add(row, first)
    if first:
        yield under_way


def _first_text(
    row: Row, segment: Segment, wholes: dict[str, str], whole: Callable[[str, int], bytes | None]
) -> str:
    """The text of the segment that begins a pass."""
    if segment.place is Place.WHOLE:
        wholes[row.run_id] = text = unpack(segment.packed)
        return text
    if segment.base_run not in wholes:
        found = whole(segment.base_run, row.id)
        if found is None:
            raise ValueError(f"the run {segment.base_run}, whose base is needed, is not on record")
        wholes[segment.base_run] = unpack(Segment.of_bytes(found).packed)
    return unpack(segment.packed, wholes[segment.base_run])
