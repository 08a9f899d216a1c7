"""The text of an alert: the outcome of a run, what it did to each level, and why not more.

Every line follows from the end of an intent or from an observation: an alert states only what was
verified (promise P10).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ..model.events import UnwatchedPosition
from ..model.identity import MonitorKey, Role
from ..model.instrument import ZERO, plain
from ..model.intent import Intent, IntentStatus
from ..model.record import RunOutcome
from .one_line import one_line

SIGNS = {
    RunOutcome.SUCCESS: "✅",
    RunOutcome.PARTIAL: "⚠️",
    RunOutcome.FAILED: "❌",
    RunOutcome.SKIPPED: "⏭️",
    RunOutcome.IN_SYNC: "☑️",
}
MARKS = {
    IntentStatus.CONFIRMED: "✅",
    IntentStatus.RESOLVED: "☑️",
    IntentStatus.REFUSED: "❌",
    IntentStatus.HELD: "✋",
    IntentStatus.SENT: "❓ acknowledged, not verified",
    IntentStatus.UNKNOWN: "❓",
    IntentStatus.PLANNED: "❓ it may have been sent",
}
_CLOSINGS = {
    RunOutcome.SUCCESS: "TP orders have been rebalanced{occasion}",
    RunOutcome.PARTIAL: "TP orders have been rebalanced in part{occasion}; trueup will try again",
    RunOutcome.FAILED: "TP rebalancing has failed{occasion}; trueup will try again",
    RunOutcome.SKIPPED: "TP orders have been skipped due to validation issues{occasion}",
    RunOutcome.IN_SYNC: "TP orders already match the ladder",
}
OF_THE_LADDER: Mapping[RunOutcome, str] = {}
"""What outcomes mean where they are those of the TP orders: it depends on what became of these."""
OF_THE_STOP = {
    RunOutcome.SUCCESS: "the stop is where it is wanted",
    RunOutcome.PARTIAL: "the stop is not where it is wanted; trueup will try again",
}
"""The same where the TP orders are as they have to be, or none is wanted, and the stop is not."""
OF_ENTRIES = {
    RunOutcome.SUCCESS: "the entries that were to go are gone",
    RunOutcome.PARTIAL: "entries that are to go still rest; trueup will try again",
}
"""The same of entries that the user has named."""
ALL_CLEAR = "what kept trueup from its work is over"
_GOOD = (RunOutcome.IN_SYNC, RunOutcome.SUCCESS)
_PROCESSED = "• TP Orders Processed:"
RULE = "━" * 24
RESULTS = "• Results:"


@dataclass(frozen=True, slots=True)
class LevelResult:
    """What a run did to one level part, over all its rounds.

    Attributes:
        before: quantity that its order covered before the run's first write; before the last one
            where that did not end as wanted.
        after: quantity that the run's last write asked for.
        status: of the last intent.
        reason: why the level was not processed, or how it ended otherwise; may be empty.
    """

    level: int
    part: int
    before: Decimal
    after: Decimal
    status: IntentStatus
    reason: str

    @property
    def name(self) -> str:
        """``TP1``, or ``TP1.2`` for the second part of a split level."""
        return f"TP{self.level}" if self.part == 1 else f"TP{self.level}.{self.part}"

    @property
    def is_processed(self) -> bool:
        """Whether the level ended as wanted, or as the market decided."""
        return self.status in (IntentStatus.CONFIRMED, IntentStatus.RESOLVED)

    def __str__(self) -> str:
        """``TP1: 261.2→783.6 ✅``; where it failed, with the reason."""
        change = f"{self.name}: {plain(self.before)}→{plain(self.after)}"
        return " ".join(part for part in (change, MARKS[self.status], self.reason) if part)


def level_results(intents: Sequence[Intent]) -> tuple[LevelResult, ...]:
    """The results of a run's intents, one for each level part, however many rounds there were.

    What was held back counts for nothing: it never left. Nor does a refusal for which the order
    went to another level.
    """
    first: dict[tuple[int, int], Intent] = {}
    last: dict[tuple[int, int], Intent] = {}
    ends: dict[str, Intent] = {}
    for intent in intents:
        if intent.status is IntentStatus.HELD:
            continue
        first.setdefault((intent.level, intent.part), intent)
        last[intent.level, intent.part] = ends[intent.order_link_id] = intent
    for place, intent in last.items():
        end = ends[intent.order_link_id]
        if intent.status is IntentStatus.REFUSED and _has_moved(intent, end):
            last[place] = replace(intent, status=IntentStatus.RESOLVED, covers=ZERO)
    return tuple([_result(first[place], intent) for place, intent in sorted(last.items())])


def _result(first: Intent, last: Intent) -> LevelResult:
    """The result of a level part; where its last write did not end as wanted, of that one alone."""
    result = LevelResult(
        level=last.level,
        part=last.part,
        before=first.covered,
        after=last.covers,
        status=last.status,
        reason=_reason(last),
    )
    return result if result.is_processed else replace(result, before=last.covered)


def _has_moved(refused: Intent, end: Intent) -> bool:
    """Whether the order of a refused amend has come to another level, by its last intent."""
    is_elsewhere = (refused.level, refused.part) != (end.level, end.part)
    return is_elsewhere and end.status is IntentStatus.CONFIRMED


def alert_text(  # noqa: PLR0913 - each is a fact that the text states
    key: MonitorKey,
    role: Role,
    outcome: RunOutcome,
    size: Decimal | None,
    results: Sequence[LevelResult],
    notes: Sequence[str] = (),
    *,
    grew: bool = False,
    headline: str = "",
    is_urgent: bool = False,
    meanings: Mapping[RunOutcome, str] = OF_THE_LADDER,
) -> str:
    """The whole message.

    Args:
        key: the monitor.
        role: of its account.
        outcome: of the run.
        size: of the position as last observed; None where it could not be read.
        results: by level.
        notes: reasons, merges, external orders: one line each.
        grew: whether the run found the position larger than the run before had left it: an
            entry order filled.
        headline: what happened, for the top of the message where the run sent nothing.
        is_urgent: whether the headline stands there whatever the run did.
        meanings: what outcomes mean, where they are not those of the TP orders.
    """
    processed = sum([result.is_processed for result in results])
    # Where a position is open and nothing could be done for it, that is what matters most.
    is_well = outcome in _GOOD or (outcome is RunOutcome.SKIPPED and size == ZERO)
    has_own_headline = headline and (is_urgent or (not results and is_well))
    closing = meanings.get(outcome) or _closing(outcome, size, results, grew=grew)
    lines = [
        headline if has_own_headline else f"{SIGNS[outcome]} TP REBALANCING {outcome.value}",
        RULE,
        account_line(key.account, role),
        f"📊 {key.symbol} {key.side.value}",
        "",
        "📋 Summary:",
        f"• Position Size: {'unknown' if size is None else plain(size)}",
        *([] if has_own_headline else [f"{_PROCESSED} {processed}/{len(results)}"]),
        *_results([one_line(line) for line in (*map(str, results), *notes)]),
        "",
        f"{SIGNS[outcome]} {closing}",
    ]
    # Half a character in a text of the exchange is no UTF-8: no sink and no database takes it.
    return "\n".join(lines).encode("utf-8", "backslashreplace").decode()


def account_alert_text(name: str, role: Role, what: str, text: str) -> str:
    """The message about an account as a whole.

    Args:
        name: the account's.
        role: its role.
        what: its headline, in capitals.
        text: one sentence, with what to do.
    """
    return "\n".join((f"⚠️ {what}", RULE, account_line(name, role), "", text))


def account_line(name: str, role: Role) -> str:
    """The line that says which account a message is about."""
    return f"{role.sign} Account: {_named(name, role)}"


def unwatched_text(key: MonitorKey, role: Role, event: UnwatchedPosition) -> str:
    """The message about a position that no monitor watches: it is there, or that is over."""
    position = f"{plain(event.size)} at {plain(event.entry_price)}"
    if event.over:
        heading = "☑️ POSITION WITHOUT A MONITOR: OVER"
        text = f"the position of {position} is no longer without a monitor: {event.over}."
    else:
        heading = "⚠️ POSITION WITHOUT A MONITOR"
        text = (
            f"no monitor watches the position of {position}: trueup places no TP order for it. "
            "`trueup discover --watch` puts it under watch. This is said once."
        )
    where = (account_line(key.account, role), f"📊 {key.symbol} {key.side.value}")
    return "\n".join((heading, RULE, *where, "", text))


def refused_text(key: MonitorKey, role: Role, why: str) -> str:
    """The message about a position that does not come under watch, though its account asks so."""
    heading = "❌ POSITION WITHOUT A MONITOR: AUTO_WATCH WAS REFUSED"
    text = f"{why}. The position has no monitor: `trueup discover` shows it."
    where = (account_line(key.account, role), f"📊 {key.symbol} {key.side.value}")
    return "\n".join((heading, RULE, *where, "", text))


def accepted_text(key: MonitorKey, role: Role, why: str) -> str:
    """The message about a monitor of the configuration that was refused, and is no longer."""
    where = (account_line(key.account, role), f"📊 {key.symbol} {key.side.value}")
    return "\n".join(("☑️ MONITOR NO LONGER REFUSED", RULE, *where, "", f"{why}."))


def says_more(text: str, last: str) -> bool:
    """Whether an alert states anything that the last one of the same outcome did not state."""
    return not _statements(text) <= _statements(last)


def _statements(text: str) -> set[str]:
    """The lines of an alert between its heading and its closing sentence, wherever they stand."""
    lines = text.splitlines()[1:-1]
    return {line.removeprefix(RESULTS).strip() for line in lines if not line.startswith(_PROCESSED)}


def _named(name: str, role: Role) -> str:
    """The role, and the account's name where it differs."""
    return role.label if name.upper() == role.label else f"{role.label} ({name})"


