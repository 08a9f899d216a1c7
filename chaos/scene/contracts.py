"""Contracts of other kinds: in some scenes one contract becomes a dated future, or settles in USDC.

They are drawn with random numbers of their own, and nothing else of the scene changes.
"""

from dataclasses import replace

from .scene import Scene
from .seeded_random import SeededRandom

_PERCENT = 4
_MINUTE_MS = 60_000
_DAY_MS = 24 * 60 * _MINUTE_MS
_USDT, _USDC = "USDT", "USDC"
_KINDS = (
    ("USDT-28FEB25", _USDT, True),
    ("USDT-28FEB25", _USDT, True),
    ("-28FEB25", _USDC, True),
    ("PERP", _USDC, False),
)
_LEFT_MS = (_DAY_MS // 2, _DAY_MS + 4000, 5 * _DAY_MS, 7 * _DAY_MS + 4000, 30 * _DAY_MS)
"""How long until the delivery: some alerts are due at once, some come due on the way."""


def with_other_contract(seed: int, scene: Scene, began_ms: int) -> Scene:
    """The scene of a seed; in some, one contract and all that names it is of another kind.

    Args:
        seed: of the history.
        scene: as drawn before.
        began_ms: when the history begins, epoch milliseconds.
    """
    random = SeededRandom(f"{seed}-contract")
    if not random.happens(_PERCENT):
        return scene
    place = random.between(0, len(scene.instruments) - 1)
    ending, coin, ends = random.choice(_KINDS)
    left_ms = random.choice(_LEFT_MS)
    spec, price = scene.instruments[place]
    other = replace(
        spec,
        symbol=spec.symbol.removesuffix(_USDT) + ending,
        settle_coin=coin,
        delivery_ms=began_ms + left_ms if ends else 0,
    )
    instruments = list(scene.instruments)
    instruments[place] = (other, price)
    monitors = tuple(
        replace(watched, key=replace(watched.key, symbol=other.symbol))
        if watched.key.symbol == spec.symbol
        else watched
        for watched in scene.monitors
    )
    return replace(scene, instruments=tuple(instruments), monitors=monitors)
