"""Stops of a configuration file."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from ...domain.model.stop import (
    Breakeven,
    CancelEntries,
    OnCrossed,
    Stop,
    StopForm,
    Trailing,
    TriggerBy,
)
from .kinds import Exact, LevelNumber, Section, as_mistake, duration

_SECONDS_OF_AN_HOUR = 3600
_A_YEAR = 24 * 366
_HELD_BACK = ("timeout", "time_out", "delay", "candle", "timeframe")
_DEFAULTS = Stop()


def _number_or_fees(
    offset: object, checked: ValidatorFunctionWrapHandler
) -> Decimal | Literal["fees"]:
    try:
        found: Decimal | Literal["fees"] = checked(offset)
    except ValidationError:
        raise ValueError('it must be a number, in per cent, or "fees"') from None
    return found


Offset = Annotated[Exact | Literal["fees"], WrapValidator(_number_or_fees)]


class BreakevenSection(Section):
    """When a stop goes to the entry; see :class:`Breakeven`."""

    after_level: LevelNumber | None = None
    after_percent: Exact | None = None
    offset: Offset | None = None

    @property
    def wanted(self) -> Breakeven:
        """The breakeven, in the form that the engine expects."""
        return Breakeven.of(
            after_level=self.after_level, after_percent=self.after_percent, offset=self.offset
        )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        with as_mistake():
            _ = self.wanted
        return self


class TrailingSection(Section):
    """The exchange's own trailing stop; see :class:`Trailing`."""

    distance: Exact | None = None
    percent: Exact | None = None
    activation: Exact | None = None
    after_level: LevelNumber | None = None

    @property
    def wanted(self) -> Trailing:
        """The trailing stop, in the form that the engine expects."""
        return Trailing.of(
            distance=self.distance,
            percent=self.percent,
            activation=self.activation,
            after_level=self.after_level,
        )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        with as_mistake():
            _ = self.wanted
        return self


class StopSection(Section):
    """``[stops.NAME]``, or the table of a monitor: where the stop is; see :class:`Stop`."""

    price: Exact | None = None
    percent: Exact | None = None
    breakeven: BreakevenSection | None = None
    moving_target: Annotated[int, Field(strict=True)] | None = None
    behind_target: Exact | None = None
    trailing: TrailingSection | None = None
    form: StopForm = _DEFAULTS.form
    limit_percent: Exact | None = None
    trigger_by: TriggerBy = _DEFAULTS.trigger_by
    on_crossed: OnCrossed = _DEFAULTS.on_crossed
    follow_average: Annotated[bool, Field(strict=True)] = _DEFAULTS.follow_average
    close_after_hours: Annotated[Exact, Field(gt=0, le=_A_YEAR)] | None = None
    cancel_entries: str | tuple[str, ...] | None = None
    cancel_entries_on: LevelNumber | None = None

    @property
    def wanted(self) -> Stop:
        """The stop, in the form that the engine expects."""
        hours = self.close_after_hours
        return Stop.of(
            price=self.price,
            percent=self.percent,
            breakeven=None if self.breakeven is None else self.breakeven.wanted,
            moving_target=self.moving_target,
            behind_target=self.behind_target,
            trailing=None if self.trailing is None else self.trailing.wanted,
            form=self.form,
            trigger_by=self.trigger_by,
            on_crossed=self.on_crossed,
            follow_average=self.follow_average,
            close_after=None if hours is None else duration(hours * _SECONDS_OF_AN_HOUR),
            cancel_entries=self._cancelled_entries,
            limit_percent=self.limit_percent,
        )

    @property
    def _cancelled_entries(self) -> CancelEntries | None:
        if self.cancel_entries is None:
            return None
        return CancelEntries.of(self.cancel_entries, self.cancel_entries_on or 1)

    @model_validator(mode="before")
    @classmethod
    def _is_at_the_exchange(cls, given: Any) -> Any:  # noqa: ANN401 - whatever the file says
        """Refuses what would hold the stop back, with the reason."""
        if not isinstance(given, Mapping):
            return given
        held_back = [key for key in given if any(word in str(key) for word in _HELD_BACK)]
        if given.get("trigger_by") in ("close", "candle", "candle_close"):
            held_back.append("trigger_by")
        if held_back:
            raise ValueError(
                f"{held_back[0]}: stop time-outs and candle-close stops are refused, as the stop "
                f"would not be on the exchange"
            )
        return given

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.cancel_entries_on is not None and self.cancel_entries is None:
            raise ValueError(
                "cancel_entries_on needs cancel_entries: the pattern of their link ids, such as "
                "BOT_*_LIMIT*"
            )
        with as_mistake():
            _ = self.wanted
        return self


def _no_name(stop: object) -> object:
    """A name that is left names nothing: templates are put in beforehand."""
    if isinstance(stop, str):
        raise ValueError(f"there is no [stops.{stop}]")  # noqa: TRY004 - as pydantic asks
    return stop


StopTable = Annotated[StopSection, BeforeValidator(_no_name)]

NONE_SECTION = StopSection.model_construct()
"""What ``stop = false`` is: no stop."""


def _or_none(stop: object, checked: ValidatorFunctionWrapHandler) -> StopSection:
    found: StopSection = NONE_SECTION if stop is False else checked(stop)
    return found


StopOrNone = Annotated[StopSection, BeforeValidator(_no_name), WrapValidator(_or_none)]
