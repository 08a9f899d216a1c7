"""Playing live histories: time passes, and the engine does its jobs as they fall due."""

from datetime import timedelta

from trueup.domain.model.record import RunOutcome
from trueup.domain.tracking.stored_time import left_until
from trueup.simulator import FaultKind, PositionItems
from trueup.states.work.settings import RunSettings

from ..judge.final_state import WholeCover
from ..world.world import World

BAN_MS = 600_000
FOLLOWED = "live: a fill waited for the sweep"
_SPINS = "live: the loop spins"
_MOST_TURNS = 500
SWEPT_MS = 70_000
"""Within this time every account of a live engine is swept once."""
_FOLLOWED_MS = 2_000
_AFTER_TRY_MS = 20_000
_CONTEST_WAITS = 3
_CONTEST = RunSettings().contest
_BANNED = 403
_COOL_DOWN_MS = 5000
_MS = timedelta(milliseconds=1)
_GOOD = (RunOutcome.IN_SYNC, RunOutcome.SUCCESS)


def run_live_until(world: World, at_ms: int) -> None:
    """Lets the engine do its jobs at the moment when they are due, up to this time.

    A job that is under way at that time is finished.
    """
    jobs, stood_ms = 0, -1
    while True:
        now = world.now_ms()
        if now != stood_ms:
            jobs, stood_ms = 0, now
        if now >= at_ms and not world.live_engine.begun:
            return
        if world.run_next():
            jobs += 1
            if jobs > _MOST_TURNS:
                world.judge.find(_SPINS, "", f"{jobs} jobs without any time passing")
                world.clock.advance(1000)
            continue
        due = min(_next_ms(world))
        world.clock.advance(max((due if now >= at_ms else min(at_ms, due)) - now, 0))


def wait_out_bans(world: World) -> None:
    """Lets time pass until bans and contests are over, and failed runs were tried once more.

    An account whose key could not be identified is asked about again within ten minutes, too. A
    contest has up to three waits: for its repair, for the try after that, and for its end. While
    it lasts its monitor runs no more often than one that failed. A time that a wrong clock wrote is
    waited for no longer than the engine does (promise P13). Where a write is open on record, the
    try that resolves it may be as far away as the longest back-off: it is waited for, too.
    """
    reply = (reply.fault for _, reply in world.simulator.request_log if reply.fault is not None)
    banned = any(f.status == _BANNED and f.kind is FaultKind.SERVER_ERROR for f in reply)
    if banned or world.scene.asks_key:
        run_live_until(world, world.now_ms() + BAN_MS)
    for _ in range(_CONTEST_WAITS):
        books = world.judge.ledger.books.values()
        records = [book.record for book in books]
        tries = [record.next_try_at for record in records if record.next_try_at is not None]
        last = max(tries, default=world.clock.now())
        left_ms = left_until(last, world.clock.now(), RunSettings().longest_wait) // _MS
        run_live_until(world, world.now_ms() + left_ms + _AFTER_TRY_MS)
        is_open = any(book.open_intents() for book in books)
        if not (is_open or any(map(_CONTEST.is_contested, records))):
            break


def _next_ms(world: World) -> tuple[int, ...]:
    """When the next job of the engine, or the next event of the world, falls due."""
    due = world.clock.next_due_ms()
    found = () if due is None else (max(due, world.now_ms()),)
    at = world.live_engine.next_at()
    if at is None:
        return found or (world.now_ms() + 1000,)
    wait = at - world.clock.moment()
    return (*found, world.now_ms() + max(-(-wait // _MS), 1))


def check_fills_are_followed(world: World) -> None:
    """With healthy streams each ladder is whole again shortly after a fill.

    No sweep falls due so soon, so the stream's events must be enough. Monitors that could not be
    covered before are skipped. Where position events lack their number, a fill costs a read; where
    reads lag as well, the read may predate the fill, and the ladder has until the next sweep. A
    monitor whose orders somebody keeps changing follows after its cool-down.

    Before that everything must be as at rest where levels may have waited for the market: what no
    sweep has noticed would be found by the fill.
    """
    from .moves import FillEntry, FillTakeProfit  # noqa: PLC0415 - moves import this package's world

    if world.scene.beyond_market != "fill":
        world.judge.at_rest()
    behaviour = world.scene.behaviour
    whole = world.simulator.behaviour.position_items is PositionItems.WHOLE
    patience_ms = _FOLLOWED_MS + 4 * behaviour.effect_delay_ms
    if behaviour.visible_delay_ms and not whole:
        patience_ms += SWEPT_MS
    for place, watched in enumerate(world.scene.monitors):
        book = world.judge.ledger.books[watched.key]
        for move in (FillEntry(0, place, 3), FillTakeProfit(0, place, 0, 1)):
            if not book.size or book.record.last_outcome not in _GOOD:
                break
            with world.external_changes():
                move.do(world)
            waits = _CONTEST.is_contested(book.record)
            run_live_until(world, world.now_ms() + patience_ms + (_COOL_DOWN_MS if waits else 0))
            for text in _uncovered(world, place):
                world.judge.find(FOLLOWED, watched.key, f"{move.description}: {text}")
    if behaviour.visible_delay_ms:
        # The fill of an order that no read lists yet is known to a later run.
        run_live_until(world, world.now_ms() + SWEPT_MS)


def _uncovered(world: World, place: int) -> list[str]:
    texts: list[str] = []
    cover = WholeCover(world.judge.ledger, lambda _promise, _monitor, text: texts.append(text))
    cover.set_scene(world.scene)
    cover.at_rest(world.judge.ledger.books[world.scene.monitors[place].key], world.now_ms())
    return texts
