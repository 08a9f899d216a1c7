"""The faults that requests and streams of a soak meet."""

from collections import Counter

from trueup.simulator import Fault, FaultKind, Simulator, StreamFault, StreamFaultKind

from ..scene.scene import Scene
from ..scene.seeded_random import SeededRandom
from .observer import Observer

_STREAM = (*StreamFaultKind, StreamFaultKind.DROP, StreamFaultKind.SILENCE)
_PATHS = ("order/create-batch", "order/amend-batch", "order/cancel-batch", "order/realtime", "")
_LASTS_S = 10.0
_LATE_MS = (200, 3000)


class FaultInjector:
    """Injects faults, and tells the observer which accounts they may hit.

    Attributes:
        injected: how many faults of each kind.
    """

    def __init__(
        self, random: SeededRandom, sim: Simulator, scene: Scene, observer: Observer
    ) -> None:
        self._dice = random
        self._sim = sim
        self._scene = scene
        self._watcher = observer
        self.injected: Counter[str] = Counter()

    def inject_fault(self) -> None:
        """Injects one fault, in place of those that have not met anything yet."""
        self._sim.clear_faults()
        uid = self._dice.choice(self._scene.accounts).name
        fault = self._of_streams(uid) if self._dice.happens(55) else self._of_requests(uid)
        is_stream = isinstance(fault, StreamFault)
        self._watcher.fault_expected(fault.uid, _LASTS_S)
        self.injected[f"{'stream' if is_stream else 'request'} {fault.kind.value}"] += 1
        self._sim.inject(fault)

    def _of_streams(self, uid: str) -> StreamFault:
        kind, random = self._dice.choice(_STREAM), self._dice
        by_connection = kind in (StreamFaultKind.REFUSED, StreamFaultKind.AUTH_FAILED)
        if by_connection:
            # A fault of connecting needs a connection: this drop causes one.
            self._sim.inject(StreamFault(kind=StreamFaultKind.DROP, uid=uid))
        return StreamFault(
            kind=kind,
            uid="" if kind is StreamFaultKind.REFUSED else uid,
            topic="" if by_connection else random.choice(("", "order", "execution", "position")),
            times=random.between(1, 3),
            lasts_ms=random.between(500, 3000),
            at_once=random.happens(60),
            code=random.choice((None, 1001)) if kind is StreamFaultKind.DROP else None,
            status=random.choice((0, 503)),
            delay_ms=random.choice((50, 400, 1500)),
        )

    def _of_requests(self, uid: str) -> Fault:
        random = self._dice
        kind = random.choice(tuple(FaultKind))
        effect = random.happens(50)
        return Fault(
            kind=kind,
            path=random.choice(_PATHS),
            uid=uid,
            times=random.between(1, 3),
            effect=effect,
            delay_ms=random.between(*_LATE_MS),
            status=random.choice((500, 502, 504)),
            code=10016 if effect else random.choice((10000, 10006, 10016)),
        )
