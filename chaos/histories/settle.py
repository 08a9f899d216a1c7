"""Settling a history: all faults end, and the engine runs until it writes nothing any more."""

from trueup.domain.model.record import RunOutcome, StateName

from ..ledger.stop_requests import SETS
from ..world.world import World
from .live_play import BAN_MS, SWEPT_MS, check_fills_are_followed, run_live_until, wait_out_bans

_PASSES = 12
_BETWEEN_MS = 40_000
_REFUSED_PRICES = (
    "set for ",
    "expect Rising",
    "expect Falling",
    "activePrice err",
    "exceeds the allowable range",
)
"""How the exchange says that the market is past a trigger, or not yet there (ccxt/ccxt#21031), that
an activation price is not on its tick, or that a stop's limit is in its band of prices no more."""
SETTLED = "P7 level-triggered"


def settle(world: World) -> None:
    """Ends all faults, lets time pass, and runs every monitor until no write is left to do.

    A pass without a write is the last one; where a run of it did not succeed, the second such pass.
    """
    world.log("🌅 all faults end")
    world.simulator.clear_faults()
    world.triggered_faults.clear()
    world.crashes.disarm()
    world.simulator.wall_skew_ms = 0
    for sink in world.sinks:
        sink.refuses = sink.each_ms = 0
    world.end_what_lasts()
    for spec, _ in world.scene.instruments:
        if spec.symbol not in world.delivered:
            world.simulator.set_instrument_status(spec.symbol, "Trading")
    # After a 403 a client stays away from the exchange for ten minutes (docs/v5/rate-limit).
    if world.is_live:
        wait_out_bans(world)
    else:
        world.clock.advance(BAN_MS)
    settled = is_quiet = False
    for _ in range(_PASSES):
        if not world.is_live:
            world.clock.advance(_BETWEEN_MS)
        whole, asked = _all_idle(world), len(world.simulator.request_log)
        writes = _writes_while_live(world) if world.is_live else _writes_in_pass(world)
        # A run that failed without a write left what to do to the next one.
        if not writes and whole and (is_quiet or _all_came_out(world)):
            break
        is_quiet = not writes and whole
        if settled and writes:
            world.judge.find(SETTLED, "", "a second pass on an unchanged exchange wrote")
        # Accounts share the rules that one has read: the others may follow in the next pass.
        settled = _all_came_out(world) and not _read_rules(world, asked)
    else:
        world.judge.find(SETTLED, "", f"still not settled after {_PASSES} passes")
    if world.is_live:
        check_fills_are_followed(world)
    world.judge.at_rest()
    world.log_findings()


def _writes_while_live(world: World) -> int:
    """How many writes a live engine makes until every account has been swept once more."""
    before = len(world.simulator.request_log)
    run_live_until(world, world.now_ms() + SWEPT_MS)
    return _writes_since(world, before)


def _writes_in_pass(world: World) -> int:
    before = len(world.simulator.request_log)
    for watched in (*world.scene.monitors, *world.scene.twins):
        world.reconcile(watched.key)
    world.deliver()
    return _writes_since(world, before)


def _writes_since(world: World, request: int) -> int:
    """How many writes were made since that request.

    A stop whose price the exchange refuses is asked for again with every try: that is none.
    """
    return sum(
        asked.is_write and not (asked.path in SETS and _is_of_its_price(answered.answer.text))
        for asked, answered in world.simulator.request_log[request:]
    )


def _is_of_its_price(refusal: str) -> bool:
    """Whether a stop is refused for a price that the user gave, which no pass can change."""
    return any(words in refusal for words in _REFUSED_PRICES)


def _read_rules(world: World, since: int) -> bool:
    """Whether the engine has read a contract's rules since that request."""
    return any(
        request.path.endswith("/instruments-info")
        for request, _ in world.simulator.request_log[since:]
    )


def _all_idle(world: World) -> bool:
    """Whether every monitor begins a new run in the next pass: a resumed run need not read."""
    return all(b.record.state is StateName.IDLE for b in world.judge.ledger.books.values())


def _all_came_out(world: World) -> bool:
    """Whether every monitor's last run succeeded, and left nothing to a next one."""
    good = (RunOutcome.IN_SYNC, RunOutcome.SUCCESS)
    records = [book.record for book in world.judge.ledger.books.values()]
    return all(r.last_outcome in good and r.next_try_at is None for r in records)
