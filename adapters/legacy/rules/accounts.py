"""Which trueup account each of the original bot's account names means."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ....domain.model.identity import Role
from .findings import role_of
from .state import MAIN, LegacyState


@dataclass(frozen=True, slots=True)
class Owner:
    """An account as a monitor's record names it."""

    name: str
    role: Role
    follows: str | None = None


@dataclass(frozen=True, slots=True)
class LegacyAccounts:
    """Which account each of the bot's account names means.

    Attributes:
        names: trueup's name by the bot's; a name left out stays the same.
        configured: the configured accounts, by name; None without a configuration.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    configured: Mapping[str, Owner] | None = None

    def owner(self, state: LegacyState) -> Owner | str:
        """The account of the state, or why there is none.

        The configuration decides what a configured account is. Without a configuration, a name
        that begins with ``mirror`` is a mirror that follows ``main``, as in the bot.
        """
        name = self._name(state.account)
        if self.configured is not None:
            known = ", ".join(self.configured)
            return self.configured.get(name) or (
                f"account {name} is not configured: map it to one of {known} with --account"
            )
        if role_of(state) is Role.MAIN:
            return Owner(name, Role.MAIN)
        follows = self._name(state.follows or MAIN)
        if follows == name:
            return f"account {name} would follow itself"
        return Owner(name, Role.MIRROR, follows)

    def _name(self, word: str) -> str:
        return self.names.get(word, word)
