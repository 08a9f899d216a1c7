"""Refusals that do not end by themselves."""

from dataclasses import dataclass

from trueup.simulator import Fault, FaultKind

from ...world.world import World
from .move import Move


@dataclass(frozen=True, slots=True)
class RefuseWrites(Move):
    """For a while, every write of some kind is answered with the same code, and has no effect.

    Attributes:
        account: whose writes.
        path: a part of the path of the writes.
        code: the answer.
        lasts_ms: for how long.
    """

    account: str
    path: str
    code: int
    lasts_ms: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"every {self.path} of {self.account} gets {self.code} for {self.lasts_ms} ms"

    def do(self, world: World) -> None:
        """Refuses the writes, and schedules the end of it."""
        fault = Fault(
            kind=FaultKind.RET_CODE,
            path=self.path,
            uid=self.account,
            times=None,
            effect=False,
            code=self.code,
            text="refused",
        )
        world.simulator.inject(fault)
        world.log(f"🚧 {self.description}")
        world.clock.call_at(
            world.now_ms() + self.lasts_ms, lambda: world.simulator.clear_faults(fault)
        )
