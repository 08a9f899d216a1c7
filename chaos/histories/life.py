"""Histories in which the engine runs by itself: time passes, and it does what falls due."""

from datetime import timedelta

from trueup.domain.model.record import RunOutcome
from trueup.simulator import FaultKind

from ..promises.rest import WholeCover
from ..world.world import World

BAN_MS = 600_000
FOLLOWED = "live: a fill waited for the sweep"
_SPINS = "live: the loop spins"
_MOST_TURNS = 500
_FOLLOWED_MS = 2_000
_AFTER_TRY_MS = 20_000
_BANNED = 403
_MS = timedelta(milliseconds=1)
_GOOD = (RunOutcome.IN_SYNC, RunOutcome.SUCCESS)


def live_until(world: World, at_ms: int) -> None:
    """Lets the engine do what falls due until then, at once, whatever else happens meanwhile.

    A job that is under way then ends as it would.
    """
    turns, stood_ms = 0, -1
    while True:
        now = world.now_ms()
        if now != stood_ms:
            turns, stood_ms = 0, now
        if now >= at_ms:
            return
        if world.turn():
            turns += 1
            if turns > _MOST_TURNS:
                world.judge.find(_SPINS, "", f"{turns} jobs in no time")
                world.clock.advance(1000)
            continue
        world.clock.advance(max(min(at_ms, *_next_ms(world)) - now, 0))


def live_through_bans(world: World) -> None:
    """Lets time pass until every ban is over, and whatever failed has been tried once more."""
    told = (told.fault for _, told in world.simulator.request_log if told.fault is not None)
    if any(fault.status == _BANNED and fault.kind is FaultKind.SERVER_ERROR for fault in told):
        live_until(world, world.now_ms() + BAN_MS)
    tries = [book.record.next_try_at for book in world.judge.ledger.books.values()]
    last = max((at for at in tries if at is not None), default=world.clock.now())
    live_until(world, world.now_ms() + max((last - world.clock.now()) // _MS, 0) + _AFTER_TRY_MS)


def _next_ms(world: World) -> tuple[int, ...]:
    """When something falls due next: of the engine's own, or of the world's."""
    due = world.clock.next_due_ms()
    found = () if due is None else (max(due, world.now_ms()),)
    at = world.living.next_at()
    if at is None:
        return found or (world.now_ms() + 1000,)
    wait = at - world.clock.now()
    return (*found, world.now_ms() + max(-(-wait // _MS), 1))


def fills_are_followed(world: World) -> None:
    """At rest, with healthy streams, each ladder is whole again shortly after a fill.

    No sweep falls due so soon: what the stream tells is enough. Monitors that could not be
    covered before are left out.
    """
    from .moves import FillEntry, FillTakeProfit  # noqa: PLC0415 - moves move the world

    behaviour = world.scene.behaviour
    patience_ms = _FOLLOWED_MS + 4 * behaviour.effect_delay_ms
    for place, watched in enumerate(world.scene.monitors):
        book = world.judge.ledger.books[watched.key]
        for move in (FillEntry(0, place, 3), FillTakeProfit(0, place, 0, 1)):
            if not book.size or book.record.last_outcome not in _GOOD:
                break
            with world.hand():
                move.do(world)
            live_until(world, world.now_ms() + patience_ms)
            for text in _uncovered(world, place):
                world.judge.find(FOLLOWED, watched.key, f"{move.words}: {text}")


def _uncovered(world: World, place: int) -> list[str]:
    texts: list[str] = []
    cover = WholeCover(world.judge.ledger, lambda _promise, _monitor, text: texts.append(text))
    cover.take_scene(world.scene)
    cover.at_rest(world.judge.ledger.books[world.scene.monitors[place].key], world.now_ms())
    return texts
