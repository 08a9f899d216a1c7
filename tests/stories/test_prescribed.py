"""The log lines that operators search for: stories show each, and none where it is untrue."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.stories.test_coverage import SNAPSHOTS
from trueup.domain.reporting.event_explanations import HEADLINES

NUMBER, SYMBOL, ID, LINK_ID = r"[\d.]+", r"[A-Z0-9]+", r"[\w-]{1,8}\.\.\.", r"[\w-]+"
SIDE, ROLE, ACCOUNT = "(?:Buy|Sell)", "(?:MAIN|MIRROR)", r"\w+"

PRESCRIBED: Mapping[str, str] = {
    "a run starts": "🔍 Validating TP orders before rebalancing\\.\\.\\.",
    "it compares": f"🔍 Validating TP orders for {SYMBOL} \\({ROLE}\\)",
    "orders read": (f"📊 Found {NUMBER} active orders on exchange for {SYMBOL} \\({ACCOUNT}\\)"),
    "not on the exchange": f"🗑️ Removing stale TP order {ID} \\(not found on exchange\\)",
    "removed": f"🧹 Removed {NUMBER} stale TP orders from monitor data",
    "compared": f"✅ TP order validation complete: {NUMBER} valid orders",
    "a level": f"🔄 Processing TP{NUMBER} order \\(index {NUMBER}\\)",
    "a cancel leaves": f"🗑️ Cancelling existing TP{NUMBER} order: {ID} \\(.+\\)",
    "gone already": f"🔄 Order {ID} already cancelled or filled \\(handled gracefully\\)",
    "an id is made": f"🔗 Generated OrderLinkID: {LINK_ID}",
    "a place leaves": f"📤 Placing new TP{NUMBER} order: {SIDE} {NUMBER} @ {NUMBER}",
    "an amend leaves": (
        f"📤 Amending existing TP{NUMBER} order: {SIDE} {NUMBER} → {NUMBER} @ {NUMBER}"
        f"(?: → {NUMBER})?"
    ),
    "a level is confirmed": (
        f"✅ TP{NUMBER} REBALANCED SUCCESSFULLY: {NUMBER} → {NUMBER} \\({NUMBER}% of {NUMBER}\\)"
    ),
    "recovery begins": "🔄 Attempting TP order recovery for mirror account\\.\\.\\.",
    "orders recovered": f"🔄 Recovered {NUMBER} TP orders from exchange data",
    "recovered and saved": f"✅ Successfully recovered and saved {NUMBER} TP orders",
    "recovered, and on": f"✅ Recovered {NUMBER} TP orders, proceeding with rebalancing",
}
"""The lines by the moment they are for, numbers and names as patterns."""

SIGNS = {"SUCCESS": "✅", "PARTIAL": "⚠️", "FAILED": "❌", "SKIPPED": "⏭️", "IN_SYNC": "☑️"}


def _runs() -> list[str]:
    """Each run of each reviewed transcript, as text."""
    texts = (path.read_text("utf-8") for path in sorted(Path(SNAPSHOTS).glob("*.ambr")))
    stories = (story for text in texts for story in text.split("\n# name: ")[1:])
    return [run for story in stories for run in story.split("══ ")[1:]]


RUNS = _runs()


def _decisions(run: str, pattern: str) -> list[str]:
    """What the run's decisions say in this form: the groups of the pattern, or the whole line."""
    found = re.findall(rf"^ +[A-Z]\w+ +{pattern}$", run, re.MULTILINE)
    return [str(each) for each in found]


def _calls(run: str, operation: str) -> list[str]:
    return re.findall(rf"^ +({operation} +{LINK_ID} +\S.*)$", _section(run, "calls"), re.MULTILINE)


def _section(run: str, name: str) -> str:
    """The lines below the heading, up to the next one."""
    _, _, rest = run.partition(f"\n  {name}\n")
    return re.split(r"\n  (?=\S)", rest, maxsplit=1)[0]


@pytest.mark.parametrize("moment", PRESCRIBED)
def test_a_story_shows_the_line(moment: str) -> None:
    assert any(_decisions(run, PRESCRIBED[moment]) for run in RUNS)


@pytest.mark.parametrize(
    ("moment", "operation"),
    [("a cancel leaves", "cancel"), ("a place leaves", "place"), ("an amend leaves", "amend")],
)
def test_a_write_is_announced_as_often_as_it_leaves(moment: str, operation: str) -> None:
    for run in RUNS:
        assert len(_decisions(run, PRESCRIBED[moment])) == len(_calls(run, operation)), run


def test_as_many_stale_orders_are_removed_as_were_named() -> None:
    for run in RUNS:
        removed = _decisions(run, f"🧹 Removed ({NUMBER}) stale TP orders from monitor data")
        named = _decisions(run, f"🗑️ Removing stale TP order {ID} \\(.+\\)")
        assert sum(map(int, removed)) == len(named), run


def _answered_110001(run: str) -> bool:
    return "already-gone 110001" in _section(run, "calls")


def _adopted(run: str) -> bool:
    return bool(re.search(r"Recovering ──recovered──▶ Validating  \(adopted", run))


def _writes(run: str) -> bool:
    return bool(_section(run, "intents").strip())


@pytest.mark.parametrize(
    ("moment", "is_true"),
    [
        ("gone already", _answered_110001),
        ("recovery begins", lambda run: "──▶ Recovering" in run),
        ("orders recovered", _adopted),
        ("recovered and saved", _adopted),
        ("recovered, and on", lambda run: _adopted(run) and _writes(run)),
    ],
)
def test_no_run_says_what_did_not_happen_in_it(moment: str, is_true: Callable[[str], bool]) -> None:
    for run in RUNS:
        if _decisions(run, PRESCRIBED[moment]):
            assert is_true(run), run


def test_an_id_that_is_made_is_that_of_an_intent() -> None:
    for run in RUNS:
        for link_id in _decisions(run, f"🔗 Generated OrderLinkID: ({LINK_ID})"):
            assert link_id in _section(run, "intents") + _section(run, "stops"), run


def _headline(line: str) -> bool:
    """Whether it is what happened, in place of the outcome of a run that sent nothing."""
    shapes = (re.escape(text).replace("…", ".*") for text in HEADLINES)
    return any(re.fullmatch(shape, line) for shape in shapes)


def test_an_alert_is_headed_and_closed_by_its_outcome_s_own_sign() -> None:
    alerts = [
        (status, [line.strip() for line in text.strip("\n").splitlines()])
        for run in RUNS
        for status, text in re.findall(r"\n  alert (\w+), delivered \w+\n((?:    .*\n)+)", run)
    ]
    assert {status for status, _ in alerts} == set(SIGNS)
    for status, lines in alerts:
        own = _headline(lines[0])
        assert own or lines[0] == f"{SIGNS[status]} TP REBALANCING {status}"
        assert set(lines[1]) == {"━"}
        assert re.fullmatch(r"🪞 Account: MIRROR|🏠 Account: MAIN", lines[2])
        assert re.fullmatch(rf"📊 {SYMBOL} {SIDE}", lines[3])
        assert lines[4:6] == ["", "📋 Summary:"]
        assert re.fullmatch(rf"• Position Size: (?:{NUMBER}|unknown)", lines[6])
        if not own:
            assert re.fullmatch(r"• TP Orders Processed: \d+/\d+", lines[7])
        assert lines[7 if own else 8].startswith("• Results:")
        assert lines[-2] == ""
        assert lines[-1].startswith(SIGNS[status])
        skipped = "TP orders have been skipped due to validation issues"
        assert (skipped in lines[-1]) == (status == "SKIPPED")
