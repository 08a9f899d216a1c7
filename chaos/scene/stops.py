"""Drawing what a user wants of a monitor's stop."""

from dataclasses import replace
from decimal import Decimal

from trueup.domain.model.identity import Side
from trueup.domain.model.stop import Breakeven, Stop, Trailing, TriggerBy

from .scene import Scene, WatchedMonitor
from .seeded_random import SeededRandom

_SOME_PERCENT, _MIRROR_PERCENT = 75, 40
_PERCENTS = ("2", "3.5", "5", "8")
_GAINS = ("0.4", "1", "2.5")
_FIXED_TICKS = (30, 60, 120)
_BY = (TriggerBy.LAST, TriggerBy.LAST, TriggerBy.MARK)


def with_stops(random: SeededRandom, scene: Scene) -> Scene:
    """The scene with a stop for most of its monitors, and for the first one surely.

    A mirror that has none of its own has the rule of the account that it follows.
    """
    follows = {account.name: account.follows for account in scene.accounts}
    monitors = tuple(
        replace(watched, stop=draw_stop(random, scene, watched))
        if not place
        or random.happens(_MIRROR_PERCENT if follows[watched.key.account] else _SOME_PERCENT)
        else watched
        for place, watched in enumerate(scene.monitors)
    )
    return replace(scene, monitors=monitors)


def draw_stop(random: SeededRandom, scene: Scene, watched: WatchedMonitor) -> Stop:
    """A stop by one first rule, and by none to two that tighten it."""
    start = random.weighted(((6, _percent), (2, _price), (1, _trails)))(random, scene, watched)
    rules: dict[str, object] = {}
    draws = (_even_after_level, _even_after_gain, _moving, _moving, _behind, _trails_later)
    for _ in range(random.weighted(((1, 0), (5, 1), (2, 2)))):
        rules |= random.choice((_even_after_level, *draws))(random, scene, watched)
    follows = "percent" in start and random.happens(20)
    settings: dict[str, object] = {**rules, **start, "follow_average": follows}
    return Stop.of(trigger_by=random.choice(_BY), **settings)  # type: ignore[arg-type] # by name


def _percent(random: SeededRandom, _scene: Scene, _watched: WatchedMonitor) -> dict[str, object]:
    return {"percent": random.choice(_PERCENTS)}


def _price(random: SeededRandom, scene: Scene, watched: WatchedMonitor) -> dict[str, object]:
    return {"price": away(scene, watched, -random.choice(_FIXED_TICKS))}


def _trails(random: SeededRandom, scene: Scene, watched: WatchedMonitor) -> dict[str, object]:
    if random.happens(50):
        return {"trailing": Trailing.of(percent=random.choice(_PERCENTS))}
    tick = scene.spec(watched.key.symbol).tick
    return {"trailing": Trailing.of(distance=tick * random.choice(_FIXED_TICKS))}


def _trails_later(random: SeededRandom, scene: Scene, watched: WatchedMonitor) -> dict[str, object]:
    percent = random.choice(_PERCENTS)
    if random.happens(50):
        return {"trailing": Trailing.of(percent=percent, after_level=_level(random, watched))}
    activation = away(scene, watched, random.choice((3, 20, 60)))
    return {"trailing": Trailing.of(percent=percent, activation=activation)}


def _even_after_level(
    random: SeededRandom, _scene: Scene, watched: WatchedMonitor
) -> dict[str, object]:
    offset = random.choice(("0", "0.08", "0.08"))
    return {"breakeven": Breakeven.of(after_level=_level(random, watched), offset=offset)}


def _even_after_gain(
    random: SeededRandom, _scene: Scene, _watched: WatchedMonitor
) -> dict[str, object]:
    return {"breakeven": Breakeven.of(after_percent=random.choice(_GAINS), offset="0.08")}


def _moving(random: SeededRandom, _scene: Scene, watched: WatchedMonitor) -> dict[str, object]:
    return {"moving_target": _level(random, watched)}


def _behind(random: SeededRandom, _scene: Scene, _watched: WatchedMonitor) -> dict[str, object]:
    return {"behind_target": random.choice(("0.3", "1", "3"))}


def _level(random: SeededRandom, watched: WatchedMonitor) -> int:
    """TP1 or TP2, as far as the ladder has it."""
    return min(random.weighted(((3, 1), (1, 2))), len(watched.levels))


def away(scene: Scene, watched: WatchedMonitor, ticks: int) -> Decimal:
    """So many ticks from the base price; above 0 is in profit."""
    key = watched.key
    gain = scene.spec(key.symbol).tick * ticks
    base = scene.base_price(key.symbol)
    return base + gain if key.side is Side.BUY else base - gain
