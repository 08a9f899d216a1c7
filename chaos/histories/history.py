"""A history: a scene, the moves that happen in it, and how it comes to rest."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from trueup.domain.model.record import RunOutcome, StateName
from trueup.testing import MemoryStore

from ..exchange.dice import Dice
from ..exchange.scene import Scene, draw_scene
from ..promises.promise import Finding
from ..speed.memoize import done_once
from ..world.diary import Diary
from ..world.engine import Start
from ..world.live_engine import start_trueup
from ..world.world import World
from .drawing import draw_moves
from .life import BAN_MS, fills_are_followed, live_through_bans, live_until
from .live_drawing import draw_stream_faults
from .moves import Move

_PASSES = 12
_BETWEEN_MS = 40_000
_SWEPT_MS = 70_000
LIVE_EVERY = 3
SETTLED = "P7 level-triggered"


@dataclass(frozen=True, slots=True)
class History:
    """One seed's history; the moves may be fewer than were drawn."""

    seed: int
    scene: Scene
    moves: tuple[Move, ...]

    def keep(self, places: Collection[int]) -> "History":
        """The history with only the moves at these places."""
        kept = tuple(move for place, move in enumerate(self.moves) if place in places)
        return History(self.seed, self.scene, kept)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a history came to.

    Attributes:
        findings: promises that were broken; empty if all held.
        lines: the diary, if one was kept.
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


def draw_history(seed: int, *, live: bool = True) -> History:
    """The history of a seed; every so-manieth lives, unless none shall.

    What lives is drawn alike, and its streams' faults after all else.
    """
    dice = Dice(seed)
    scene = draw_scene(dice)
    drawn = draw_moves(dice, scene)
    if not live or seed % LIVE_EVERY:
        return History(seed, scene, drawn)
    scene = replace(scene, is_live=True)
    return History(seed, scene, draw_stream_faults(dice, scene, drawn))


def play(
    history: History,
    *,
    start: Start = start_trueup,
    store: Callable[[], Any] = MemoryStore,
    told: bool = False,
) -> Verdict:
    """Plays a history to its rest and judges it.

    Args:
        history: what happens.
        start: starts the engine that is judged.
        store: makes its database.
        told: whether to keep a diary.
    """
    diary = Diary(is_open=told)
    database = store()
    try:
        with done_once():
            world = World(history.scene, start, database, diary)
            _happen(world, history.moves)
            come_to_rest(world)
    finally:
        database.close()
    return Verdict(
        findings=tuple(world.judge.findings),
        lines=tuple(diary.lines),
        faults=world.line.faults,
        crashes=world.crashes.crashes,
        requests=len(world.simulator.request_log),
        is_live=world.lives,
    )


def _happen(world: World, moves: Sequence[Move]) -> None:
    """Runs the engine when its moves say so; all else happens at its time, whatever runs.

    An engine that lives runs by itself: what would run it lets it live until then.
    """
    for move in moves:
        if not move.runs_engine:
            world.clock.call_at(world.began_ms + move.at_ms, _doing(world, move))
    if world.lives:
        live_until(world, world.began_ms + max((move.at_ms for move in moves), default=0) + 1)
        return
    for move in moves:
        _wait_until(world, world.began_ms + move.at_ms)
        if move.runs_engine:
            move.do(world)


def come_to_rest(world: World) -> None:
    """Heals everything, lets time pass and runs every monitor until nothing is written any more."""
    world.say("🌅 all faults end")
    world.simulator.clear_faults()
    world.cues.clear()
    world.crashes.disarm()
    world.simulator.wall_skew_ms = 0
    world.sink.refuses = 0
    # Whoever met a 403 keeps away from the exchange for ten minutes (docs/v5/rate-limit).
    if world.lives:
        live_through_bans(world)
    else:
        world.clock.advance(BAN_MS)
    settled = False
    for _ in range(_PASSES):
        if not world.lives:
            world.clock.advance(_BETWEEN_MS)
        whole = _all_idle(world)
        writes = _writes_in_life(world) if world.lives else _writes_in_pass(world)
        if not writes and whole:
            break
        if settled and writes:
            world.judge.find(SETTLED, "", "a second pass on an unchanged exchange wrote")
        settled = _all_came_out(world)
    else:
        world.judge.find(SETTLED, "", f"{_PASSES} passes did not settle it")
    if world.lives:
        fills_are_followed(world)
    world.judge.at_rest()
    world.tell_findings()


def _writes_in_life(world: World) -> int:
    """What an engine that lives writes until every account was swept once more."""
    before = len(world.simulator.request_log)
    live_until(world, world.now_ms() + _SWEPT_MS)
    return sum(asked.is_write for asked, _ in world.simulator.request_log[before:])


def _writes_in_pass(world: World) -> int:
    before = len(world.simulator.request_log)
    for watched in world.scene.monitors:
        world.reconcile(watched.key)
    world.deliver()
    return sum(asked.is_write for asked, _ in world.simulator.request_log[before:])


def _all_idle(world: World) -> bool:
    """Whether the next pass begins every run anew; one that is resumed need not read."""
    return all(b.record.state is StateName.IDLE for b in world.judge.ledger.books.values())


def _all_came_out(world: World) -> bool:
    good = (RunOutcome.IN_SYNC, RunOutcome.SUCCESS)
    return all(b.record.last_outcome in good for b in world.judge.ledger.books.values())


def _wait_until(world: World, at_ms: int) -> None:
    world.clock.advance(max(at_ms - world.now_ms(), 0))


def _doing(world: World, move: Move) -> Callable[[], None]:
    def happen() -> None:
        with world.hand():
            move.do(world)

    return happen
