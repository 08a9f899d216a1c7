"""What a run was decided by, as it was recorded; for people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from ..model.instrument import Instrument
from ..model.observation import Reading, Unknown
from ..model.record import Source


@dataclass(frozen=True, slots=True)
class OtherSetting:
    """A setting that was not at its default.

    Attributes:
        value: in words, as is the default.
    """

    name: str
    value: str
    default: str


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause of the run.

    Attributes:
        after: which request was the last one before it; empty for none.
        length: how long it lasted.
    """

    after: str
    length: timedelta


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a run was decided by.

    Attributes:
        versions: of trueup; several where one resumed what another had begun.
        source: who had watched the monitor last.
        reading: the last answer about position and orders before the run's first write; None
            where it had none.
        rules: the contract's rules as the run had them then; None where it asked for none, or the
            exchange has no such contract.
        levels: the level part that an order is on record for, by its order link id.
        settings: those that were not at their defaults.
        pauses: in their sequence.
    """

    versions: tuple[str, ...]
    source: Source
    reading: Reading | None = None
    rules: Instrument | Unknown | None = None
    levels: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    settings: tuple[OtherSetting, ...] = ()
    pauses: tuple[Pause, ...] = ()
