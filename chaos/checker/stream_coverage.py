"""What the private streams have told the engine, and what they lost on the way."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from trueup.simulator import StreamFault, StreamFaultKind
from trueup.testing import ApiRequest, ApiResponse

_LOSING = frozenset({StreamFaultKind.SILENCE, StreamFaultKind.DROP, StreamFaultKind.HALF_OPEN})
_LATE = frozenset({StreamFaultKind.DELAY, StreamFaultKind.REORDER})
_CONDITIONAL = "conditional orders"


@dataclass(slots=True)
class _Ear:
    """One account's stream.

    Attributes:
        opened_ms: since when it is open; None while it is not.
        missed_ms: since when the engine may have missed something; None if it cannot have.
        until_ms: until when that may go on: a whole read after it tells everything.
        is_deaf: the connection is half-open: it goes on until the connection ends.
        whole: when each list was last read whole, by symbol ("" for the account) and name.
        walking: when the walk under way began, likewise.
    """

    opened_ms: int | None = None
    missed_ms: int | None = None
    until_ms: int = 0
    is_deaf: bool = False
    whole: dict[tuple[str, str], int] = field(default_factory=dict)
    walking: dict[tuple[str, str], int] = field(default_factory=dict)

    def miss(self, since_ms: int, until_ms: int) -> None:
        known = self.missed_ms
        self.missed_ms = since_ms if known is None else min(known, since_ms)
        self.until_ms = max(self.until_ms, until_ms)


class Earshot:
    """What every account's stream told; times are the exchange's."""

    def __init__(self) -> None:
        self._ears: dict[str, _Ear] = {}

    def opened(self, uid: str, at_ms: int, lag_ms: int) -> None:
        """The stream was opened: reads from now on may lag behind what was before."""
        ear = self._ears.setdefault(uid, _Ear())
        ear.opened_ms, ear.is_deaf = at_ms, False
        ear.whole.clear()
        if lag_ms:
            ear.miss(at_ms - lag_ms, at_ms + lag_ms)

    def lost(self, uid: str) -> None:
        """The engine was told that the stream is gone."""
        self._ears.setdefault(uid, _Ear()).opened_ms = None

    def spoilt(self, uid: str, fault: StreamFault, at_ms: int) -> None:
        """A message was lost or is late, or the connection is half-open."""
        ear = self._ears.setdefault(uid, _Ear())
        if fault.kind in _LOSING:
            ear.miss(at_ms, at_ms)
            ear.is_deaf = ear.is_deaf or fault.kind is StreamFaultKind.HALF_OPEN
        elif fault.kind in _LATE:
            ear.miss(at_ms, at_ms + fault.delay_ms)

    def misled(self, uid: str, at_ms: int, as_of_ms: int) -> None:
        """A read showed what was so before."""
        self._ears.setdefault(uid, _Ear()).miss(as_of_ms, at_ms)

    def read(self, asked: ApiRequest, told: ApiResponse, *, received: bool) -> None:
        """A page of a list was asked for."""
        name = list_of(asked)
        ear = self._ears.get(asked.uid)
        if name is None or ear is None:
            return
        place = (str(asked.fields.get("symbol", "")), name)
        if not asked.fields.get("cursor"):
            ear.walking[place] = told.at_ms
        if not received or told.answer.code:
            ear.walking.pop(place, None)
            return
        result = told.answer.result
        ends = not result.get("nextPageCursor") or not result["list"]
        if ends and place in ear.walking:
            ear.whole[place] = ear.walking.pop(place)
        self._mend(ear)

    def missed_since(self, uid: str) -> int | None:
        """Since when the engine may have missed something; None if it cannot have."""
        return self._ears[uid].missed_ms

    def is_synced(self, uid: str, symbol: str, lists: Iterable[str]) -> bool:
        """Whether the stream is open, and all lists were read whole since it was opened."""
        ear = self._ears.get(uid)
        if ear is None or ear.opened_ms is None:
            return False
        read = [max(ear.whole.get((of, name), -1) for of in ("", symbol)) for name in lists]
        return min(read) >= ear.opened_ms

    def _mend(self, ear: _Ear) -> None:
        """After a whole read of the account nothing is missed any more."""
        read = [at for (symbol, name), at in ear.whole.items() if not symbol]
        if len(read) > 1 and min(read) > ear.until_ms and not ear.is_deaf:
            ear.missed_ms = None


def list_of(asked: ApiRequest) -> str | None:
    """Which list of the symbol, or of the account, a request reads; None if it reads none."""
    if asked.path == "/v5/position/list":
        return "positions"
    if asked.path != "/v5/order/realtime":
        return None
    if asked.fields.get("orderId") or asked.fields.get("orderLinkId"):
        return None
    return _CONDITIONAL if asked.fields.get("orderFilter") else "orders"
