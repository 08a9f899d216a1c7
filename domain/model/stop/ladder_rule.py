"""Ladders by rule: levels in percent from the entry, or in R, instead of prices."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Self, TypeVar

from ..errors import LadderError, StopError
from ..instrument import given_number, plain
from ..ladder import MAX_LEVELS, Ladder, check_shares, runner_of
from .given import Number
from .stop import Stop

BY_RULE = "rule"
"""The source of a ladder whose prices a rule came to."""

_Word = TypeVar("_Word", bound=StrEnum)


class LevelUnit(StrEnum):
    """What the levels of a ladder by rule are counted in.

    ``percent``: percent of the entry. ``r``: R, the distance from the average entry to the first
    stop.
    """

    PERCENT = "percent"
    R = "r"


class LadderBasis(StrEnum):
    """Which entry the levels are reckoned from.

    ``first_fill``: that of the position's first fill; the prices stay from then on. ``average``:
    the average entry; levels that have not filled follow it.
    """

    FIRST_FILL = "first_fill"
    AVERAGE = "average"


@dataclass(frozen=True, slots=True)
class LevelRule:
    """One take-profit by rule.

    Attributes:
        number: 1 is the level nearest to the entry.
        gain: how far from the entry, in the unit of the ladder.
        share: percentage of the position.
    """

    number: int
    gain: Decimal
    share: Decimal


@dataclass(frozen=True, slots=True)
class RuleLadder:
    """The levels of a ladder by rule, nearest first; with the runner's, their shares sum to 100 %.

    Build it with :meth:`of`, which checks it.
    """

    levels: tuple[LevelRule, ...]
    unit: LevelUnit = LevelUnit.PERCENT
    basis: LadderBasis = LadderBasis.FIRST_FILL

    @property
    def runner(self) -> Decimal:
        """The percentage that no level closes, but the trailing stop; 0 for none."""
        return runner_of(level.share for level in self.levels)

    @classmethod
    def of(
        cls,
        *levels: tuple[Number, Number],
        runner: Number = 0,
        unit: LevelUnit | str = LevelUnit.PERCENT,
        basis: LadderBasis | str = LadderBasis.FIRST_FILL,
    ) -> Self:
        """The ladder of these (gain, share) pairs, nearest level first.

        Gains and shares are decimals, strings or ints, all of which are exact; floats are not.

        Raises:
            LadderError: there is no level, or there are too many; a gain or share is not a positive
                number; the gains do not rise; or the shares, the runner's among them, do not sum
                to 100.
        """
        if not 1 <= len(levels) <= MAX_LEVELS:
            raise LadderError(f"a ladder has 1 to {MAX_LEVELS} levels, not {len(levels)}")
        kind = _word("a ladder's unit", LevelUnit, unit)
        rules = tuple(
            LevelRule(
                number,
                given_number(f"TP{number}'s {kind.value}", gain, LadderError),
                given_number(f"TP{number}'s share", share, LadderError),
            )
            for number, (gain, share) in enumerate(levels, start=1)
        )
        for near, far in pairwise(rules):
            if far.gain <= near.gain:
                raise LadderError(
                    f"TP{far.number} must be farther from the entry than TP{near.number}: "
                    f"{plain(far.gain)} is not above {plain(near.gain)}"
                )
        check_shares((rule.share for rule in rules), runner)
        return cls(rules, kind, _word("a ladder's basis", LadderBasis, basis))

    def check_stop(self, stop: Stop | None, *, copies: bool) -> None:
        """Checks the ladder and the stop beside it against each other.

        Args:
            stop: the stop that is wanted beside it; None if there is none.
            copies: whether the monitor follows a main, whose stop it has if it has none.

        Raises:
            StopError: the ladder is in R, and no stop defines it; it has a runner, and the stop
                does not trail; or a rule of the stop waits for a level that the ladder has not.
        """
        starts = stop is not None and (stop.price is not None or stop.percent is not None)
        if self.unit is LevelUnit.R and not starts and not (copies and stop is None):
            raise StopError(
                "a ladder in r needs a stop with a price or a percent: r is the distance to it"
            )
        check_runner(self.runner, stop, copies=copies)
        if stop is not None:
            stop.check_levels(len(self.levels))


AnyLadder = Ladder | RuleLadder
"""What a user gives as a ladder: in prices, or by rule."""


def check_runner(runner: Decimal, stop: Stop | None, *, copies: bool) -> None:
    """Checks that the stop beside a ladder with a runner trails: nothing else closes the runner.

    Args:
        runner: the runner's percentage; 0 for none.
        stop: the stop that is wanted beside it; None if there is none.
        copies: whether the monitor follows a main, whose stop it has if it has none.

    Raises:
        StopError: there is a runner, and the stop does not trail.
    """
    trails = stop is not None and stop.trailing is not None
    if runner and not trails and not (copies and stop is None):
        raise StopError(
            f"the ladder leaves {plain(runner)} % to a runner, which has no TP order, and no "
            f"trailing stop is wanted: give a stop with trailing, such as "
            f"trailing = {{percent = 1}}, or levels whose shares sum to 100"
        )


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """What is on record of a ladder by rule.

    Attributes:
        wanted: the ladder by rule.
        source: whose it is: ``given``, or the account that a mirror follows.
        cycle: of the position, as the monitor counts them, that the ladder on record was reckoned
            for; 0 if it is none of this rule.
    """

    wanted: RuleLadder
    source: str = "given"
    cycle: int = 0


def _word(name: str, kind: type[_Word], given: str) -> _Word:
    try:
        return kind(given)
    except ValueError:
        raise LadderError(f"{name} is {' or '.join(kind)}, not {given!r}") from None
