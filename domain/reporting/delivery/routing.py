"""Which alerts a sink gets: by kind, by level, by account."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from ...model.alert import Alert, AlertKind, AlertLevel
from ...model.errors import ConfigurationError
from ...model.events import EventKind

KINDS = frozenset(kind.value for kind in (*AlertKind, *EventKind))
"""Every kind that an alert can be of."""


@dataclass(frozen=True, slots=True)
class Route:
    """What a sink wants; where nothing is named, everything.

    Attributes:
        kinds: an alert is wanted if one of its kinds is among them. One from before trueup recorded
            kinds has none, and is wanted: better one too many.
        levels: how loud it may be.
        accounts: whose alerts. One about trueup itself concerns every account; a digest tells of
            all accounts, so it is for those who may know of all.
    """

    kinds: frozenset[str] = frozenset()
    levels: frozenset[AlertLevel] = frozenset()
    accounts: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        *,
        kinds: Collection[str] = (),
        levels: Collection[str] = (),
        accounts: Collection[str] = (),
    ) -> Self:
        """A route of these words.

        Raises:
            ConfigurationError: there is no such kind or level.
        """
        for kind in sorted({str(kind) for kind in kinds} - KINDS):
            raise ConfigurationError(f"there is no kind of alerts {kind!r}")
        try:
            loud = frozenset(AlertLevel(level) for level in levels)
        except ValueError:
            known = ", ".join(AlertLevel)
            raise ConfigurationError(f"a level of alerts is one of {known}") from None
        return cls(frozenset(str(kind) for kind in kinds), loud, frozenset(accounts))

    def wants(self, alert: Alert) -> bool:
        """Whether the alert is wanted."""
        kinds = alert.facts.kinds
        is_kind = not (self.kinds and kinds) or any(kind in self.kinds for kind in kinds)
        is_level = not self.levels or alert.level in self.levels
        concerns_all = AlertKind.SERVICE in kinds
        is_account = not self.accounts or concerns_all or alert.key.account in self.accounts
        return is_kind and is_level and is_account
