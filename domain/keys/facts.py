"""What the exchange says of an account's API key, and what of that is on record."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from ..venue.account import Account

_FINGERPRINT_LENGTH = 16


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What a key is, as the exchange says.

    Attributes:
        uid: whose it is: two keys of one UID act on the same positions.
        read_only: whether it may only read.
        may_trade: whether it has the permission to trade contracts.
        is_supported: whether its account is of a type whose contracts trueup can trade.
        ips: the addresses that it is bound to; none for any.
        expires_at: when it expires; None for never.
    """

    uid: str
    read_only: bool = False
    may_trade: bool = True
    is_supported: bool = True
    ips: tuple[str, ...] = ()
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyRefused:
    """The exchange refuses the key itself, so it would refuse every request of the account.

    Attributes:
        code: the exchange's.
        reason: what the code means, for people.
    """

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class KeyUnread:
    """The exchange could not be asked about the key now.

    Attributes:
        reason: what went wrong, for people, without secrets.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class NoKeyFacts:
    """The environment says nothing of keys: it lacks the endpoint, for good."""


KeyAnswer = KeyFacts | KeyRefused | KeyUnread | NoKeyFacts


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """What is on record of a key since it was last read. The key itself never is.

    Attributes:
        fingerprint: tells the key from others, see :func:`fingerprint_of`.
        account: the name of the account that used it.
        uid: whose the key is.
        read_at: when the exchange said so.
        expires_at: when the key expires; None for never.
        expiry_alerted: the fewest days before the expiry that an alert was made for; None before
            the first.
    """

    fingerprint: str
    account: str
    uid: str
    read_at: datetime
    expires_at: datetime | None = None
    expiry_alerted: int | None = None


def fingerprint_of(account: Account) -> str:
    """A text that is the same for the same key at the same environment, and does not reveal it."""
    named = f"{account.environment}\n{account.api_key}"
    return sha256(named.encode()).hexdigest()[:_FINGERPRINT_LENGTH]
