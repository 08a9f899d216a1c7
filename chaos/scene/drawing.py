"""Drawing a random scene."""

from decimal import Decimal

from trueup.domain.model.identity import MonitorKey, PositionMode, Role, Side
from trueup.domain.model.ladder import Ladder
from trueup.domain.venue.account import Account
from trueup.simulator import Behaviour, InFlight, InstrumentSpec, NoChange, PriceBand, ReduceOnlySum

from .scene import Scene, WatchedMonitor
from .seeded_random import SeededRandom

_STEPS = tuple(Decimal(text) for text in ("0.001", "0.01", "0.1", "1", "10", "1000"))
_TICKS = tuple(Decimal(text) for text in ("0.0001", "0.01", "0.5"))
_SHARES = ((100,), (85, 5, 5, 5), (50, 30, 20), (25, 25, 25, 25), (60, 40), (33, 33, 34))
_SYMBOLS = ("BANDUSDT", "ENAUSDT", "ZRXUSDT")


def draw_scene(random: SeededRandom) -> Scene:
    """A small random world: 1-3 accounts, 1-2 contracts, some monitors of each account."""
    accounts = _draw_accounts(random)
    instruments = tuple(
        _draw_instrument(random, name)
        for name in random.sample(_SYMBOLS, random.weighted(((3, 1), (1, 2))))
    )
    monitors = tuple(
        watched for account in accounts for watched in _draw_monitors(random, account, instruments)
    )
    return Scene(
        accounts=accounts,
        instruments=instruments,
        monitors=monitors,
        behaviour=_draw_behaviour(random),
        latency_ms=random.choice((1, 5, 20, 40)),
        order_page=random.weighted(((3, 50), (1, 3))),
        batch_size=random.weighted(((3, 10), (1, 2))),
        conditional_orders=random.happens(30),
    )


def draw_ladder(random: SeededRandom, side: Side, spec: InstrumentSpec, base: Decimal) -> Ladder:
    """Levels on the winning side of the base price, each farther away than the one before."""
    sign = 1 if side is Side.BUY else -1
    ticks = 0
    prices: list[Decimal] = []
    shares = random.choice(_SHARES)
    for _ in shares:
        ticks += random.between(5, 30)
        prices.append(base + sign * ticks * spec.tick)
    return Ladder.of(*zip(prices, shares, strict=True))


def _draw_accounts(random: SeededRandom) -> tuple[Account, ...]:
    count = random.weighted(((15, 1), (4, 2), (1, 3)))
    names = ("main", "mirror", "mirror2")[:count]
    return tuple(
        Account(
            name,
            f"{name}-key",
            f"{name}-secret",
            role=Role.MAIN if name == "main" else Role.MIRROR,
            follows=None if name == "main" else "main",
            position_mode=random.weighted(((3, PositionMode.ONE_WAY), (1, PositionMode.HEDGE))),
        )
        for name in names
    )


def _draw_instrument(random: SeededRandom, symbol: str) -> tuple[InstrumentSpec, Decimal]:
    step, tick = random.choice(_STEPS), random.choice(_TICKS)
    price = tick * random.between(500, 5000)
    spec = InstrumentSpec(
        symbol=symbol,
        tick=tick,
        step=step,
        min_quantity=step * random.weighted(((4, 1), (1, 3))),
        max_quantity=step * random.weighted(((4, 100_000), (1, 40))),
        min_notional=price * step * random.weighted(((3, 0), (2, 1), (2, 4))),
    )
    return spec, price


def _draw_monitors(
    random: SeededRandom, account: Account, instruments: tuple[tuple[InstrumentSpec, Decimal], ...]
) -> tuple[WatchedMonitor, ...]:
    hedge = account.position_mode is PositionMode.HEDGE
    free = [
        (spec, price, side)
        for spec, price in instruments
        for side in (tuple(Side) if hedge else (random.choice(tuple(Side)),))
    ]
    return tuple(
        _draw_watched(random, account, spec, price, side)
        for spec, price, side in random.sample(free, random.weighted(((7, 1), (2, 2), (1, 4))))
    )


def _draw_watched(
    random: SeededRandom, account: Account, spec: InstrumentSpec, price: Decimal, side: Side
) -> WatchedMonitor:
    ladder = draw_ladder(random, side, spec, price)
    size = spec.step * random.between(4, 100)
    key = MonitorKey(account.name, spec.symbol, side)
    if random.happens(15):
        parts = tuple(
            spec.step * max(int(size * level.share / 100 / spec.step), 1) for level in ladder.levels
        )
        return WatchedMonitor(
            key, ladder if random.happens(50) else None, size, ladder.levels, parts
        )
    if account.follows and random.happens(20):
        return WatchedMonitor(key, None, size, ladder.levels)
    return WatchedMonitor(key, ladder, size, ladder.levels)


def _draw_behaviour(random: SeededRandom) -> Behaviour:
    lag = random.weighted(((5, 0), (1, 300), (1, 1500)))
    return Behaviour(
        effect_delay_ms=random.weighted(((6, 0), (1, 30), (1, 400))),
        visible_delay_ms=lag,
        history_delay_ms=lag * random.between(0, 2),
        reduce_only_sum=random.weighted(
            (
                (5, ReduceOnlySum.ALLOW),
                (1, ReduceOnlySum.REJECT),
                (1, ReduceOnlySum.TRUNCATE_NEWEST),
                (1, ReduceOnlySum.CANCEL_FARTHEST_ON_SHRINK),
            )
        ),
        price_band=random.choice((PriceBand.CLIP, PriceBand.OFF)),
        no_change=random.choice(tuple(NoChange)),
        in_flight=random.choice(tuple(InFlight)),
        rate_limits=random.happens(25),
        cursor_on_last_page=random.happens(15),
    )
