"""Ladders of a configuration file: in prices, in percent from the entry, or in R."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from ...domain.model.errors import LadderError
from ...domain.model.instrument import ZERO
from ...domain.model.ladder import Ladder
from ...domain.model.stop import AnyLadder, LadderBasis, LevelUnit, RuleLadder
from .kinds import Exact, Section, as_mistake
from .stops import StopTable


class LevelSection(Section):
    """One level of a ladder: ``{price = "0.72", share = 85}``, or ``percent``, or ``r``.

    The last one may be ``{runner = 20}`` instead.
    """

    price: Exact | None = None
    percent: Exact | None = None
    r: Exact | None = None
    share: Exact | None = None
    runner: Exact | None = None

    @property
    def given(self) -> dict[str, Decimal]:
        """How far it is, by the option that says so."""
        options = {"price": self.price, "percent": self.percent, "r": self.r}
        return {name: value for name, value in options.items() if value is not None}


def _no_name(levels: object) -> object:
    """A name that is left names nothing: templates are put in beforehand."""
    if isinstance(levels, str):
        raise ValueError(f"there is no [ladders.{levels}]")  # noqa: TRY004 - as pydantic asks
    return levels


def _checked(levels: tuple[LevelSection, ...]) -> tuple[LevelSection, ...]:
    with as_mistake():
        given_ladder(levels, None)
    return levels


Levels = Annotated[tuple[LevelSection, ...], AfterValidator(_checked)]
LevelsOrName = Annotated[Levels, BeforeValidator(_no_name)]


class LadderSection(Section):
    """``[ladders.NAME]``: a ladder, with or without a stop, that monitors use by its name."""

    levels: Levels
    basis: LadderBasis | None = None
    stop: StopTable | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        with as_mistake():
            given_ladder(self.levels, self.basis)
        return self


def given_ladder(
    levels: tuple[LevelSection, ...] | None, basis: LadderBasis | None
) -> AnyLadder | None:
    """The ladder of these levels, in prices or by rule; None where there are none.

    Raises:
        LadderError: a level says not how far it is, or twice, or has no share; a runner is no share
            alone, or not the last one; the levels are of several kinds; the ladder contradicts
            itself; or a basis is given of a ladder in prices.
    """
    levels, runner = _without_runner(levels)
    kinds = _kinds(levels or ())
    if basis is not None and not kinds & set(LevelUnit):
        raise LadderError("a basis belongs to a ladder whose levels are in percent or r")
    if levels is None:
        return None
    pairs = [
        (next(iter(level.given.values())), _share(number, level))
        for number, level in enumerate(levels, start=1)
    ]
    if not kinds & set(LevelUnit):
        return Ladder.of(*pairs, runner=runner)
    basis = basis or LadderBasis.FIRST_FILL
    return RuleLadder.of(*pairs, runner=runner, unit=kinds.pop(), basis=basis)


def _without_runner(
    levels: tuple[LevelSection, ...] | None,
) -> tuple[tuple[LevelSection, ...] | None, Decimal]:
    """The levels that have orders, and the runner's share; 0 where the last level is none."""
    last = levels[-1] if levels else None
    if levels is None or last is None or last.runner is None:
        return levels, ZERO
    if last.given or last.share is not None:
        raise LadderError("a runner has no price and no other share: {runner = 20} is all of it")
    if not last.runner:
        raise LadderError("the runner's share must be above 0; leave it out for none")
    return levels[:-1], last.runner


def _share(number: int, level: LevelSection) -> Decimal:
    if level.share is None:
        raise LadderError(f"TP{number} has no share")
    return level.share


def _kinds(levels: tuple[LevelSection, ...]) -> set[str]:
    """The option that says how far each level is: of all levels the same, if there are any."""
    for number, level in enumerate(levels, start=1):
        if level.runner is not None:
            raise LadderError("only the last level of a ladder may be a runner")
        if len(level.given) != 1:
            found = " and ".join(level.given) or "none"
            raise LadderError(f"TP{number} needs one of price, percent and r, and has {found}")
    kinds = {kind for level in levels for kind in level.given}
    if len(kinds) > 1:
        mixed = " and ".join(sorted(kinds))
        raise LadderError(f"all levels of a ladder are of one kind, these are in {mixed}")
    return kinds
