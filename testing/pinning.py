"""Runs compared with the transcripts that are pinned beside a test."""

from collections.abc import Iterable
from difflib import unified_diff
from typing import TYPE_CHECKING

from ..engine.run.report import RunReport
from .rendering import rendered

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

_PIN_IT = "pin it with pytest --snapshot-update"


def assert_transcript(
    runs: RunReport | Iterable[RunReport] | str, snapshot: "SnapshotAssertion"
) -> None:
    """Compare the transcript of runs with the one that is pinned beside the test.

    The transcript is a plain text in ``__snapshots__/MODULE/TEST.txt``: every state that a run went
    through, what it read, decided and sent there, what happened to the position, the orders on
    record and the alert. Ids of orders and times are replaced by names that stay the same.

    Args:
        runs: a report of ``Stage.run`` or ``Reconciler.reconcile``, or several; or a text that is
            a transcript already.
        snapshot: the fixture of syrupy.

    Raises:
        AssertionError: no transcript is pinned, or another one; the message shows the difference.
        ValueError: no run was given.
    """
    __tracebackhide__ = True
    from .text_snapshots import TranscriptExtension  # noqa: PLC0415 - needs the extra

    text = _text(runs)
    if snapshot(extension_class=TranscriptExtension) != text:
        pinned = snapshot.executions[snapshot.num_executions - 1]
        raise AssertionError(_difference(pinned.recalled_data, text, pinned.snapshot_location))


def _difference(pinned: object, text: str, place: str) -> str:
    """What to do, and what differs."""
    if pinned is None:
        return f"no transcript is pinned: read this one, and {_PIN_IT}\n\n{text}"
    lines = (str(pinned).splitlines(), text.splitlines())
    difference = "\n".join(unified_diff(*lines, place, "this run", lineterm=""))
    return (
        f"the run is not the pinned one; where the difference is meant, {_PIN_IT}\n\n{difference}"
    )


def _text(runs: RunReport | Iterable[RunReport] | str) -> str:
    if isinstance(runs, str):
        return runs
    reports = (runs,) if isinstance(runs, RunReport) else tuple(runs)
    if not reports:
        raise ValueError("no run was given: pass the report of a run, or several")
    return rendered(reports)