def _results(lines: Sequence[str]) -> Iterator[str]:
    """A single line follows its heading, several go below it."""
    if len(lines) == 1:
        yield f"{RESULTS} {lines[0]}"
    elif lines:
        yield RESULTS
        yield from (f"  {line}" for line in lines)


def _closing(
    outcome: RunOutcome, size: Decimal | None, results: Sequence[LevelResult], *, grew: bool
) -> str:
    """What the outcome means."""
    if outcome is RunOutcome.IN_SYNC and size == ZERO:
        still = "and no TP order" if not results else "and a TP order that still appears will go"
        return f"there is no position, {still}"
    if outcome is RunOutcome.SUCCESS and size == ZERO:
        gone = "the position is closed, and its TP orders are gone"
        return gone if results else "there is no position, and no TP order"
    if outcome is RunOutcome.SUCCESS and not results:
        return "TP orders have been recovered and match the ladder"
    if outcome is RunOutcome.SUCCESS and grew and not any(result.before for result in results):
        return "TP orders have been placed"  # a new position's: nothing was there to rebalance
    is_verified = any(result.status is IntentStatus.CONFIRMED for result in results)
    if outcome is RunOutcome.PARTIAL and not is_verified:
        return "no change of a TP order could be verified; trueup will try again"
    return _CLOSINGS[outcome].format(occasion=" after limit fill" if grew else "")


def _reason(intent: Intent) -> str:
    if intent.status is IntentStatus.PLANNED:
        return ""
    # Code 0 means success: a write that was never sent has it from the batch that it was part of.
    code = f"{intent.code} " if intent.code else ""
    return f"{code}{intent.detail}".strip()
