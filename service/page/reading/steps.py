"""What a person can do about a monitor: by what the exchange refused, by what was said of it."""

from collections.abc import Iterator, Mapping, Sequence

from ....adapters.bybit.codes.classify import CodeMeaning, classify, classify_status
from ....domain.model.record import RunOutcome
from ....domain.reporting.alert_lines import explain
from ....domain.reporting.explanations import CLASSES, OUTCOMES
from ....storage import Row
from .standing import Standing

_NO_STEPS = ("Nothing", "See the code", "Look the code up", "Read the ")
"""How remedies begin that send the reader of an alert to another part of it, or nowhere."""
_SUMS = "… of … is covered, … is not"
"""The line that adds up what is bare: where a code says why, its own remedy is another case's."""
_MOST = 2
_WAITS = "Nothing yet: trueup tries again by itself."
_STATUSES = range(100, 600)
_BY_STANDING: Mapping[Standing, str] = {
    Standing.UNPROTECTED: (
        "trueup tries again by itself. Set a stop by hand, or close the position, if you cannot "
        "wait for that."
    ),
    Standing.OVERCOVERED: (
        "Look at the orders below for more than the position has: trueup cuts its own in the next "
        "run, and never those of others."
    ),
    Standing.UNKNOWN: (
        "If it lasts: check the network, the key and the exchange's status page. trueup tries "
        "again."
    ),
    Standing.ELSEWHERE: "Read why, and correct the stop's rule, or set another stop.",
    Standing.NEW: "An engine runs every monitor once when it starts.",
    Standing.STOPPED: "Resume it, once the reason no longer holds.",
}
_BY_HAND: Mapping[Standing, str] = {
    Standing.UNCOVERED: (
        "If you cannot wait: place take-profits by hand at the exchange, or close the position."
    ),
}
"""What is left to a person who cannot wait, after all else."""


def steps_of(
    standing: Standing, why: Sequence[str], codes: Sequence[int], row: Row, *, is_held: bool
) -> tuple[str, ...]:
    """The steps, in order.

    Args:
        standing: what needs a person.
        why: the reasons, as alerts say them.
        codes: of what the exchange refused.
        row: of the monitor.
        is_held: whether somebody has stopped it.
    """
    if is_held:
        return (_BY_STANDING[Standing.STOPPED],)
    steps = tuple(filter(None, _found(standing, why, codes, row)))
    useful = dict.fromkeys(one for one in steps if not one.startswith(_NO_STEPS))
    waits = (one for one in steps if one.startswith("Nothing: "))
    chosen = tuple(useful)[:_MOST] or (next(waits, _WAITS),)
    return (*chosen, *filter(None, (_BY_HAND.get(standing),)))


def _found(standing: Standing, why: Sequence[str], codes: Sequence[int], row: Row) -> Iterator[str]:
    yield from (CLASSES[kind].remedy for code in codes if (kind := _meaning(code).kind) in CLASSES)
    for line in why:
        found = explain(line)
        if found is not None and not (codes and found.text == _SUMS):
            yield found.meaning.remedy
    yield _BY_STANDING.get(standing, "")
    if row["last_outcome"] is not None:
        yield OUTCOMES[RunOutcome(str(row["last_outcome"]))].remedy


def _meaning(code: int) -> CodeMeaning:
    """Of a code of the exchange, or of an HTTP status, which alerts give likewise."""
    return classify_status(code) if code in _STATUSES else classify(code)
