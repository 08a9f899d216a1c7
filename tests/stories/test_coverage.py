"""No way through the machine without a reviewed transcript."""

import re
from pathlib import Path

from trueup.states.machine import transitions

SNAPSHOTS = Path(__file__).parent / "__snapshots__"
_STEP = re.compile(r"^\s*(\w+) ──(\w+)──▶ (\w+)", re.MULTILINE)
_NAME = re.compile(r"^# name: (\S+)$", re.MULTILINE)

ENDINGS = {
    "110001 on cancel": ("filled", "cancelled", "open_after_all", "no_trace"),
    "110001 on amend": ("filled", "cancelled", "open_after_all", "no_trace"),
    "110072": (
        "rests_and_is_equal",
        "rests_and_differs",
        "has_filled",
        "was_cancelled",
        "found_nowhere",
        "somebody_else_s",
    ),
}


def _reviewed() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(SNAPSHOTS.glob("*.ambr")))


def test_every_transition_of_the_chart_has_a_transcript_that_takes_it() -> None:
    shown = set(_STEP.findall(_reviewed()))
    chart = {each.step for each in transitions()}
    assert chart - shown == set()
    assert shown - chart == set()


def test_every_ending_of_a_code_has_a_transcript() -> None:
    names = _NAME.findall(_reviewed())
    missing = [
        f"{code}: {ending}"
        for code, endings in ENDINGS.items()
        for ending in endings
        if not any(code.replace(" ", "_") in name and ending in name for name in names)
    ]
    assert missing == []


def test_every_transition_says_when_it_is_taken() -> None:
    assert all(each.when for each in transitions())
