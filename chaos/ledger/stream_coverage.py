"""What the private streams delivered to the engine, and what they lost."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from trueup.simulator import StreamFault, StreamFaultKind
from trueup.testing import ApiRequest, ApiResponse

_LOSING = frozenset({StreamFaultKind.SILENCE, StreamFaultKind.DROP, StreamFaultKind.HALF_OPEN})
_LATE = frozenset({StreamFaultKind.DELAY, StreamFaultKind.REORDER})
_CONDITIONAL = "conditional orders"


@dataclass(slots=True)
class _Stream:
    """The private stream of one account.

    Attributes:
        opened_ms: when it was opened; None while it is closed.
        missed_ms: since when the engine may have missed something; None if it has missed nothing.
        until_ms: until when that may go on; a whole read after this time closes the gap.
        is_half_open: whether the connection is half-open, so that the gap lasts until it ends.
        whole: when each list was last read whole, by symbol ("" for the account) and list.
        reading: when the read under way began, by symbol and list.
    """

    opened_ms: int | None = None
    missed_ms: int | None = None
    until_ms: int = 0
    is_half_open: bool = False
    whole: dict[tuple[str, str], int] = field(default_factory=dict)
    reading: dict[tuple[str, str], int] = field(default_factory=dict)

    def add_gap(self, since_ms: int, until_ms: int) -> None:
        known = self.missed_ms
        self.missed_ms = since_ms if known is None else min(known, since_ms)
        self.until_ms = max(self.until_ms, until_ms)


class StreamCoverage:
    """What the stream of each account delivered; all times are the exchange's, in milliseconds."""

    def __init__(self) -> None:
        self._streams: dict[str, _Stream] = {}

    def opened(self, uid: str, at_ms: int, lag_ms: int) -> None:
        """A stream was opened; reads that lag may still show the time before."""
        stream = self._streams.setdefault(uid, _Stream())
        stream.opened_ms, stream.is_half_open = at_ms, False
        stream.whole.clear()
        if lag_ms:
            stream.add_gap(at_ms - lag_ms, at_ms + lag_ms)

    def lost(self, uid: str) -> None:
        """The engine noticed that the stream is gone."""
        self._streams.setdefault(uid, _Stream()).opened_ms = None

    def fault_met(self, uid: str, fault: StreamFault, at_ms: int) -> None:
        """A fault hit the stream: a message is lost or late, or the connection is half-open."""
        stream = self._streams.setdefault(uid, _Stream())
        if fault.kind in _LOSING:
            stream.add_gap(at_ms, at_ms)
            stream.is_half_open = stream.is_half_open or fault.kind is StreamFaultKind.HALF_OPEN
        elif fault.kind in _LATE:
            stream.add_gap(at_ms, at_ms + fault.delay_ms)

    def stale_read(self, uid: str, at_ms: int, as_of_ms: int) -> None:
        """A stale read was answered: the engine may believe an earlier state."""
        self._streams.setdefault(uid, _Stream()).add_gap(as_of_ms, at_ms)

    def read(self, request: ApiRequest, reply: ApiResponse, *, received: bool) -> None:
        """The engine read one page of a list."""
        name = list_of(request)
        stream = self._streams.get(request.uid)
        if name is None or stream is None:
            return
        place = (str(request.fields.get("symbol", "")), name)
        if not request.fields.get("cursor"):
            stream.reading[place] = reply.at_ms
        if not received or reply.answer.code:
            stream.reading.pop(place, None)
            return
        result = reply.answer.result
        ends = not result.get("nextPageCursor") or not result["list"]
        if ends and place in stream.reading:
            stream.whole[place] = stream.reading.pop(place)
        self._close_gap(stream)

    def missed_since(self, uid: str) -> int | None:
        """Since when the engine may have missed something; None if it has missed nothing."""
        return self._streams[uid].missed_ms

    def is_synced(self, uid: str, symbol: str, lists: Iterable[str]) -> bool:
        """Whether the stream is open, and every list was read whole since it was opened."""
        stream = self._streams.get(uid)
        if stream is None or stream.opened_ms is None:
            return False
        read = [max(stream.whole.get((of, name), -1) for of in ("", symbol)) for name in lists]
        return min(read) >= stream.opened_ms

    def _close_gap(self, stream: _Stream) -> None:
        """Closes the gap if the account was read whole after it."""
        read = [at for (symbol, name), at in stream.whole.items() if not symbol]
        if len(read) > 1 and min(read) > stream.until_ms and not stream.is_half_open:
            stream.missed_ms = None


def list_of(request: ApiRequest) -> str | None:
    """Which list the request reads, of a symbol or of the account; None if it reads no list."""
    if request.path == "/v5/position/list":
        return "positions"
    if request.path != "/v5/order/realtime":
        return None
    if request.fields.get("orderId") or request.fields.get("orderLinkId"):
        return None
    return _CONDITIONAL if request.fields.get("orderFilter") else "orders"
