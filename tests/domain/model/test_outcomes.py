"""The retry advice of refusals: one table, from which every room decides."""

import pytest

from trueup.domain.model.outcomes import OutcomeClass, Refused, Retry

_ADVICE = {
    Retry.NOW: {OutcomeClass.ALREADY_GONE, OutcomeClass.NOTHING_CHANGED},
    Retry.LATER: {
        OutcomeClass.TRANSIENT,
        OutcomeClass.RATE_LIMIT,
        OutcomeClass.TIMESTAMP,
        OutcomeClass.MAINTENANCE,
    },
}


@pytest.mark.parametrize("kind", OutcomeClass)
def test_the_advice_of_each_class(kind: OutcomeClass) -> None:
    (advice,) = [retry for retry, kinds in _ADVICE.items() if kind in kinds] or [Retry.NEVER]
    assert Refused(kind, 1, "no").retry is advice
