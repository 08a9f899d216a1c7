"""From the original bot's words for accounts to accounts of trueup."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...domain.model.identity import Role
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
    """Which account each of the bot's words means.

    Attributes:
        names: trueup's name by the bot's word; a word left out names itself.
        configured: the accounts that there are, by name; None where nothing is configured.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    configured: Mapping[str, Owner] | None = None

    def owner(self, state: LegacyState) -> Owner | str:
        """The account of the state, or why it has none.

        A configured account is what the configuration says. Without one a word that begins
        with ``mirror`` is a mirror that follows ``main``, as the bot's was.
        """
        name = self._name(state.account)
        if self.configured is not None:
            known = ", ".join(self.configured)
            return self.configured.get(name) or (
                f"account {name} is not configured: name one of {known} by --account"
            )
        if role_of(state) is Role.MAIN:
            return Owner(name, Role.MAIN)
        follows = self._name(state.follows or MAIN)
        if follows == name:
            return f"account {name} would follow itself"
        return Owner(name, Role.MIRROR, follows)

    def _name(self, word: str) -> str:
        return self.names.get(word, word)
