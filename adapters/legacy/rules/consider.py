"""What becomes of each monitor of the original bot, and why.

A pure decision on what the files contain; nothing is read, sent or written here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from ....domain.model.identity import MonitorKey
from ....domain.model.instrument import ZERO
from ....domain.model.record import MonitorRecord, StateName
from .accounts import LegacyAccounts, Owner
from .adopting import Taken, adopt
from .conflicts import conflicts
from .contracts import NOTHING_KNOWN, KnownRules
from .findings import findings
from .flags import Finding
from .state import LegacyState, RawMonitor, state_of
from .values import is_plain_text


class Verdict(StrEnum):
    """What becomes of a legacy monitor."""

    TAKEN = "taken"
    LEFT = "left"
    KEPT = "kept"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Considered:
    """One legacy monitor, and what becomes of it.

    Attributes:
        verdict: ``taken``: it can be put on record; ``written``: it is on record now; ``kept``:
            the database keeps its own monitor; ``left``: it is left out, for the reason.
        reason: why it is kept or left out, in one clause.
        state: None if the file contains no usable one.
        owner: None if its account is not known.
    """

    raw: RawMonitor
    verdict: Verdict
    reason: str = ""
    state: LegacyState | None = None
    owner: Owner | None = None
    taken: Taken | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def key(self) -> MonitorKey | None:
        """The monitor's key in trueup; None if account or position is not known."""
        if self.state is None or self.owner is None:
            return None
        return MonitorKey(self.owner.name, self.state.symbol, self.state.side)

    @property
    def name(self) -> str:
        """Its name in reports."""
        if self.state is not None:
            return self.state.name
        key = self.raw.key
        return key if key and is_plain_text(key) else "a monitor without a key"

    @property
    def is_clean(self) -> bool:
        """Whether it is taken and has no conflict."""
        conflict = any(finding.flag.is_conflict for finding in self.findings)
        return self.verdict in (Verdict.TAKEN, Verdict.WRITTEN) and not conflict

    def on(self, record: MonitorRecord) -> MonitorRecord:
        """The database's record, with what is adopted from the legacy state."""
        state, taken = self.state, self.taken
        if state is None or taken is None:
            return record
        return replace(
            record,
            position_size=state.size or ZERO,
            entry_price=state.entry_price,
            orders=taken.orders,
        )


def consider(
    raws: Sequence[RawMonitor],
    accounts: LegacyAccounts,
    rules: Mapping[str, KnownRules],
    *,
    stops: bool = False,
) -> tuple[Considered, ...]:
    """What becomes of each of these monitors, in the same sequence.

    Of several states of one account, symbol and side the newest is taken: the one with the latest
    ``last_check``, or, if the files do not say, the last one read.

    Args:
        raws: the monitors.
        accounts: whose they are.
        rules: what is known of each contract.
        stops: whether the stops that the bot has on record are taken over, too.
    """
    all_of_them = [_consider(raw, accounts, rules, stops=stops) for raw in raws]
    newest: dict[MonitorKey, int] = {}
    for place, one in enumerate(all_of_them):
        if one.verdict is Verdict.TAKEN and one.key is not None:
            best = newest.get(one.key)
            if best is None or _moment(one) >= _moment(all_of_them[best]):
                newest[one.key] = place
    return tuple(
        _unless_older(one, place, newest, all_of_them) for place, one in enumerate(all_of_them)
    )


def kept_because(
    stored: MonitorRecord | None, considered: Considered, *, has_open_intents: bool
) -> str:
    """Why the database keeps its own monitor; empty if the legacy one may replace it.

    An interrupted import leaves behind a monitor without orders and with the same ladder.
    """
    if stored is None or considered.taken is None:
        return ""
    if not stored.is_watched:
        return "the database has this monitor as unwatched"
    if stored.orders:
        return "the database has this monitor with orders of its own"
    if has_open_intents or stored.state is not StateName.IDLE:
        return "the database has this monitor in the middle of a run"
    if stored.ladder is not None and stored.ladder != considered.taken.ladder:
        return "the database has this monitor with a ladder of its own"
    return ""


def _consider(
    raw: RawMonitor, accounts: LegacyAccounts, rules: Mapping[str, KnownRules], *, stops: bool
) -> Considered:
    state = state_of(raw)
    if isinstance(state, str):
        return Considered(raw, Verdict.LEFT, state)
    known = rules.get(state.symbol, NOTHING_KNOWN)
    taken = adopt(state, known, stops=stops)
    found = (*findings(state), *conflicts(state, taken, known))
    owner = accounts.owner(state)
    if isinstance(owner, str):
        return Considered(raw, Verdict.LEFT, owner, state, taken=taken, findings=found)
    if state.is_empty:
        reason = "it has no position and no take-profits"
        return Considered(raw, Verdict.LEFT, reason, state, owner, taken, found)
    return Considered(raw, Verdict.TAKEN, "", state, owner, taken, found)


def _moment(one: Considered) -> Decimal:
    return (one.state.moment if one.state else None) or ZERO


def _unless_older(
    one: Considered, place: int, newest: Mapping[MonitorKey, int], others: Sequence[Considered]
) -> Considered:
    best = None if one.key is None else newest.get(one.key)
    if one.verdict is not Verdict.TAKEN or best is None or best == place:
        return one
    winner = others[best]
    where = "" if winner.raw.file == one.raw.file else f" in {winner.raw.file}"
    reason = f"a newer state of {one.key} is taken: {winner.name}{where}"
    return replace(one, verdict=Verdict.LEFT, reason=reason)
