"""What follows from a key: whether its account may write, why not, and what to do.

Example: a key that may only read bars its account, with "the API key may only read: give it the
permission to trade contracts, or use another key". A key that is bound to no address gives a
warning, and the account runs.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from .facts import KeyAnswer, KeyFacts, KeyRecord, KeyRefused, KeyUnread, NoKeyFacts

_EXPIRY_DAYS = (0, 1, 3, 7, 14)
_A_DAY = timedelta(days=1)
_OTHER_KEY = "use another key"
_UNREADABLE = "whose it is could not be read"
_DATE = "%Y-%m-%d"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an account may write.

    Attributes:
        barred: why it may not, with what to do about it; empty if it may.
        warnings: what else people should know, each with what to do about it.
        uid: whose the key is, as far as it is known; else empty.
    """

    barred: str = ""
    warnings: tuple[str, ...] = ()
    uid: str = ""


def judge(answer: KeyAnswer, record: KeyRecord | None, now: datetime) -> Verdict:
    """The verdict on an account by itself, whatever other accounts there are.

    Args:
        answer: what the exchange says of the key now.
        record: what is on record of the same key; None if it was never read.
        now: the time.
    """
    match answer:
        case KeyFacts():
            return Verdict(_fault(answer), tuple(_warnings(answer, now)), answer.uid)
        case KeyRefused(code=code, reason=reason):
            uid = "" if record is None else record.uid
            return Verdict(f"{code}: {reason}", uid=uid)
        case NoKeyFacts():
            warning = (
                "the exchange does not say whose the API key is: two names for one UID are "
                "recognised by equal keys alone, so give every account a key of its own UID"
            )
            return Verdict(warnings=(warning,))
        case KeyUnread(reason=reason) if record is None:
            return Verdict(
                f"the API key was never identified, and {_UNREADABLE} now ({reason}): "
                "trueup asks again by itself"
            )
        case KeyUnread(reason=reason):
            warning = (
                f"{_UNREADABLE} now ({reason}): the account goes on by the record of "
                f"{record.read_at:{_DATE}}"
            )
            return Verdict(warnings=(warning,), uid=record.uid)


def barred_twin(holder: str, *, same_key: bool) -> str:
    """Why the second name of a UID may not write.

    Args:
        holder: the account's name that may.
        same_key: whether both names have the same key, rather than two keys of one UID.
    """
    what = "the API key of account" if same_key else "a key of the same UID as account"
    return (
        f"it has {what} {holder!r}, so both names mean the same positions: give it a key of its "
        f"own UID, or remove one of the two"
    )


def expiry_due(facts: KeyFacts, record: KeyRecord | None, now: datetime) -> int | None:
    """For how many days before the key's expiry an alert is due; None for no alert.

    It is due 14, 7, 3 and 1 days before the expiry and on the day itself, once each: with 10 days
    left and no alert so far, 14 is due; with 5 days left, 7.
    """
    if facts.expires_at is None:
        return None
    known = record is not None and record.expires_at == facts.expires_at
    alerted = record.expiry_alerted if record is not None and known else None
    left = _days(facts.expires_at - now)
    due = next((days for days in _EXPIRY_DAYS if left <= days), None)
    return due if due is not None and (alerted is None or due < alerted) else None


def expiry_text(expires_at: datetime, now: datetime) -> str:
    """When a key expires, in how many days, and what to do."""
    left = _days(expires_at - now)
    when = f"in {left} days" if left > 1 else "within a day" if expires_at > now else "now expired"
    return (
        f"the API key expires on {expires_at:{_DATE}} ({when}): renew it at the exchange, or "
        "positions lose their upkeep"
    )


def _fault(facts: KeyFacts) -> str:
    if facts.read_only:
        return f"the API key may only read: let it trade contracts, or {_OTHER_KEY}"
    if not facts.may_trade:
        return (
            "the API key lacks the permission to trade contracts (orders and positions): "
            f"grant it at the exchange, or {_OTHER_KEY}"
        )
    if not facts.is_supported:
        return "the account's type is not supported: upgrade it to a unified trading account"
    return ""


def _warnings(facts: KeyFacts, now: datetime) -> list[str]:
    found: list[str] = []
    if not facts.ips:
        found.append(
            "the API key is bound to no IP address: whoever has it can use it from anywhere, and "
            "it may expire; bind it to this machine's address"
        )
    if facts.expires_at is not None and _days(facts.expires_at - now) <= _EXPIRY_DAYS[-1]:
        found.append(expiry_text(facts.expires_at, now))
    return found


def _days(left: timedelta) -> int:
    """Days left, rounded up; 0 once it is over."""
    return max(-(-left // _A_DAY), 0)
