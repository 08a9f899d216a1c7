"""A request on its way through: who asks what, and which state a read may see."""

from dataclasses import dataclass, field
from typing import Any

from ..base.params import Params
from ..market.accounts import Account, View
from ..market.venue import Venue


@dataclass(frozen=True, slots=True)
class Call:
    """One request after authentication.

    Attributes:
        account: None on market endpoints only.
        stale: the state that an injected fault forces upon a read.
        granted: how many orders of a batch the rate limit lets pass.
    """

    venue: Venue
    account: Account | None
    fields: Params
    stale: View | None = None
    granted: int = 1

    @property
    def owner(self) -> Account:
        """The account that asks.

        Raises:
            LookupError: on an endpoint that is not signed.
        """
        if self.account is None:
            raise LookupError("this endpoint has no account")
        return self.account

    def view(self, lag_ms: int = 0) -> View:
        """The owner's book: forced by a fault, behind by a lag, or as it is."""
        if self.stale is not None:
            return self.stale
        now = self.venue.now()
        return self.owner.view_at(now - lag_ms) if lag_ms > 0 else self.owner.live_view(now)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an endpoint answers under retCode 0."""

    result: dict[str, Any]
    extra: dict[str, Any] = field(default_factory=dict)
