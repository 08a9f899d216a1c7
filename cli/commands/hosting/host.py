"""The configuration in hand, for commands: what it gives, and how to read what is written so."""

from collections.abc import Collection
from dataclasses import dataclass

from pydantic import BaseModel, TypeAdapter, ValidationError

from ....domain.model.errors import ConfigurationError
from ....domain.model.identity import MonitorKey
from ....domain.model.stop import NO_STOP, AnyLadder, NoStop, Stop
from ...configuration.checking.mistakes import of_pydantic
from ...configuration.ladders import LadderSection, given_ladder
from ...configuration.loading import Loaded
from ...configuration.stops import NONE_SECTION, StopOrNone
from .reloads import Reloads


class _Stop(BaseModel):
    stop: StopOrNone


@dataclass(frozen=True, slots=True)
class Host:
    """The host of the service that runs with this configuration; see :class:`.service.host.Host`.

    Attributes:
        loaded: the configuration.
        reloads: has it read again.
    """

    loaded: Loaded
    reloads: Reloads

    @property
    def accounts(self) -> Collection[str]:
        """The names of the configured accounts."""
        return self.loaded.options.accounts.keys()

    def is_configured(self, key: MonitorKey) -> bool:
        """Whether the file names the monitor."""
        return any(one.key == key for one in self.loaded.options.monitors)

    def gives_ladder(self, key: MonitorKey) -> bool:
        """Whether the file says the monitor's ladder."""
        monitors = self.loaded.options.monitors
        return any(one.key == key and one.given_ladder is not None for one in monitors)

    def gives_stop(self, key: MonitorKey) -> bool:
        """Whether the file says the monitor's stop."""
        monitors = self.loaded.options.monitors
        return any(one.key == key and one.wanted_stop is not None for one in monitors)

    def ladder(self, given: object) -> AnyLadder:
        """The ladder of a document."""
        try:
            section = TypeAdapter(LadderSection).validate_python(given)
        except ValidationError as error:
            raise _refused("ladder", error) from None
        ladder = given_ladder(section.levels, section.basis)
        if ladder is None or section.stop is not None:
            raise ConfigurationError("a ladder has levels, and its stop is set by itself")
        return ladder

    def stop(self, given: object) -> Stop | NoStop:
        """The stop of a document; of ``false`` none."""
        try:
            section = _Stop.model_validate({"stop": given}).stop
        except ValidationError as error:
            raise _refused("", error) from None
        return NO_STOP if section is NONE_SECTION else section.wanted

    def reload(self) -> None:
        """Has the configuration read again, and waits for what becomes of it."""
        self.reloads.ask()


def _refused(what: str, error: ValidationError) -> ConfigurationError:
    """What is wrong with a document, in the words of the configuration."""
    mistakes = map(of_pydantic, error.errors())
    said = (
        ": ".join(filter(None, (".".join(map(str, filter(None, (what, *one.steps)))), one.what)))
        for one in mistakes
    )
    return ConfigurationError("; ".join(said))
