"""The lines of an alert, by how an intent ended."""

from dataclasses import replace

import pytest

from tests.storage.samples import intent
from trueup.domain.model.intent import IntentStatus
from trueup.domain.reporting.alert_text import level_results


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (0, "not sent: the clock is off"),
        (None, "not sent: the clock is off"),
        (110017, "110017 not sent: the clock is off"),
    ],
)
def test_only_a_code_that_refuses_is_told(code: int | None, told: str) -> None:
    ended = replace(
        intent("i"), status=IntentStatus.REFUSED, code=code, detail="not sent: the clock is off"
    )
    (result,) = level_results((ended,))
    assert result.reason == told
