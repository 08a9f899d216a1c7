"""Drawing changes of contract rules: the exchange makes one stricter in the middle of a history."""

from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom
from .. import moves
from ..moves import Move

_IN_A_HUNDRED = 15
_FACTORS = {
    "tick": (2, 5, 10, 100),
    "step": (2, 5, 10),
    "max_quantity": (5, 10, 20, 40),
    "min_notional": (3, 8, 20),
}
_BANDS = (5, 10, 15, 30)


def add_rule_changes(
    random: SeededRandom, scene: Scene, drawn: tuple[Move, ...]
) -> tuple[Move, ...]:
    """The moves, in some histories with a change of a rule among them; its contract is drawn."""
    if not random.happens(_IN_A_HUNDRED):
        return drawn
    last_ms = max(move.at_ms for move in drawn)
    rule = random.choice(tuple(_FACTORS))
    at_ms = random.between(100, max(last_ms, 100))
    instrument = random.between(0, len(scene.instruments) - 1)
    factor = random.choice(_FACTORS[rule])
    if random.happens(20):
        rule, factor = "band", random.choice(_BANDS)
    change = moves.ChangeRules(at_ms, instrument, rule, factor, checks_price=random.happens(50))
    return tuple(sorted((*drawn, change), key=lambda move: move.at_ms))
