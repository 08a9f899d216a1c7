"""Whether what came of a case is what had to: every difference is said."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tests.cases.casebook import Case
from tests.cases.expectation import Expectation, expectation_of
from tests.cases.play import Book, Played
from tests.cases.resting import Kind
from tests.cases.stops import is_of_position, stop_differences
from tests.cases.thrift import leaves_by_price, thrift_differences
from tests.cases.values import ZERO
from trueup import RunOutcome, RunReport
from trueup.simulator import SimOrder, StopOrderType

SETTLED = (RunOutcome.IN_SYNC, RunOutcome.SUCCESS)
_STOPS = (Kind.STOP_LOSS, Kind.STOP_MARKET)


class Verdict(StrEnum):
    """How a case came out."""

    TRUE = "true"
    ALERTED = "alerted"
    WRONG = "WRONG"
    MALFORMED = "MALFORMED"


@dataclass(frozen=True, slots=True)
class Judged:
    """A case's verdict and the differences that led to it.

    Attributes:
        reason: what the run says of itself.
        cover: what rests at last of orders that nobody protects.
        stops_untouched: stop-losses that are what they were, to the last field.
        touched: protected orders that are not.
    """

    verdict: Verdict
    differences: tuple[str, ...]
    reason: str
    cover: Decimal
    stops_untouched: int
    touched: int


def judge(played: Played) -> Judged:
    """The verdict on a case that was played."""
    expected = expectation_of(played.case)
    touched = [key for key in played.protected if not _untouched(played, key)]
    differences = tuple(_differences(played, expected, touched))
    good = Verdict.ALERTED if expected.alert else Verdict.TRUE
    return Judged(
        verdict=Verdict.WRONG if differences else good,
        differences=differences,
        reason=reason_of(played.first),
        cover=sum((order.leaves for order in _own(played, played.at_last).values()), ZERO),
        stops_untouched=sum(
            kind in _STOPS and key not in touched for key, kind in played.protected.items()
        ),
        touched=len(touched),
    )


def reason_of(report: RunReport) -> str:
    """Why the run ended as it did: what led to the alert, or what was recovered."""
    steps = [step for step in report.transitions if step.event in ("unrecoverable", "blind")]
    recovered = [step for step in report.transitions if step.event == "recovered"]
    if steps:
        return steps[-1].detail
    if report.outcome in SETTLED:
        return "; ".join(step.detail for step in recovered)
    return report.transitions[-1].detail if report.transitions else ""


def _differences(played: Played, expected: Expectation, touched: list[str]) -> Iterator[str]:
    for key in touched:
        yield f"{played.protected[key].value} {key} was touched"
    if played.writes_again:
        yield f"the second run wrote {played.writes_again} times"
    if played.alerts_again:
        yield f"the second run alerted {played.alerts_again} times"
    if played.strayed:
        yield f"{played.strayed} requests went to another account"
    if played.otherwise:
        yield "a replay of its record decides otherwise: " + " | ".join(played.otherwise)
    yield from stop_differences(played)
    yield from played.journey.overshoots
    for order in _own(played, played.at_last).values():
        yield from _misfit(played.case, order)
    if expected.alert is not None:
        yield from _alert_differences(played, expected.alert)
    else:
        yield from _cover_differences(played, expected)


def _alert_differences(played: Played, words: str) -> Iterator[str]:
    for report in (played.first, played.second):
        if report.outcome is not RunOutcome.SKIPPED:
            yield f"{report.outcome.value} instead of an alert: {words}"
        elif words not in reason_of(report):
            yield f"alerted {reason_of(report)!r} instead of {words!r}"
    if not any(words in alert.text for alert in played.alerts):
        yield f"no alert was delivered that says {words!r}"
    if played.before != played.at_last:
        yield "orders changed although the run could do nothing"


def _cover_differences(played: Played, expected: Expectation) -> Iterator[str]:
    if played.first.outcome not in SETTLED:
        yield f"{played.first.outcome.value}: {reason_of(played.first)}"
    if expected.told and not any(expected.told in alert.text for alert in played.alerts):
        yield f"no alert was delivered that says {expected.told!r}"
    if played.second.outcome is not RunOutcome.IN_SYNC:
        yield f"the second run ended in {played.second.outcome.value}"
    rests = leaves_by_price(_own(played, played.at_last))
    for price in sorted({*rests, *expected.orders}):
        has, wants = rests.get(price, []), [*expected.orders.get(price, [])]
        if has != wants:
            yield f"{_listed(has)} rests at {price:f} instead of {_listed(wants)}"
    total = sum((sum(leaves, ZERO) for leaves in rests.values()), ZERO)
    size = played.case.rules.floored(played.case.state.size)
    if total != size:
        yield f"{total:f} of {size:f} is covered"
    if played.second.covered != total:
        yield f"the record says {played.second.covered:f}, {total:f} rests"
    yield from thrift_differences(played, expected)


def _untouched(played: Played, key: str) -> bool:
    return played.before.get(key) == played.after.get(key) == played.at_last.get(key)


def _own(played: Played, book: Book) -> Book:
    asked = played.case.state.stop is not None
    return {
        key: order
        for key, order in book.items()
        if key not in played.protected and not (asked and is_of_position(order))
    }


def _listed(quantities: list[Decimal]) -> str:
    return " + ".join(f"{quantity:f}" for quantity in quantities) or "nothing"


def _misfit(case: Case, order: SimOrder) -> Iterator[str]:
    """What keeps an order from being a take-profit of the case's position."""
    rules, state = case.rules, case.state
    hedge_idx = 1 if state.side == "Buy" else 2
    facts = {
        "side": order.side.value == state.side.opposite.value,
        "reduce-only": order.reduce_only,
        "plain": order.trigger_price is None and order.stop_order_type is StopOrderType.NONE,
        "positionIdx": order.position_idx == (hedge_idx if state.hedge else 0),
        "on tick": order.price % rules.tick == 0,
        "on step": order.quantity % rules.step == 0,
        "not too large": order.quantity <= rules.max_quantity,
    }
    for fact, holds in facts.items():
        if not holds:
            yield f"{order.order_id} is not right: {fact}"
