"""What streams and requests of a soak meet."""

from collections import Counter

from trueup.simulator import Fault, FaultKind, Simulator, StreamFault, StreamFaultKind

from ..exchange.dice import Dice
from ..exchange.scene import Scene
from .watching import Watcher

_STREAM = (*StreamFaultKind, StreamFaultKind.DROP, StreamFaultKind.SILENCE)
_PATHS = ("order/create-batch", "order/amend-batch", "order/cancel-batch", "order/realtime", "")
_LASTS_S = 10.0
_LATE_MS = (200, 3000)


class Trouble:
    """Puts faults in force, and says whom they may hit.

    Attributes:
        injected: how many, by kind.
    """

    def __init__(self, dice: Dice, sim: Simulator, scene: Scene, watcher: Watcher) -> None:
        self._dice = dice
        self._sim = sim
        self._scene = scene
        self._watcher = watcher
        self.injected: Counter[str] = Counter()

    def strike(self) -> None:
        """One fault, in place of those that still wait for what they are for."""
        self._sim.clear_faults()
        uid = self._dice.one_of(self._scene.accounts).name
        fault = self._of_streams(uid) if self._dice.chance(55) else self._of_requests(uid)
        is_stream = isinstance(fault, StreamFault)
        self._watcher.trouble(fault.uid, _LASTS_S)
        self.injected[f"{'stream' if is_stream else 'request'} {fault.kind.value}"] += 1
        self._sim.inject(fault)

    def _of_streams(self, uid: str) -> StreamFault:
        kind, dice = self._dice.one_of(_STREAM), self._dice
        by_connection = kind in (StreamFaultKind.REFUSED, StreamFaultKind.AUTH_FAILED)
        if by_connection:
            # What waits for a connection would wait for the next drop.
            self._sim.inject(StreamFault(kind=StreamFaultKind.DROP, uid=uid))
        return StreamFault(
            kind=kind,
            uid="" if kind is StreamFaultKind.REFUSED else uid,
            topic="" if by_connection else dice.one_of(("", "order", "execution", "position")),
            times=dice.among(1, 3),
            lasts_ms=dice.among(500, 3000),
            at_once=dice.chance(60),
            code=dice.one_of((None, 1001)) if kind is StreamFaultKind.DROP else None,
            status=dice.one_of((0, 503)),
            delay_ms=dice.one_of((50, 400, 1500)),
        )

    def _of_requests(self, uid: str) -> Fault:
        dice = self._dice
        kind = dice.one_of(tuple(FaultKind))
        effect = dice.chance(50)
        return Fault(
            kind=kind,
            path=dice.one_of(_PATHS),
            uid=uid,
            times=dice.among(1, 3),
            effect=effect,
            delay_ms=dice.among(*_LATE_MS),
            status=dice.one_of((500, 502, 504)),
            code=10016 if effect else dice.one_of((10000, 10006, 10016)),
        )
