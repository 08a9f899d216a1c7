"""Validating's part of a ladder by rule: its prices come on record before a plan is made."""

from ...domain.copies import replace
from ...domain.model.errors import LadderError
from ...domain.model.stop import BY_RULE
from ...domain.planning.remap_levels import remap_levels, renumber_levels
from ...domain.protection.laddering import Ruled, ruled_ladder
from ..work.findings import Findings
from ..work.run import Run


def follow_rule(run: Run, found: Findings) -> str:
    """Puts the ladder on record that the monitor's rule comes to now.

    The levels of a position that has a ladder already stay where they are if the rule cannot be
    reckoned any more: they cover it.

    Returns:
        Why there is no ladder for the position; empty where there is one, or no rule.
    """
    if found.instrument is None:
        return ""
    try:
        ruled = ruled_ladder(run.record, found.instrument)
    except LadderError as error:
        return _unreckoned(run, error.message)
    if ruled is not None:
        _put(run, ruled)
    return ""


def _put(run: Run, ruled: Ruled) -> None:
    record, ladder, stop = run.record, ruled.ladder, run.record.stop
    if ruled.is_new:
        record = remap_levels(record, ladder, BY_RULE)
    else:
        same = {level.number: level.number for level in ladder.levels}
        record = renumber_levels(record, ladder, BY_RULE, same)
    if stop is not None and stop.first is None:
        record = replace(record, stop=replace(stop, first=ruled.first))
    run.record = replace(record, ladder_rule=ruled.rule, instead_of=None)
    whose = "" if ruled.rule.source == "given" else f" of {ruled.rule.source}"
    what = "becomes prices" if ruled.is_new else "follows the average entry"
    run.decide(f"🪜 The ladder by rule{whose} {what}, {ruled.words}")


def _unreckoned(run: Run, why: str) -> str:
    rule = run.record.ladder_rule
    reason = f"the ladder by rule cannot be reckoned: {why}"
    if rule is None or rule.cycle != run.record.cycle:
        return reason
    run.note(f"{reason}; the levels stay where they are")
    run.decide(f"⚠️ {reason}; the levels stay where they are")
    return ""
