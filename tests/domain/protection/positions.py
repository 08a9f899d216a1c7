"""Positions with their stops on record."""

from dataclasses import replace
from decimal import Decimal

from trueup import Ladder, Side
from trueup.domain.model.instrument import Instrument, plain
from trueup.domain.model.stop import Stop
from trueup.domain.protection.facts import StopFacts
from trueup.domain.protection.rules import wanted_stop
from trueup.domain.protection.wanted import WantedStop

D = Decimal
RULES = Instrument("BANDUSDT", D("0.01"), D(1), D(1), D(1000))
UP = Ladder.of((102, 25), (104, 25), (106, 25), (108, 25))
DOWN = Ladder.of((98, 25), (96, 25), (94, 25), (92, 25))
BUY = StopFacts(Side.BUY, D(100), D(40), RULES, UP)
SELL = StopFacts(Side.SELL, D(100), D(40), RULES, DOWN)


def filled(facts: StopFacts, *levels: int) -> StopFacts:
    """The facts once these levels have filled, too."""
    return replace(facts, done=facts.done | set(levels))


def on_record(facts: StopFacts, wanted: WantedStop) -> StopFacts:
    """The facts once the stop that was wanted is on record."""
    return replace(
        facts,
        first=wanted.first,
        tightest=wanted.trigger,
        tightened=wanted.tightened,
        trail=wanted.trailing.distance if wanted.trailing else facts.trail,
    )


def kept(stop: Stop, facts: StopFacts) -> StopFacts:
    """The facts once the stop that is wanted of them is on record."""
    return on_record(facts, wanted_stop(stop, facts))


def where(stop: Stop, facts: StopFacts) -> str:
    """The stop that is wanted and its rule, as a person reads it."""
    wanted = wanted_stop(stop, facts)
    return f"{wanted.trigger and plain(wanted.trigger)}: {wanted.rule}"
