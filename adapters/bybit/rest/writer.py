"""Writes, as batches in chunks.

Always a batch, even for one order: one path to test, limits of its own (batch endpoints don't
share theirs with the single ones, docs/v5/rate-limit/rate-limit.mdx), and what shrinks and what
grows leave in one request. Batches work on demo accounts too (docs/v5/demo.mdx).
"""

from collections.abc import Sequence

from ....domain.model.outcomes import OutcomeClass, Refused, Retry, Unsure, WriteOutcome
from ..limits.values import Permit
from ..wire import names
from ..wire.endpoints import Endpoint
from ..wire.requests import Item
from .batch_results import verdicts
from .client import BybitClient
from .failures import Failure


def write(
    client: BybitClient,
    endpoint: Endpoint,
    items: Sequence[Item],
    batch_size: int,
    *,
    whole: bool,
) -> tuple[WriteOutcome, ...]:
    """Sends the items in chunks as the limit has room; one outcome an item, in their sequence.

    After a chunk that left an order in doubt, or was stopped by something wider than one order
    (rate limit, key, clock, maintenance, network), the rest is not sent: what shrinks goes first
    (promise P4), and what grows must not follow while it is not known what became of that, or
    where it was refused (promise P3). The rest is refused as transient with code 0 and "not sent":
    nothing was executed, and nobody at the exchange said so.

    Args:
        client: of the account.
        endpoint: where to.
        items: the orders.
        batch_size: the largest chunk.
        whole: whether items of a chunk have to leave together, even if there would be room for
            some of them earlier, for some shrink and others grow for their sake.
    """
    outcomes: list[WriteOutcome] = []
    sent: Permit | None = None
    while len(outcomes) < len(items):
        wanted = min(len(items) - len(outcomes), batch_size)
        permit = client.admit(endpoint, wanted, whole=whole, rest_of=sent)
        if isinstance(permit, Failure):
            outcomes.extend([permit.outcome()] * (len(items) - len(outcomes)))
            break
        sent = permit
        answered = _send(client, permit, items[len(outcomes) : len(outcomes) + permit.units])
        outcomes.extend(answered)
        ends = next((each for each in answered if _ends_the_batch(each, whole=whole)), None)
        if ends is not None:
            outcomes.extend([_not_sent(ends)] * (len(items) - len(outcomes)))
    return tuple(outcomes)


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
    return isinstance(outcome, Unsure)


def _not_sent(cause: WriteOutcome) -> Refused:
    why = cause.reason if isinstance(cause, Unsure) else getattr(cause, "message", "")
    return Refused(OutcomeClass.TRANSIENT, 0, f"not sent: an earlier batch ended with: {why}")
