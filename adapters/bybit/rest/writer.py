"""Writes: orders as batches in chunks, and the stop of a position in a request of its own.

Even a single order leaves as a batch: there is one path to test, batch endpoints have limits of
their own (docs/v5/rate-limit/rate-limit.mdx), and what shrinks and what grows leave in one request.
Batches work on demo accounts too (docs/v5/demo.mdx).
"""

from collections.abc import Sequence

from ....domain.model.commands import CancelOrder
from ....domain.model.outcomes import (
    Accepted,
    Held,
    OutcomeClass,
    Refused,
    Retry,
    Unsure,
    WriteOutcome,
)
from ....domain.model.protection import AmendStop, SetStop, StopCommand
from ....domain.ports import WhyHeld, never_held
from ..limits.values import Permit
from ..wire import names
from ..wire.endpoints import Endpoint
from ..wire.requests import Item, stop_item, stop_parameters
from .batch_results import acknowledged, verdicts
from .client import BybitClient
from .failures import Failure


def write(
    client: BybitClient,
    endpoint: Endpoint,
    items: Sequence[Item],
    batch_size: int,
    *,
    whole: bool,
    why_held: WhyHeld = never_held,
) -> tuple[WriteOutcome, ...]:
    """Sends the items in chunks as the rate limit allows; returns their outcomes, in sequence.

    After a chunk that left an order's fate open, or that failed for a reason wider than one order
    (rate limit, key, clock, maintenance, network), the rest is not sent: orders that shrink leave
    first (promise P4), and those that grow must not follow while nobody knows whether the others
    have shrunk, or where the exchange refused that (promise P3). The rest is refused as transient
    with code 0 and "not sent": nothing of it was executed, and the refusal is not the exchange's.

    Args:
        client: the account's.
        endpoint: the endpoint of the batch.
        items: the orders.
        batch_size: the largest chunk.
        whole: whether the items of a chunk have to leave together, even if some of them could
            leave earlier: where some shrink so that others can grow.
        why_held: asked when a chunk's turn has come. If it gives a reason, that chunk and the rest
            do not leave, and what the rate limit had granted is given back. So it is where a
            lease would end too soon for a chunk that is signed.
    """
    outcomes: list[WriteOutcome] = []
    sent: Permit | None = None
    while len(outcomes) < len(items):
        wanted = min(len(items) - len(outcomes), batch_size)
        permit = client.admit(endpoint, wanted, whole=whole, rest_of=sent)
        if isinstance(permit, Failure):
            outcomes.extend([permit.outcome()] * (len(items) - len(outcomes)))
            break
        reason = why_held()
        if reason:
            client.budget.given_back(permit)
            outcomes.extend([Held(reason)] * (len(items) - len(outcomes)))
            break
        sent = permit
        answered = _send(client, permit, items[len(outcomes) : len(outcomes) + permit.units])
        outcomes.extend(answered)
        ends = next((each for each in answered if _ends_the_batch(each, whole=whole)), None)
        if ends is not None:
            outcomes.extend([_not_sent(ends)] * (len(items) - len(outcomes)))
    return tuple(outcomes)


def set_stop(
    client: BybitClient, command: StopCommand, why_held: WhyHeld = never_held
) -> WriteOutcome:
    """Sends the stop of a position, in a request of its own: batches amend no conditional orders.

    The reply to trading-stop names no order (docs/v5/position/trading-stop.mdx).

    ``why_held`` is asked when its turn has come, as for :func:`write`.
    """
    permit = client.admit(_endpoint(command))
    if isinstance(permit, Failure):
        return permit.outcome()
    reason = why_held()
    if reason:
        client.budget.given_back(permit)
        return Held(reason)
    if isinstance(command, SetStop):
        return _outcome(
            client.send(permit, lambda _reply: Accepted("", ""), **stop_parameters(command))
        )
    item = stop_item(command)
    return _outcome(
        client.send(
            permit, lambda reply: acknowledged(item, reply.result, client.clean), **item.body
        )
    )


def _outcome(answered: WriteOutcome | Failure) -> WriteOutcome:
    return answered.outcome() if isinstance(answered, Failure) else answered


def _endpoint(command: StopCommand) -> Endpoint:
    match command:
        case SetStop():
            return Endpoint.SET_STOP
        case AmendStop():
            return Endpoint.AMEND_STOP
        case CancelOrder():
            return Endpoint.CANCEL_STOP
        case _:
            return Endpoint.PLACE_STOP


def _send(client: BybitClient, permit: Permit, chunk: Sequence[Item]) -> tuple[WriteOutcome, ...]:
    parameters = {names.CATEGORY: names.LINEAR, names.REQUEST: [item.body for item in chunk]}
    answered = client.send(permit, lambda reply: verdicts(chunk, reply, client.clean), **parameters)
    if isinstance(answered, Failure):
        return (answered.outcome(),) * len(chunk)
    return answered


def _ends_the_batch(outcome: WriteOutcome, *, whole: bool) -> bool:
    """Whether what stopped this order would stop or endanger the next chunk too."""
    if isinstance(outcome, Refused):
        wider_than_one_order = outcome.retry is Retry.LATER or outcome.kind is OutcomeClass.AUTH
        unchanged = outcome.kind is OutcomeClass.NOTHING_CHANGED
        return wider_than_one_order or (whole and not unchanged)
    return isinstance(outcome, Unsure | Held)


def _not_sent(cause: WriteOutcome) -> Refused | Held:
    if isinstance(cause, Held):
        return cause
    why = cause.reason if isinstance(cause, Unsure) else getattr(cause, "message", "")
    return Refused(OutcomeClass.TRANSIENT, 0, f"not sent: an earlier batch ended with: {why}")
