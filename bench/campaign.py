"""The campaign of random histories: how many one processor plays in a second."""

from decimal import Decimal
from statistics import median

from chaos.histories.campaign import play_seeds

from .apart import apart
from .measurement import Figure, Kind, Measurement, Scale, Tick
from .target import at_least

HOW = "random histories with their judge, a second of processor time; a process of its own"
_SEEDS = {"full": 400, "quick": 3}


class _Player:
    """Plays histories; its method is called over a pipe."""

    def play(self, first: int, count: int) -> float:
        """Plays so many seeds; returns how many a second of processor time."""
        return count / play_seeds(first, first + count - 1).cpu_s


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    count, rates = _SEEDS[scale.name], []
    for number in range(max(1, scale.live // 2)):
        with apart(_Player) as player:
            rates.append(player.ask("play", 1 + number * count, count))
        tick()
    rate = Decimal(str(round(median(rates), 3)))
    kind = Kind("histories of the campaign", "/s")
    return (Figure(kind, HOW, rate, target=at_least("100", "/s")),)


CAMPAIGN = Measurement("campaign", "How fast random histories are played", _measure)
