"""Which alert on record a sink was given: with its key, and with all that it has to say."""

from collections.abc import Sequence
from dataclasses import replace

from trueup.domain.model.alert import Alert
from trueup.domain.reporting.delivery.wording import whole_text


def as_recorded(alerts: Sequence[Alert], given: Alert) -> Alert:
    """The alert on record that the sink was given; what it was given where there is none."""
    for one in reversed(alerts):
        if (one.run_id, one.key) == (given.run_id, given.key):
            made = replace(one, identity=given.identity, text=whole_text(one))
            if made == given:
                return one
    return given
