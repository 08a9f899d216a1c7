"""Runs compared with the transcripts that are pinned: beside a test, or in an exported case."""

from collections.abc import Iterable, Sequence
from difflib import unified_diff
from typing import TYPE_CHECKING

from ..engine.run.report import RunReport
from .rendering import rendered

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

_SNAPSHOT = "pin it with pytest --snapshot-update"
_CASE = "pin it with trueup export"


def assert_transcript(
    runs: RunReport | Iterable[RunReport] | Sequence[str],
    pinned: "SnapshotAssertion | Sequence[str]",
) -> None:
    """Compare the transcript of runs with the one that is pinned.

    The transcript is a plain text: every state that a run went through, what it read, decided and
    sent there, what happened to the position, the orders on record and the alert. Ids of orders and
    times are replaced by names that stay the same.

    Args:
        runs: a report of ``Stage.run`` or ``Reconciler.reconcile``, or several; or the lines of a
            transcript, as ``trueup_case.replayed``.
        pinned: the fixture ``snapshot`` of syrupy, which keeps a transcript beside the test, in
            ``__snapshots__/MODULE/TEST.txt``; or the lines of a transcript, as
            ``trueup_case.recorded``.

    Raises:
        AssertionError: no transcript is pinned, or another one; the message shows the difference.
        ValueError: no run was given.
    """
    __tracebackhide__ = True
    text = _text(runs)
    if isinstance(pinned, Sequence):
        if list(pinned) != text.splitlines():
            raise AssertionError(_difference(pinned, text, "the recorded run", _CASE))
        return
    from .text_snapshots import TranscriptExtension  # noqa: PLC0415 - needs the extra

    if pinned(extension_class=TranscriptExtension) != text:
        found = pinned.executions[pinned.num_executions - 1]
        if found.recalled_data is None:
            raise AssertionError(f"no transcript is pinned: read this, and {_SNAPSHOT}\n\n{text}")
        before = str(found.recalled_data).splitlines()
        raise AssertionError(_difference(before, text, found.snapshot_location, _SNAPSHOT))


def _difference(pinned: Sequence[str], text: str, place: str, remedy: str) -> str:
    """What differs, and what to do."""
    lines = unified_diff(pinned, text.splitlines(), place, "this run", lineterm="", n=5)
    return "\n".join(
        (f"the run is not the pinned one; where the difference is meant, {remedy}", "", *lines)
    )


def _text(runs: RunReport | Iterable[RunReport] | Sequence[str]) -> str:
    given = (runs,) if isinstance(runs, RunReport) else tuple(runs)
    reports = [each for each in given if isinstance(each, RunReport)]
    if not given:
        raise ValueError("no run was given: pass the report of a run, or several")
    return rendered(reports) if reports else "".join(f"{line}\n" for line in given)
