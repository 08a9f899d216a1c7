"""A walk as a transcript: what happened in each run, and what rests at the exchange in the end."""

from collections.abc import Iterator, Sequence

from trueup.domain.model.alert import Alert
from trueup.domain.model.journal import ExchangeCall
from trueup.engine.run import stepper
from trueup.engine.run.report import RunReport, StepReport

from ..speed.patching import Patches
from .errands import errand
from .search import Place
from .walking import Walk, walk

_A_SECOND = 1000
_ONE_ID = "3b832aee"
"""The id of every defect: the real one changes with the names of functions."""
_RUN = "══ "


def transcript(place: Place) -> str:
    """Walks a walk and renders it.

    Calls and decisions stand above the transition that the state's work led to.
    """
    name, deviations = place
    with Patches(((stepper, "error_id", lambda _error: _ONE_ID),)):
        walked = walk(errand(name), deviations)
    lines = [f"errand: {name}", *_happened(walked)]
    for report in walked.reports:
        lines += _pass(report, walked.alerts)
    lines += ["exchange", *(f"  {line}" for line in walked.book)]
    broken = [f"  {finding}" for finding in walked.findings]
    lines += ["broken", *broken] if broken else ["all promises held"]
    return "\n".join(lines) + "\n"


def _happened(walked: Walk) -> Iterator[str]:
    for at_ms, what in walked.said:
        yield f"⚡ {(at_ms - walked.began_ms) / _A_SECOND:.3f} s  {what}"


def _pass(report: RunReport, alerts: Sequence[Alert]) -> Iterator[str]:
    yield f"{_RUN}{report.run_id}: {report.outcome.value}"
    for step in report.steps:
        yield from _step(step)
    for result in report.results:
        reason = f"  ({result.reason})" if result.reason else ""
        yield (f"  {result.name}: {result.before} → {result.after} {result.status.value}{reason}")
    runs = {taken.run_id for taken in report.transitions}
    for alert in [each for each in alerts if each.run_id in runs]:
        yield f"  alert of {alert.run_id}"
        yield from (f"    {line}".rstrip() for line in alert.text.splitlines())


def _step(step: StepReport) -> Iterator[str]:
    rows = [(call.at, 0, _call(call)) for call in step.calls]
    rows += [(decision.at, 1, decision.text) for decision in step.decisions]
    for _, _, text in sorted(rows, key=lambda row: row[:2]):
        yield f"      {text}"
    taken = step.transition
    detail = f"  ({taken.detail})" if taken.detail else ""
    yield f"  {taken.source.value} ──{taken.event}──▶ {taken.target.value}{detail}"


def _call(call: ExchangeCall) -> str:
    code = "" if call.code is None else f" {call.code}"
    detail = f"  ({call.detail})" if call.detail else ""
    return f"{call.operation:<8} {call.order_link_id or '-':<36} {call.outcome}{code}{detail}"
