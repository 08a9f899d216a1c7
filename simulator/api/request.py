"""A request after authentication: account, parameters, and the state that a read may see."""

from dataclasses import dataclass, field
from typing import Any

from ..base.faults import Fault, FaultKind
from ..base.params import Params
from ..market.accounts import Account, ApiKey, View
from ..market.venue import Venue


@dataclass(frozen=True, slots=True)
class Call:
    """One request after authentication.

    Attributes:
        venue: the exchange's state.
        account: who asks; None on market endpoints only.
        fields: the parameters.
        stale: the old state that a fault makes a read see; None for the present.
        granted: how many orders of a batch the rate limit lets pass.
        key: the API key that signed the request; None on market endpoints only.
    """

    venue: Venue
    account: Account | None
    fields: Params
    stale: View | None = None
    granted: int = 1
    key: ApiKey | None = None

    @property
    def owner(self) -> Account:
        """The account that asks.

        Raises:
            LookupError: the endpoint is not signed, so it has no account.
        """
        if self.account is None:
            raise LookupError("this endpoint has no account")
        return self.account

    @property
    def signed_with(self) -> ApiKey:
        """The API key that signed the request.

        Raises:
            LookupError: the endpoint is not signed, so there is no key.
        """
        if self.key is None:
            raise LookupError("this endpoint has no key")
        return self.key

    def view(self, lag_ms: int = 0) -> View:
        """The owner's book: as a fault makes it, as it was `lag_ms` ago, or as it is."""
        if self.stale is not None:
            return self.stale
        now = self.venue.now()
        return self.owner.view_at(now - lag_ms) if lag_ms > 0 else self.owner.live_view(now)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an endpoint answers under retCode 0.

    Attributes:
        result: the envelope's result.
        extra: the envelope's retExtInfo.
    """

    result: dict[str, Any]
    extra: dict[str, Any] = field(default_factory=dict)


def stale_view(account: Account, fault: Fault | None, now_ms: int) -> View | None:
    """The old state that a stale-read fault shows; None without such a fault."""
    if fault is None or fault.kind is not FaultKind.STALE_READ:
        return None
    if fault.delay_ms:
        return account.view_at(now_ms - fault.delay_ms)
    before = account.view_before(fault.effects_back)
    if fault.oldest_ms is None:
        return before
    oldest = account.view_at(now_ms - fault.oldest_ms)
    return max(oldest, before, key=lambda view: view.at_ms)
