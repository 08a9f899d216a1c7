"""Playing a history from its first move until it has settled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from trueup.simulator import ApiError
from trueup.testing import MemoryStore

from ..judge.judge import PROMISES, Make
from ..judge.promise import Finding
from ..speed.memoize import memoized
from ..world.engine import Start
from ..world.history_log import HistoryLog
from ..world.live_engine import start_trueup
from ..world.world import World
from .history import History
from .live_play import run_live_until
from .moves import Move
from .settle import settle


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of a history.

    Attributes:
        findings: the promises that were broken; empty if all held.
        lines: the history's log, if one was kept.
        faults: how many requests met a fault.
        crashes: how often the process died.
        requests: how many requests were made.
        is_live: whether the engine ran by itself.
    """

    findings: tuple[Finding, ...]
    lines: tuple[str, ...]
    faults: int
    crashes: int
    requests: int
    is_live: bool = False


def play(
    history: History,
    *,
    start: Start = start_trueup,
    store: Callable[[], Any] = MemoryStore,
    keep_log: bool = False,
    promises: Sequence[Make] = PROMISES,
) -> Verdict:
    """Plays a history until it has settled, and judges it.

    Args:
        history: what happens.
        start: starts the engine that is judged.
        store: makes its database.
        keep_log: whether to keep a log of what happens; it costs time.
        promises: what the judge checks.
    """
    history_log = HistoryLog(is_open=keep_log)
    database = store()
    try:
        with memoized():
            world = World(history.scene, start, database, history_log, promises)
            _run_moves(world, history.moves)
            settle(world)
    finally:
        database.close()
    return Verdict(
        findings=tuple(world.judge.findings),
        lines=tuple(history_log.lines),
        faults=world.network.faults,
        crashes=world.crashes.crashes,
        requests=len(world.simulator.request_log),
        is_live=world.is_live,
    )


def _run_moves(world: World, moves: Sequence[Move]) -> None:
    """Lets every move happen at its time.

    Moves that run the engine wait for each other; all others happen in the middle of whatever the
    engine is doing. A live engine runs by itself until the last move is over.
    """
    for move in moves:
        if not move.runs_engine:
            world.clock.call_at(world.began_ms + move.at_ms, _applying(world, move))
    if world.is_live:
        run_live_until(world, world.began_ms + max((move.at_ms for move in moves), default=0) + 1)
        return
    for move in moves:
        _wait_until(world, world.began_ms + move.at_ms)
        if move.runs_engine:
            move.do(world)


def _wait_until(world: World, at_ms: int) -> None:
    world.clock.advance(max(at_ms - world.now_ms(), 0))


def _applying(world: World, move: Move) -> Callable[[], None]:
    def happen() -> None:
        with world.external_changes():
            try:
                move.do(world)
            except ApiError:
                listed = world.simulator.symbols
                if all(spec.symbol in listed for spec, _ in world.scene.instruments):
                    raise
                world.log(f"   {move.description}: not while the contract is delisted")

    return happen
